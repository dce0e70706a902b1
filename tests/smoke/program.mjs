// Runs the program itself: its commands, and servers with a data directory of their own.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = resolve(root, process.env.CLEW_BINARY ?? 'build/release/clew');

function begin(args, options) {
  const child = spawn(binary, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
  const run = {child, out: '', err: ''};
  child.stdout.on('data', (text) => run.out += text);
  child.stderr.on('data', (text) => run.err += text);
  run.ended = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal)));
  return run;
}

// A command from start to end: {code, out, err}.
export async function clew(...args) {
  const run = begin(args);
  const code = await run.ended;
  return {code, out: run.out, err: run.err};
}

// A server that has printed its greeting; `url` is its first door.
export async function serve(...args) {
  const run = begin(['serve', ...args]);
  const greeted = new Promise((done) => run.child.stdout.on('data', () => run.out.includes('Ctrl-C stops') && done(true)));
  if (await Promise.race([greeted, run.ended]) !== true) throw new Error(`clew did not start:\n${run.err}`);
  run.url = /Look here\s+(\S+)/.exec(run.out)[1];
  run.stop = (signal = 'SIGTERM') => {
    run.child.kill(signal);
    return run.ended;
  };
  return run;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// What `holds` returns once that is true. Slow machines have time.
export async function until(what, holds) {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    const found = await holds();
    if (found) return found;
  }
  throw new Error(`did not happen in time: ${what}`);
}

export function temporaryDirectory(test) {
  const directory = mkdtempSync(join(tmpdir(), 'clew-smoke-'));
  test.after(() => rmSync(directory, {recursive: true, force: true}));
  return directory;
}
