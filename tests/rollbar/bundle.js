// Minified scripts with their source maps, made as a release makes them.
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** `extra` changes the script, and with it the names the minifier gives. Packages of a server stay outside: NODE_PATH. */
export async function bundle(entry, {platform, extra}) {
  const directory = mkdtempSync(join(tmpdir(), 'clew-bundle-'));
  const outfile = join(directory, 'dist', entry.replace('.ts', platform === 'node' ? '.cjs' : '.min.js'));
  await build({
    entryPoints: [join(here, 'shop', entry)], outfile, platform, bundle: true, minify: true, sourcemap: 'external', sourcesContent: true,
    format: platform === 'node' ? 'cjs' : 'iife', target: 'es2022', logLevel: 'error', define: {extra: JSON.stringify(extra)},
    ...(platform === 'node' && {packages: 'external'}),
  });
  return {file: outfile, script: readFileSync(outfile), map: readFileSync(`${outfile}.map`), remove: () => rmSync(directory, {recursive: true, force: true})};
}

/** Runs a bundled server to its end and gives what it printed. */
export const runBundle = (file, ...parameters) => new Promise((done, fail) => {
  const packages = [join(here, 'node_modules'), join(here, '../clients/node_modules')].join(delimiter);
  execFile(process.execPath, [file, ...parameters], {env: {...process.env, NODE_PATH: packages}}, (error, output, complaint) => error ? fail(new Error(`${error}\n${complaint}`)) : done(output.trim()));
});
