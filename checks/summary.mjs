// summary.mjs <ctest's junit file> <results directory>…: adds up the test cases of all suites.
//
// ctest counts programs; each program leaves its own count in a results directory: GoogleTest <name>.xml, node's test
// runner <name>.tap. One that left nothing counts as one case: a check, or a program that died before it could report.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [junit, ...directories] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

for (const [, attributes] of readFileSync(junit, "utf8").matchAll(/<testcase ([^>]*)>/g)) {
  const name = /name="([^"]*)"/.exec(attributes)[1];
  const status = /status="([^"]*)"/.exec(attributes)[1]; // run, fail, notrun, disabled
  const counted = countOf(name) ?? { passed: 0, failed: 0, skipped: 0 };
  if (status === "run" && counted.passed + counted.failed + counted.skipped === 0) counted.passed = 1;
  if (status !== "run" && counted.failed === 0) counted.failed = 1;
  if (counted.failed > 0) failures.push(`${name}: ${counted.failed} failed`);
  for (const key of Object.keys(total)) total[key] += counted[key];
}

function countOf(name) {
  for (const directory of directories) {
    const xml = join(directory, `${name}.xml`);
    if (existsSync(xml)) return countOfGoogleTest(readFileSync(xml, "utf8"));
    const tap = join(directory, `${name}.tap`);
    if (existsSync(tap)) return countOfTap(readFileSync(tap, "utf8"));
  }
  return undefined;
}

function countOfGoogleTest(text) {
  const cases = [...text.matchAll(/<testcase [^>]*\bstatus="(\w+)" result="(\w+)"/g)];
  const skipped = cases.filter(([, status, result]) => status === "notrun" || result === "skipped").length;
  const suites = /<testsuites [^>]*>/.exec(text)?.[0] ?? "";
  const number = (key) => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(suites)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return { passed: cases.length - skipped - failed, failed, skipped };
}

function countOfTap(text) {
  const number = (key) => Number(new RegExp(`^# ${key} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  return {
    passed: number("pass"),
    failed: number("fail") + number("cancelled"),
    skipped: number("skipped") + number("todo"),
  };
}

for (const failure of failures) console.log(failure);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
