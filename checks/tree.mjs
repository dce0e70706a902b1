// What all checks share: the list of files under version control (or about to be), and how a complaint looks.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Paths relative to the root, of files that git knows or would add.
export function filesOfTree(pattern) {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const deleted = new Set(
    execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: root, encoding: "utf8" }).split("\0"),
  );
  return listed.split("\0").filter((path) => path !== "" && !deleted.has(path) && pattern.test(path)).sort();
}

export const textOf = (path) => readFileSync(join(root, path), "utf8");

// Prints the complaints, or one line that says what was looked at, and ends the process accordingly.
export function report(name, complaints, looked) {
  for (const complaint of complaints) console.error(`${name}: ${complaint}`);
  if (complaints.length === 0) console.log(`${name}: ${looked}`);
  process.exit(complaints.length === 0 ? 0 : 1);
}
