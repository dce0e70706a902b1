// Documents name files, directories and images that exist: each `path/like/this` in backquotes and each relative link. The
// commands of clew that they show take the options shown, and each option of a command is in one of them.
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { filesOfTree, report, root, textOf } from "./tree.mjs";

// What is made by building or running, so that it need not be there.
const made = /^(build|ui\/dist|ui\/node_modules)\b/;
const topLevel = new Set(filesOfTree(/\//).map((path) => path.split("/")[0]));
const tree = filesOfTree(/./);
const directories = new Set(tree.flatMap((path) => path.split("/").slice(0, -1).map((_, i, all) => all.slice(0, i + 1).join("/"))));
const files = new Set(tree);

const complaints = [];
const documents = filesOfTree(/^(?!.*node_modules).*\.md$/);
let named = 0;
for (const document of documents) {
  const text = textOf(document).replaceAll(/^```[\s\S]*?^```/gm, "");
  for (const [, path] of text.matchAll(/`([\w./-]+\/[\w./*{},<>-]*|[\w-]+\.(?:md|h|cpp|mjs|cmake|yaml))`/g)) {
    const first = path.split("/")[0];
    if (!path.includes("/") && !/^[A-Z]+\.md$/.test(path)) continue;
    if (path.includes("/") && !topLevel.has(first) && first !== "build") continue;
    ++named;
    if (made.test(path) || exists(path)) continue;
    complaints.push(`${document} names ${path}, which is not there`);
  }
  for (const [, link] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    ++named;
    const path = normalize(join(dirname(document), link));
    if (!existsSync(join(root, path))) complaints.push(`${document} links to ${link}, which is not there`);
  }
}

// Options as src/app declares them; those of settings are in docs/configuration.md, which a test compares with the program.
const declared = new Set(["--help", "--version"]);
for (const source of filesOfTree(/^src\/app\/(?!.*_test).*\.cpp$/)) {
  for (const [, names] of textOf(source).matchAll(/add_(?:option|flag)\(\s*"(-[^"]*)"/g)) for (const name of names.split(",")) declared.add(name);
}
for (const [, name] of textOf("src/protocols/xray/daemon_settings.cpp").matchAll(/Flag\{"[a-z]?", "([a-z-]+)"/g)) declared.add(`--${name}`);
for (const [, name] of textOf("docs/configuration.md").matchAll(/^\| `(--[a-z-]+)/gm)) declared.add(name);

const shown = new Set();
for (const document of documents.filter((path) => path !== "CHANGELOG.md")) {
  const text = textOf(document).replaceAll(/\\\n\s*/g, " ");
  for (const [, name] of text.matchAll(/(?<![\w-])(--[a-z][a-z-]+)/g)) shown.add(name);
  const commands = [...text.matchAll(/`(clew [^`\n]+)`/g), ...text.matchAll(/^[ $]*(?:[A-Z_]+=\S+ )*(?:\S*\/)?(clew (?:[a-z]+ |--).*)$/gm)];
  for (const [, command] of commands) {
    for (const [, name] of command.split(/ [|&#] ?| -- /)[0].matchAll(/ (--[a-z][a-z-]+)/g)) {
      if (!declared.has(name)) complaints.push(`${document} shows "${command}", but clew has no ${name}`);
    }
  }
}
for (const name of declared) {
  if (!shown.has(name)) complaints.push(`clew has ${name}, which no document names`);
}

// A path may carry * and <name> for what varies, and {a,b} for several.
function exists(path) {
  const plain = path.replace(/\/$/, "");
  if (files.has(plain) || directories.has(plain)) return true;
  const alternatives = /\{([^}]*)\}/.exec(plain);
  if (alternatives) return alternatives[1].split(",").every((one) => exists(plain.replace(alternatives[0], one)));
  if (!/[*<]/.test(plain)) return false;
  const source = plain.replaceAll(/[.+]/g, "\\$&").replaceAll(/\*|<[^>]*>/g, "[^/]+");
  const pattern = new RegExp(`^${source}$`);
  return tree.some((file) => pattern.test(file)) || [...directories].some((directory) => pattern.test(directory));
}

report("documents", complaints, `${documents.length} documents name ${named} paths that exist`);
