// Writes the licences of what graph.js contains beside it: whoever gets the bundle gets its notices.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const bundled = ["sigma", "graphology", "graphology-utils", "events"];
const texts = bundled.map(name => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  const file = readdirSync(`node_modules/${name}`).find(entry => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(`node_modules/${name}/${file}`, "utf8");
  return `${name} ${version}: ${license}\n\n${text}`;
});
writeFileSync("wwwroot/graph/LICENCES.txt", texts.join("\n----\n\n"));
