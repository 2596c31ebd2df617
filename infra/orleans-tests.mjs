// Counts the tests of the Orleans host from their sources, for a machine where they can not be built, and prints that one number. A fact is one test,
// a theory one for each InlineData, or one if its data is computed. A class has the tests of its base too; an abstract one has none of its own.
// Tests that a list names (infra/quick-cluster-tests: a class or a class and its test on each line) do not count.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, filter = "", list] = process.argv.slice(2);
const named = new Set(list ? readFileSync(list, "utf8").split("\n").filter((line) => line && !line.startsWith("#")) : []);
const classes = new Map();

for (const file of readdirSync(folder, { recursive: true })) {
  if (!file.endsWith(".cs") || /(^|\/)(bin|obj|Bench)\//.test(file)) continue;
  let space = "";
  const uses = [];
  let here;
  let [fact, theory, rows] = [false, false, 0];
  for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
    uses.push(...(/^using ([\w.]+);/.exec(line)?.slice(1) ?? []));
    space = /^namespace ([\w.]+)/.exec(line)?.[1] ?? space;
    const declared = /^\s*(?:(?:public|internal|private|sealed|abstract|static|partial) )+class (\w+)[^:]*(?:: (\w+))?/.exec(line);
    if (declared) {
      const [, name, base] = declared;
      here = classes.get(`${space}.${name}`) ?? { name: `${space}.${name}`, uses: [space, ...uses], orleans: file.startsWith("Orleans/"), abstract: /\babstract class\b/.test(line), base, tests: [] };
      classes.set(here.name, here);
    }
    if (/^\s*\[/.test(line) && !line.includes("Explicit = true")) {
      fact ||= /\bFact\b/.test(line);
      theory ||= /\bTheory\b/.test(line);
      rows += line.match(/\bInlineData\(/g)?.length ?? 0;
    }
    const method = /^\s*public [^=(]*?(\w+)\(/.exec(line);
    if (!method) continue;
    if (here && (fact || theory)) here.tests.push({ name: method[1], cases: fact ? 1 : Math.max(rows, 1) });
    [fact, theory, rows] = [false, false, 0];
  }
}

// Two classes may have one name; a file says which it means.
const baseOf = (type) => type.uses.map((space) => classes.get(`${space}.${type.base}`)).find((one) => one);
// What a class says of a test its base has too is what counts.
const testsOf = (type) => {
  if (!type) return [];
  const own = new Set(type.tests.map((test) => test.name));
  return [...type.tests, ...testsOf(baseOf(type)).filter((test) => !own.has(test.name))];
};
let count = 0;
for (const type of [...classes.values()].filter((one) => one.orleans && !one.abstract))
  for (const test of testsOf(type)) {
    const simple = type.name.slice(type.name.lastIndexOf(".") + 1);
    if (`${type.name}.${test.name}`.toLowerCase().includes(filter.toLowerCase()) && !named.has(simple) && !named.has(`${simple}.${test.name}`)) count += test.cases;
  }
console.log(count);
