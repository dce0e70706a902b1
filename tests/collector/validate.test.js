// `clew collect validate` on configurations as they are met in the wild: what is said about each is kept beside it.
// CLEW_GOLDEN=write writes it anew.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {test} from 'node:test';
import {binary} from './collector.js';

const here = dirname(fileURLToPath(import.meta.url));
// Nothing of the surroundings may change what is said.
const environment = {PATH: process.env.PATH, HONEYCOMB_API_KEY: 'key', API_TOKEN: 'token', BACKEND: 'localhost:4317', NEW_RELIC_KEY: '', DEPLOY_ENV: 'production', TLS_SETTINGS: '{insecure: true}'};

const run = (...args) => spawnSync(binary, ['collect', ...args], {cwd: here, env: environment, encoding: 'utf8'});
const files = ['good', 'bad'].flatMap((kind) =>
  readdirSync(join(here, 'testdata', kind)).filter((name) => name.endsWith('.yaml')).map((name) => ({kind, path: `testdata/${kind}/${name}`})));

test('there are thirty of them', () => assert.ok(files.length >= 30, `${files.length}`));

for (const {kind, path} of files) {
  test(path, () => {
    const {status, stdout, stderr} = run('validate', `--config=${path}`);
    assert.equal(status, kind === 'good' ? 0 : 2, stderr);
    const golden = join(here, path.replace(/\.yaml$/, '.txt'));
    if (process.env.CLEW_GOLDEN === 'write') writeFileSync(golden, stdout + stderr);
    assert.equal(stdout + stderr, readFileSync(golden, 'utf8'));
  });
}

test('several files and --set are joined', () => {
  const {status, stdout, stderr} = run('print-config', '--secrets', '--config=testdata/good/to_honeycomb.yaml',
    '--config=yaml:processors::batch::timeout: 2s', '--set', 'exporters.otlp/honeycomb.headers.x-honeycomb-team=other',
    '--set=service.pipelines.traces.processors=[]');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /send_batch_size: 1000\n {4}timeout: 2s/);
  assert.match(stdout, /x-honeycomb-team: other/);
  assert.match(stdout, /processors: \[\]/);
});

test('secrets are not printed unless they are asked for', () => {
  const config = '--config=testdata/good/durable_queue.yaml';
  assert.doesNotMatch(run('print-config', config).stdout, /Bearer token/);
  assert.match(run('print-config', config).stdout, /authorization: "\[REDACTED\]"/);
  assert.match(run('print-config', '--secrets', config).stdout, /authorization: Bearer token/);
});

test('a file that is not there', () => {
  const {status, stderr} = run('validate', '--config=nowhere.yaml');
  assert.equal(status, 2);
  assert.match(stderr, /nowhere\.yaml/);
});

test('what is printed can be read again and means the same', () => {
  for (const {path} of files.filter(({kind}) => kind === 'good')) {
    const printed = run('print-config', `--config=${path}`).stdout;
    const {status, stderr} = run('validate', `--config=yaml:${printed}`);
    assert.equal(status, 0, `${path}: ${stderr}\n${printed}`);
  }
});
