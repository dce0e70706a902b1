// Builds the page into dist/: index.html, and scripts, styles and the icon under names that carry a hash of what they
// hold, so that browsers may keep them for ever. `--watch` builds again at every change.
import { build, context } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({ ...common, ...options, entryPoints: [join(root, entry)] });
  return outputFiles[0].contents;
}

async function buildPage() {
  const worker = named("worker", "js", await bundle("src/trace/worker.ts"));
  const script = named("app", "js", await bundle("src/main.tsx", { define: { CLEW_WORKER_URL: JSON.stringify(`/${worker.file}`) } }));
  const style = named("app", "css", await bundle("src/style/app.css"));
  const favicon = named("favicon", "svg", readFileSync(join(root, "favicon.svg")));
  const html = readFileSync(join(root, "index.html"), "utf8")
    .replace("{{script}}", script.file)
    .replace("{{style}}", style.file)
    .replace("{{favicon}}", favicon.file);
  const page = { file: "index.html", bytes: Buffer.from(html) };

  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  for (const { file, bytes } of [page, script, style, worker, favicon]) writeFileSync(join(output, file), bytes);
  const firstLoad = [page, script, style].reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
  console.log(`ui/dist: first load ${(firstLoad / 1024).toFixed(1)} KiB compressed, worker ${(gzipSync(worker.bytes).length / 1024).toFixed(1)} KiB`);
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
