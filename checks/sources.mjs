// Habits that a machine can hold: sizes, names, and things that do not belong into a source file.
import { filesOfTree, report, textOf } from "./tree.mjs";

const tooLong = 600; // a file this long holds two things
const longish = 450;

// [what must not be there, why, which files]
const forbidden = [
  [/^\s*#\s*if\s+0\b/m, "code that is switched off: delete it, history keeps it", /\.(h|cpp)$/],
  [/\b(TODO|FIXME|XXX)\b/, "says what is to be done instead of doing it: mend it, or write it into CHANGELOG.md", /\.(h|cpp|ts|tsx|mjs|css)$/],
  [/\busing namespace std;/, "brings all of std into view", /\.(h|cpp)$/],
  [/(?<![\w.:])\/(work|root)\/[\w.-]+/, "names a path of one machine", /./],
  [/[ \t]+$/m, "has spaces at the end of a line", /\.(h|cpp|mjs|ts|tsx|sh|cmake|yaml)$/],
  [/\t/, "has tabs", /\.(h|cpp|mjs|ts|tsx|cmake|yaml|css)$/],
  [/\b[Ii]ssue \d+\b/, "points to a tracker; say the reason itself", /\.(h|cpp|ts|tsx|mjs|md)$/],
];

const complaints = [];
const warnings = [];
const files = filesOfTree(/^(?!.*(package-lock\.json|\/corpus\/|\/golden\/|\/testdata\/)).*\.(h|cpp|ts|tsx|mjs|css|sh|cmake|md|yaml|json|html)$/)
  .concat(filesOfTree(/^(dev|\.ci\/run|deploy\/Dockerfile)$/));
for (const path of files) {
  const text = textOf(path);
  for (const [pattern, why, where] of forbidden) {
    if (!where.test(path) || path === "checks/sources.mjs") continue;
    const found = pattern.exec(text);
    if (found) complaints.push(`${path}:${lineOf(text, found.index)} ${why}: '${found[0].trim()}'`);
  }
  if (/^src\/.*\.(h|cpp)$/.test(path)) {
    const lines = text.split("\n").length;
    if (lines > tooLong) complaints.push(`${path} has ${lines} lines: look for the second concept in it`);
    else if (lines > longish) warnings.push(`${path} has ${lines} lines: look for the second concept in it`);
    if (/\/(utils?|helpers?|common|manager|misc)[^/]*\.(h|cpp)$/i.test(path)) {
      complaints.push(`${path}: what unites its contents is the missing name`);
    }
    if (path.endsWith(".h") && !/^(\/\/[^\n]*\n)+#pragma once\n/.test(text)) {
      complaints.push(`${path} does not begin with what it promises (a comment) and #pragma once`);
    }
  }
}

function lineOf(text, index) {
  return text.slice(0, index).split("\n").length;
}

for (const warning of warnings) console.log(`sources: warning: ${warning}`);
report("sources", complaints, `${files.length} files`);
