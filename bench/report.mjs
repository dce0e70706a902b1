// Turns results into the tables of docs/performance.md, between the two markers; the rest of the page is by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { thousands } from "./parts/table.mjs";

const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

// Writes the page; answers with the tables as text.
export function writeReport(path, result, parts) {
  const text = [
    `Measured ${result.date} at ${result.commit}: ${result.machine.cores} cores (${result.machine.processor}), ` +
      `${thousands(result.machine.memoryBytes / 2 ** 30)} GiB${result.quick ? "; **a quick run, not comparable**" : ""}.`,
    ...parts.filter((part) => part.report && result[part.name]).map((part) => part.report(result[part.name], result)),
  ].join("\n\n");
  const page = readFileSync(path, "utf8");
  const from = page.indexOf(begin) + begin.length, to = page.indexOf(end);
  if (from < begin.length || to < 0) throw new Error(`${path} has lost its markers`);
  writeFileSync(path, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
  return text;
}
