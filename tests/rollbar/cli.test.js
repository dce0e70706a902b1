// Rollbar's command line. Its address is written into it, so clew is given to it as its proxy.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {Clew} from '../clients/clew.js';
import {eventually} from '../notifications/receivers.js';
import {bundle, runBundle} from './bundle.js';

const token = 'aaaabbbbccccddddaaaabbbbccccdddd';
const program = fileURLToPath(new URL('node_modules/rollbar-cli/bin/rollbar', import.meta.url));
let clew;
before(async () => clew = await Clew.start({keys: {[token]: 'default'}}));
after(() => clew?.stop());

const rollbarCli = (...parameters) => new Promise((done, fail) => {
  const env = {...process.env, https_proxy: clew.http, http_proxy: clew.http, HTTPS_PROXY: clew.http, HTTP_PROXY: clew.http, no_proxy: '', NO_PROXY: ''};
  execFile(process.execPath, [program, ...parameters], {env}, (error, output, complaint) => error ? fail(new Error(`${error}\n${output}${complaint}`)) : done(output + complaint));
});
const api = async (path) => (await (await fetch(`${clew.http}/api/1${path}`, {headers: {'x-rollbar-access-token': token}})).json()).result;

test('notify-deploy: begun, and ended', async () => {
  const deploy = (...more) => rollbarCli('notify-deploy', '--access-token', token, '--environment', 'production', '--code-version', '4.0.0', '--local-username', 'ada', ...more);
  await deploy('--status', 'started');
  const {deploys: [started]} = await api('/deploys');
  assert.deepEqual([started.revision, started.status, started.local_username], ['4.0.0', 'started', 'ada']);
  await deploy('--status', 'succeeded', '--deploy-id', String(started.id));
  assert.equal((await api(`/deploy/${started.id}`)).status, 'succeeded');
});

// A build as bundlers leave it: scripts that name their map in the last line.
async function build(extra) {
  const {file, script, map, remove} = await bundle('server.ts', {platform: 'node', extra});
  const directory = join(dirname(dirname(file)), 'build');
  mkdirSync(directory);
  writeFileSync(join(directory, 'server.js'), `${script}\n//# sourceMappingURL=server.js.map\n`);
  writeFileSync(join(directory, 'server.js.map'), map);
  return {directory, remove};
}

for (const [way, version, more] of [['each map by itself', '4.0.0', []], ['all maps in a zip', '4.1.0', ['--next']]]) {
  test(`upload-sourcemaps: ${way}`, async (t) => {
    const {directory, remove} = await build(version);
    t.after(remove);
    const output = await rollbarCli('upload-sourcemaps', directory, '--access-token', token, '--url-prefix', `file://${directory}/`, '--code-version', version, ...more);
    assert.doesNotMatch(output, /error/i);
    await runBundle(join(directory, 'server.js'), `${clew.http}/api/1/item/`, token, version);
    const error = await eventually(async () => {
      const {errors} = await clew.ask('/errors?q=needle', {key: token});
      return errors[0]?.last_version === version && clew.ask(`/errors/${errors[0].id}`, {key: token});
    }, 'the error');
    assert.deepEqual([error.latest.frames[0].method, error.latest.frames[0].line], ['priceOf', 16]);
    assert.equal(error.groups.length, 1, 'the same error as with the map of the version before');
  });
}

test('what is no bundle of maps is refused, and an address is good once', async () => {
  const ask = async (body) => {
    const response = await fetch(`${clew.http}/api/1/signed_url/sourcemap_bundle`, {method: 'POST', headers: {'x-rollbar-access-token': token, 'content-type': 'application/json'}, body: JSON.stringify(body)});
    return {status: response.status, ...(await response.json())};
  };
  const put = async (url, body) => {
    const response = await fetch(url, {method: 'PUT', body, headers: {'content-type': 'application/octet-stream'}});
    return {status: response.status, ...(await response.json())};
  };
  assert.equal((await ask({version: '1'})).status, 422);
  const {result} = await ask({version: '1', prefix_url: 'https://shop.example/'});
  assert.ok(result.project_id > 0);
  const refused = await put(result.signed_url, 'no zip');
  assert.deepEqual([refused.status, refused.err], [422, 1]);
  assert.match(refused.message, /not a valid zip/);
  assert.equal((await put(result.signed_url, 'no zip')).status, 403);
  assert.equal((await put(`${clew.http}/api/1/signed_url/sourcemap_bundle/guessed`, 'no zip')).status, 403);
});
