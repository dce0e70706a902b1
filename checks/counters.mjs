// Every counter has a metric name of its own in the Prometheus manner and a sentence of help, every refusal and loss
// also says what to do about it, and every counter is counted somewhere.
import { filesOfTree, report, textOf } from "./tree.mjs";

const table = textOf("src/base/counters.h").replaceAll(/\\\s*\n\s*/g, " ");
const rows = [...table.matchAll(/\bX\((\w+),\s*"([^"]*)",\s*(\w+),\s*((?:"[^"]*"\s*)+),\s*((?:"[^"]*"\s*)+)\)/g)];
const sources = filesOfTree(/^src\/.*\.(h|cpp)$/)
  .filter((path) => path !== "src/base/counters.h")
  .map(textOf)
  .join("\n");

const complaints = [];
const names = new Set();
for (const [, identifier, name, severity, help, advice] of rows) {
  const isEmpty = (text) => text.replaceAll('"', "").trim() === "";
  if (!/^clew_[a-z0-9_]+_total$/.test(name)) complaints.push(`${identifier}: '${name}' is not clew_…_total`);
  if (names.has(name)) complaints.push(`${identifier}: '${name}' is there twice`);
  names.add(name);
  if (isEmpty(help)) complaints.push(`${identifier} has no help`);
  if ((severity === "lost" || severity === "refused") && isEmpty(advice)) {
    complaints.push(`${identifier} means that something was ${severity}, and does not say what to do about it`);
  }
  if (!new RegExp(`\\bCounter::${identifier}\\b`).test(sources)) complaints.push(`${identifier} is never counted`);
}
if (rows.length < 10) complaints.push("the table was not understood");
report("counters", complaints, `${rows.length} counters`);
