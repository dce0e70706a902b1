// A newcomer: opens the empty page of a clew of its own, copies what the page says to paste, and runs it as it stands.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

import {becomes} from '../browser/browser.mjs';
import {Clew} from '../clients/clew.js';

const tests = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const patienceMs = 60_000;

// With doors of the vendors too, wherever there is room.
export const startClew = ({flags = [], ...options} = {}) =>
  Clew.start({...options, flags: [...['xray', 'zipkin', 'jaeger'].flatMap((vendor) => [`--${vendor}-listen`, '127.0.0.1:0']), ...flags]});

// The page with its empty state; `key` is presented by it. `address`: where it is when not at clew's first door.
export async function openPage(browser, clew, {key, address = clew.http, ...more} = {}) {
  const prepare = (page) => key && page.addInitScript((value) => sessionStorage.setItem('clew.key', value), key);
  const page = await browser.open(`${address}/`, {prepare, ...more});
  await page.getByRole('heading', {name: 'Send your first trace'}).waitFor();
  return page;
}

// What the page says to paste.
export async function recipe(page, name) {
  await page.getByRole('tab', {name, exact: true}).click();
  await page.getByRole('tab', {name, exact: true, selected: true}).waitFor();
  const lines = await page.locator('.recipe pre').innerText();
  assert.match(lines, /127\.0\.0\.1:\d+/, name);
  return lines;
}

// A directory of a project whose packages are installed already: those of the suite of that name.
export class Project {
  constructor(suite, files = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'clew-newcomer-'));
    symlinkSync(join(tests, suite, 'node_modules'), join(this.directory, 'node_modules'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.directory, name), text);
  }

  // Runs lines in a shell of their own, which stops at the first that fails. `npm install` only looks whether the
  // packages are there.
  run(lines, environment = {}) {
    const installed = 'npm() { shift; for one in "$@"; do test -d "node_modules/$one" || { echo "not installed: $one" >&2; return 1; }; done; }';
    const child = spawn('/bin/bash', ['-e', '-c', `${installed}\n${lines}`], {
      cwd: this.directory, stdio: ['ignore', 'pipe', 'pipe'],
      env: {HOME: this.directory, PATH: `/usr/bin:/bin:${dirname(process.execPath)}`, LANG: 'C.UTF-8', ...environment},
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => output += text);
    const tooLong = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    return new Promise((done, fail) => child.once('close', (code, signal) => {
      clearTimeout(tooLong);
      if (code === 0) done(output);
      else fail(new Error(`ended with ${signal ?? code}:\n${lines}\n${output}`));
    }));
  }

  // The same with code in place of a command after the lines.
  runNode(lines, code, environment) {
    writeFileSync(join(this.directory, 'code.cjs'), code);
    return this.run(`${lines}\nnode code.cjs`, environment);
  }

  runModule(code, environment) {
    writeFileSync(join(this.directory, 'code.mjs'), code);
    return this.run('node code.mjs', environment);
  }

  remove() { rmSync(this.directory, {recursive: true, force: true}); }
}

// The page tells of the sender, with as many items: in words of its watch on the doors.
export const pageTells = (page, sender) => page.locator('.seen').filter({hasText: sender}).first().waitFor();

// The page has turned to the first trace by itself.
export async function pageTurns(page, title) {
  await page.waitForURL('**/t/**');
  await page.getByRole('heading', {name: title}).waitFor();
  assert.deepEqual(page.misdeeds, []);
}

// What was refused or could be mended, once it is there.
export const refusalLike = (clew, wanted, options) => becomes(async () => {
  const {refusals} = await clew.ask('/arrivals', options);
  return refusals.find((one) => Object.entries(wanted).every(([name, value]) => value instanceof RegExp ? value.test(one[name]) : one[name] === value))
    ?? {missing: refusals};
}, (found) => !found.missing);
