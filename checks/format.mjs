// C++ is formatted by clang-format, and nobody discusses it. --fix formats.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOfTree, report, root } from "./tree.mjs";

// Tables whose rows read better by hand.
const byHand = new Set(["src/base/counters.h", "src/telemetry/otlp_fields.h"]);

const files = filesOfTree(/^(src|tests|bench)\/.*\.(h|cpp)$/).filter((path) => !byHand.has(path));
const run = (...options) =>
  execFileSync("clang-format", options, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });

if (process.argv.includes("--fix")) {
  run("-i", ...files);
  report("format", [], `formatted ${files.length} files`);
}
const complaints = files.filter((path) => run(path) !== readFileSync(join(root, path), "utf8"));
report("format", complaints.map((path) => `${path} is not formatted; ./dev lint --fix does it`), `${files.length} files`);
