// What the bundles contain, as esbuild itself says it: each package's licence as a text beside them, because whoever gets a bundle gets its notices, and as a component a line for the dashboard's list
// of what it is made of (infra/Sbom.targets). A package without a licence's text is not shipped.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const { outputs } = JSON.parse(readFileSync("obj/graph.meta.json", "utf8"));
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

// Inputs that left bytes in some bundle; what was shaken out is not shipped.
const inputs = Object.values(outputs).flatMap(output => Object.entries(output.inputs)).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
const folders = [...new Set(inputs.map(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(folder => folder !== undefined))].sort();
const texts = [], components = [];
for (const folder of folders) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find(entry => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? "" : readFileSync(`${folder}/${file}`, "utf8").trim();
  if (text === "" || typeof license !== "string") {
    console.error(`${name} ${version} is in a bundle and has no ${text === "" ? "licence text" : "licence in its package.json"}: nothing is shipped of which the licence is not known.`);
    process.exitCode = 1;
    continue;
  }
  texts.push(`${name} ${version}: ${license}\n\n${text}\n`);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const integrity = lock[folder]?.integrity ?? "";
  components.push(JSON.stringify({
    type: "library", "bom-ref": purl, name, version, purl,
    ...(integrity.startsWith("sha512-") ? { hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }] } : {}),
    licenses: [/^[A-Za-z0-9.-]+$/.test(license) ? { license: { id: license } } : { expression: license }],
  }));
}
if (process.exitCode !== 1) {
  writeFileSync("wwwroot/graph/LICENCES.txt", texts.join("\n----\n\n"));
  writeFileSync("wwwroot/graph/components.jsonl", components.join("\n") + "\n");
}
