// Builds the page into dist/: index.html, and scripts, styles and the icon under names that carry a hash of what they
// hold, so that browsers may keep them for ever. `--watch` builds again at every change.
import { build, context } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL(".", import.meta.url));
const output = join(root, "dist");
/** What a browser fetches before the first view is there, compressed. */
const firstLoadLimit = 150_000;

const common = {
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

function named(kind, ending, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  return { file: `${kind}-${hash}.${ending}`, bytes };
}

async function bundle(entry) {
  const { outputFiles } = await build({ ...common, entryPoints: [join(root, entry)] });
  return outputFiles[0].contents;
}

/** The page's script in parts: what the first view needs, of which the entry is the first, and what is fetched when it is gone to. */
async function scripts(define) {
  const { outputFiles, metafile } = await build({
    ...common,
    define,
    entryPoints: [{ in: join(root, "src/main.tsx"), out: "app" }],
    outdir: output,
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    metafile: true,
    absWorkingDir: root,
  });
  const parts = new Map(outputFiles.map(({ path, contents }) => [relative(root, path), { file: basename(path), bytes: contents }]));
  const first = new Set([Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === "src/main.tsx")[0]]);
  for (const path of first) for (const { path: other, kind } of metafile.outputs[path].imports) if (kind === "import-statement") first.add(other);
  return { first: [...first].map((path) => parts.get(path)), later: [...parts].filter(([path]) => !first.has(path)).map(([, part]) => part) };
}

const gzipped = (files) => files.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

async function buildPage() {
  const worker = named("worker", "js", await bundle("src/trace/worker.ts"));
  const { first, later } = await scripts({ CLEW_WORKER_URL: JSON.stringify(`/${worker.file}`) });
  const style = named("app", "css", await bundle("src/style/app.css"));
  const favicon = named("favicon", "svg", readFileSync(join(root, "favicon.svg")));
  const [entry, ...others] = first;
  const html = readFileSync(join(root, "index.html"), "utf8")
    .replace("{{script}}", entry.file)
    .replace("    {{parts}}\n", others.map(({ file }) => `    <link rel="modulepreload" href="/${file}" />\n`).join(""))
    .replace("{{style}}", style.file)
    .replace("{{favicon}}", favicon.file);
  const page = { file: "index.html", bytes: Buffer.from(html) };

  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  for (const { file, bytes } of [page, ...first, ...later, style, worker, favicon]) writeFileSync(join(output, file), bytes);
  const firstLoad = gzipped([page, ...first, style]);
  console.log(`ui/dist: first load ${kilobytes(firstLoad)} compressed, later ${kilobytes(gzipped(later))}, worker ${kilobytes(gzipped([worker]))}`);
  if (firstLoad > firstLoadLimit) throw new Error(`The first load is over its limit of ${firstLoadLimit / 1000} kB`);
}

if (process.argv.includes("--watch")) {
  // esbuild's own watcher says when something changed; the names with hashes are then made anew.
  const watcher = await context({
    ...common,
    entryPoints: [join(root, "src/main.tsx"), join(root, "src/trace/worker.ts"), join(root, "src/style/app.css")],
    outdir: output,
    plugins: [{ name: "rebuild", setup: (watched) => watched.onEnd(() => buildPage().catch(console.error)) }],
  });
  await watcher.watch();
} else {
  await buildPage();
}
