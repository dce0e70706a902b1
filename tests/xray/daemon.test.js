// `clew daemon` in the place of the X-Ray daemon: under its name, with its flags and its lines in the log.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {binary} from '../clients/clew.js';
import {eventually, newId, newTraceId, python, startClew, traceOf} from './xray.js';

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => done(port));
  });
});

class Daemon {
  // `flags` are a list, or the one text of a container's command; PORT stands for the port.
  static async start(program, flags, environment = {}) {
    const daemon = new Daemon();
    daemon.port = await freePort();
    daemon.output = '';
    daemon.process = spawn(program[0], [...program.slice(1), ...flags.map((flag) => flag.replaceAll('PORT', daemon.port))],
      {env: {PATH: process.env.PATH, ...environment}, cwd: '/', stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [daemon.process.stdout, daemon.process.stderr]) stream.on('data', (text) => daemon.output += text);
    daemon.ended = new Promise((done) => daemon.process.once('exit', (code, signal) => done(code ?? signal)));
    await daemon.logged(/\[Info\] Starting proxy http server on /);
    return daemon;
  }
  logged(pattern) { return eventually(() => pattern.exec(this.output)); }
  async stop() {
    this.process.kill('SIGTERM');
    assert.equal(await this.ended, 0, this.output);
  }
}

describe('clew daemon', () => {
  let clew, credentials, directory, socket;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'clew-daemon-'));
    socket = createSocket('udp4');
    clew = await startClew({prepare: (stopped) => {
      const text = stopped.run('keys', 'create', '--aws', '--name', 'daemon');
      credentials = {AWS_ACCESS_KEY_ID: /AWS_ACCESS_KEY_ID=(\S+)/.exec(text)[1], AWS_SECRET_ACCESS_KEY: /AWS_SECRET_ACCESS_KEY=(\S+)/.exec(text)[1]};
      stopped.run('keys', 'create', '--name', 'page', '--key', 'page-key');
    }});
    const ask = clew.ask.bind(clew);
    clew.ask = (path, options = {}) => ask(path, {key: 'page-key', ...options});
  });
  after(async () => {
    socket?.close();
    await clew?.stop();
    rmSync(directory, {recursive: true, force: true});
  });
  const segment = (more = {}) => ({trace_id: newTraceId(), id: newId(), name: 'shop', start_time: 1478293361.5, end_time: 1478293362, ...more});
  const send = (daemon, ...documents) => Promise.all(documents.map((one) => new Promise((done, fail) => socket.send(
    `{"format":"json","version":1}\n${typeof one === 'string' ? one : JSON.stringify(one)}`, daemon.port, '127.0.0.1', (error) => error ? fail(error) : done()))));

  test('under the name xray, with the one text of a container: signed to a clew that checks signatures', async () => {
    symlinkSync(binary, join(directory, 'xray'));
    const daemon = await Daemon.start([join(directory, 'xray')], ['xray -o -b 127.0.0.1:PORT -t 127.0.0.1:PORT'], {...credentials, AWS_ENDPOINT_URL_XRAY: clew.http});
    const script = `
import sys
from aws_xray_sdk.core import xray_recorder
xray_recorder.configure(service='backend-flask', daemon_address=sys.argv[1], sampling=False)
segment = xray_recorder.begin_segment('backend-flask')
xray_recorder.end_segment()
print(segment.trace_id, end='')
`;
    assert.equal((await traceOf(clew, await python(script, `127.0.0.1:${daemon.port}`), 1)).spans, 1);
    await daemon.logged(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[Info\] Successfully sent batch of 1 segments \(\d\.\d{3} seconds\)$/m);

    const bad = segment({start_time: 'never'});
    await send(daemon, segment(), bad, 'garbage');
    await daemon.logged(/\[Info\] Sent batch of 3 segments but had 2 Unprocessed segments \(\d\.\d{3} seconds\)/);
    await daemon.logged(new RegExp(`\\[Error\\] Unprocessed trace ${bad.trace_id}, segment: .*InvalidStartTime.*${bad.id}`));
    await daemon.logged(/\[Error\] Unprocessed segment: .*JSONFormatError/);
    socket.send('garbage', daemon.port, '127.0.0.1');
    await daemon.logged(/\[Warn\] Missing header or segment: garbage/);

    // SDKs ask it unsigned; it signs.
    const rules = await fetch(`http://127.0.0.1:${daemon.port}/GetSamplingRules`, {method: 'POST', body: '{}', headers: {'content-type': 'application/json'}});
    assert.equal(rules.status, 200);
    assert.equal((await rules.json()).SamplingRuleRecords[0].SamplingRule.RuleName, 'Default');
    const unknown = await fetch(`http://127.0.0.1:${daemon.port}/CreateSamplingRule`, {method: 'POST', body: '{}'});
    assert.equal(unknown.status, 400);
    assert.equal(unknown.headers.get('x-amzn-errortype'), 'InvalidRequestException');
    await daemon.stop();
    assert.match(daemon.output, /\[Info\] Initializing AWS X-Ray daemon [\s\S]*\[Info\] Using buffer memory limit of \d+ MB[\s\S]*\[Info\] \d+ segment buffers allocated[\s\S]*\[Info\] Using region: us-east-1/);
    assert.match(daemon.output, /\[Info\] Got shutdown signal: terminated/);
  });

  test('with wrong credentials it says what it was told', async () => {
    const daemon = await Daemon.start([binary, 'daemon'], ['-b', '127.0.0.1:PORT', '-t', '127.0.0.1:PORT', '--endpoint', clew.http], {...credentials, AWS_SECRET_ACCESS_KEY: 'wrong'});
    await send(daemon, segment());
    await daemon.logged(/\[Error\] Sending segment batch failed with: status 403: .*InvalidSignatureException/);
    await daemon.stop();
  });

  test('by cfg.yaml, as OTLP', async () => {
    const file = join(directory, 'cfg.yaml');
    const port = await freePort();
    writeFileSync(file, `Version: 2\nEndpoint: "${clew.http}"\nSocket:\n  UDPAddress: "127.0.0.1:${port}"\n  TCPAddress: "127.0.0.1:${port}"\nLogging:\n  LogLevel: dev\n`);
    const daemon = await Daemon.start([binary, 'daemon'], ['-c', file, '--otlp'], {OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=page-key'});
    daemon.port = port;
    const one = segment();
    await send(daemon, one);
    assert.deepEqual((await traceOf(clew, one.trace_id, 1)).services, ['shop']);
    await daemon.logged(/\[Debug\] processor: sending partial batch/);
    await daemon.stop();
  });

  test('what comes while nobody answers is sent later', async () => {
    const late = await freePort();
    const daemon = await Daemon.start([binary, 'daemon'], ['-b', '127.0.0.1:PORT', '-t', '127.0.0.1:PORT', '--endpoint', `http://127.0.0.1:${late}`], credentials);
    const one = segment();
    await send(daemon, one);
    await daemon.logged(/\[Error\] Sending segment batch failed with: /);
    const second = await startClew({ports: [late]});
    assert.equal((await traceOf(second, one.trace_id, 1)).spans, 1);
    await daemon.stop();
    await second.stop();
  });

  test('its version, and what it does not know', () => {
    assert.match(execFileSync(binary, ['daemon', '--version'], {encoding: 'utf8'}), /^AWS X-Ray daemon version: \d+\.\d+\.\d+ \(clew .*\)\n$/);
    assert.throws(() => execFileSync(join(directory, 'xray'), ['-z'], {stdio: 'pipe'}), /flag provided but not defined: -z/);
  });
});
