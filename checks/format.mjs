// C++ is formatted by clang-format, and nobody discusses it. --fix formats.
import { execFileSync, spawnSync } from "node:child_process";
import { filesOfTree, report, root } from "./tree.mjs";

// Tables whose rows read better by hand.
const byHand = new Set(["src/base/counters.h", "src/telemetry/otlp_fields.h"]);

const files = filesOfTree(/^(src|tests|bench)\/.*\.(h|cpp)$/).filter((path) => !byHand.has(path));

if (process.argv.includes("--fix")) {
  execFileSync("clang-format", ["-i", ...files], { cwd: root });
  report("format", [], `formatted ${files.length} files`);
}
const { error, stderr } = spawnSync("clang-format", ["--dry-run", ...files], { cwd: root, encoding: "utf8", maxBuffer: 256 << 20 });
if (error) throw error;
const unformatted = new Set([...stderr.matchAll(/^(\S+?):\d+:\d+: (?:warning|error):/gm)].map(([, path]) => path));
report(
  "format",
  [...unformatted].map((path) => `${path} is not formatted; ./dev lint --fix does it`),
  `${files.length} files`,
);
