// Reads what one run of the tests left behind (CTRF, https://ctrf.io) and prints it for people; the last line is the count.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Beside the folder: how the tests ended, how long they might take, and how many more were left out before they were built, and why.
const [folder, code, limit, leftOut = "0", why = ""] = process.argv.slice(2);
const output = readFileSync(join(folder, "output.txt"), "utf8");
const file = join(folder, "results.json");

if (!existsSync(file)) {
  console.log(output.split("\n").slice(-60).join("\n"));
  console.log(code === "124" ? `The tests were ended after ${limit}.` : `The tests ended with ${code} before there were results.`);
  console.log(`0 passed, 1 failed, ${leftOut} skipped`);
  process.exit(1);
}

// The runner escapes quotes twice; a browser's view of a page can be thousands of lines.
const most = 40;
const readable = (text) => {
  const lines = text.trimEnd().replaceAll('\\"', '"').split("\n");
  return [...lines.slice(0, most), ...(lines.length > most ? [`... and ${lines.length - most} more lines`] : [])].map((line) => `    ${line}`).join("\n");
};

const tests = JSON.parse(readFileSync(file, "utf8")).results.tests;
const of = (...states) => tests.filter((test) => states.includes(test.status));
const passed = of("passed");
const skipped = of("skipped", "pending");
const failed = tests.filter((test) => !passed.includes(test) && !skipped.includes(test));

for (const test of failed) {
  console.log(`FAILED ${test.name}`);
  for (const text of [test.message, test.trace]) if (text) console.log(readable(text));
  console.log();
}

const reasons = new Map();
for (const test of skipped) {
  const reason = (test.extra?.reason ?? test.message ?? "run by another test as a process of its own, to be killed there").trim();
  reasons.set(reason, [...(reasons.get(reason) ?? []), test.name]);
}
for (const [reason, names] of reasons) console.log(`skipped ${names.length}: ${reason}\n    ${names.slice(0, 5).join("\n    ")}${names.length > 5 ? `\n    and ${names.length - 5} more` : ""}`);

if (why) console.log(why);

// A run that draws its incidents by chance says how to have the same ones again.
for (const line of output.split("\n").filter((line) => line.startsWith("Chaos: "))) console.log(line);

const slowest = [...tests].sort((one, other) => other.duration - one.duration).slice(0, 5).filter((test) => test.duration >= 10_000);
if (slowest.length > 0) console.log(`Slowest:\n${slowest.map((test) => `    ${Math.round(test.duration / 1000)} s ${test.name}`).join("\n")}`);

// Once more, and together: what is above may be long.
if (failed.length > 0) console.log(`Failed:\n${failed.map((test) => `    ${test.name}`).join("\n")}`);

// The process may fail without a failed test, when it crashed or a clean-up failed: that is a failure too.
const broken = failed.length === 0 && code !== "0";
if (broken) console.log(`${output.split("\n").slice(-60).join("\n")}\nThe tests ended with ${code} although no test failed.`);
if (passed.length === 0) console.log("No test passed; a filter that matches nothing is a mistake.");
console.log(`${passed.length} passed, ${failed.length + (broken ? 1 : 0)} failed, ${skipped.length + Number(leftOut)} skipped`);
process.exit(failed.length === 0 && !broken && passed.length > 0 ? 0 : 1);
