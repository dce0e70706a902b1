// What the runtimes of this machine print when a program dies: sent as lines of severity ERROR, each mistake is one error,
// wherever the program lies and however its lines have moved.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';

let clew, directory;
before(async () => {
  clew = await Clew.start();
  directory = mkdtempSync(join(tmpdir(), 'clew-runtimes-'));
});
after(async () => {
  await clew?.stop();
  rmSync(directory, {recursive: true, force: true});
});

// Programs that die in pay() of one of two mistakes, with the error that was before it as cause.
const runtimes = {
  python: {
    command: '/usr/bin/python3', file: 'till.py', own: ['pay', 'main'], types: ['ValueError', 'RuntimeError'], cause: 'ZeroDivisionError',
    program: (mistake) => `def divide(by):
    return 1 / by

def pay(by):
    try:
        divide(by)
    except ZeroDivisionError as error:
        raise ${mistake}(f"no result for {id(error)}") from error

def main():
    pay(0)

main()
`,
  },
  javascript: {
    command: process.execPath, file: 'till.cjs', own: ['pay', 'main'], types: ['TypeError', 'RangeError'], cause: 'Error',
    program: (mistake) => `function divide(by) { if (by === 0) throw new Error('divided by nothing'); }
function pay(by) {
  try { divide(by); } catch (cause) { throw new ${mistake}(\`no result for \${process.pid}\`, {cause}); }
}
function main() { pay(0); }
main();
`,
  },
  ruby: {
    command: '/usr/bin/ruby', file: 'till.rb', own: ['pay', 'main'], types: ['ArgumentError', 'KeyError'], cause: 'ZeroDivisionError',
    program: (mistake) => `def divide(by)
  1 / by
end
def pay(by)
  divide(by)
rescue ZeroDivisionError
  raise ${mistake}, "no result for #{Process.pid}"
end
def main
  pay(0)
end
main
`,
  },
};

/** What it says on its end. */
function lastWords({command, file, program}, mistake, place, linesAbove) {
  const path = join(directory, place, 'shop', file);
  mkdirSync(join(directory, place, 'shop'), {recursive: true});
  const comment = file.endsWith('.cjs') ? '//' : '#';
  writeFileSync(path, `${comment}\n`.repeat(linesAbove) + program(mistake));
  const {status, stderr, error} = spawnSync(command, [path], {encoding: 'utf8'});
  assert.equal(error, undefined);
  assert.notEqual(status, 0);
  return stderr;
}

for (const [language, runtime] of Object.entries(runtimes)) {
  test(`${language}: two mistakes in two places are two errors`, async () => {
    const attributes = [{key: 'service.name', value: {stringValue: language}}];
    const logRecords = runtime.types.flatMap((mistake) => ['one', 'releases/20260301120000'].map((place, above) => (
      {timeUnixNano: `${BigInt(Date.now()) * 1000000n}`, severityNumber: 17, body: {stringValue: lastWords(runtime, mistake, place, above * 7)}})));
    const response = await fetch(`${clew.http}/v1/logs`, {method: 'POST', headers: {'content-type': 'application/json'},
      body: JSON.stringify({resourceLogs: [{resource: {attributes}, scopeLogs: [{logRecords}]}]})});
    assert.equal(response.status, 200);
    const {errors} = await clew.ask(`/errors?service=${language}`);
    const texts = logRecords.map(({body}) => body.stringValue).join('\n');
    assert.deepEqual(errors.map(({type, occurrences}) => [type, occurrences]).sort(), runtime.types.map((type) => [type, 2]).sort(), texts);
    for (const {id} of errors) {
      const {latest, language: told, culprit} = await clew.ask(`/errors/${id}`);
      assert.equal(told, language, texts);
      assert.match(culprit, /till\.\w+ in .*pay$/, texts);
      const methods = latest.frames.filter(({in_app: isOwn}) => isOwn).map(({method}) => method);
      for (const method of runtime.own) assert.ok(methods.some((one) => one.endsWith(method)), `${method} of ${methods}`);
      assert.deepEqual(latest.causes, [runtime.cause], texts);
      assert.match(latest.message, /^no result for \d+$/, texts);
    }
  });
}
