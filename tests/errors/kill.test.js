// Killed under load, started again: what was acknowledged is counted, once, and nothing that is not stored.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';

import {Server} from '../crash/server.mjs';

const kills = 6;
const connections = 6;
const perRequest = 5;

const attributes = (of) => Object.entries(of).map(([key, value]) => ({key, value: {stringValue: value}}));

function logs(request) {
  const logRecords = Array.from({length: perRequest}, (_, i) => ({timeUnixNano: `${BigInt(Date.now()) * 1000000n}`, severityNumber: 17,
    body: {stringValue: 'failed'}, attributes: attributes({'exception.type': `Error${(request + i) % 4}`, 'exception.message': 'no luck', 'user.id': `u${request % 50}`})}));
  return JSON.stringify({resourceLogs: [{resource: {attributes: attributes({'service.name': 'shop'})}, scopeLogs: [{logRecords}]}]});
}

test(`errors are counted exactly over ${kills} kills`, {timeout: 180_000}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clew-errors-kill-'));
  let server;
  let acknowledged = 0;
  let sent = 0;
  try {
    for (let kill = 0; kill < kills; ++kill) {
      server = await Server.spawn(directory, {sealRows: 2000});
      await server.ready();
      const url = `http://127.0.0.1:${server.port}/v1/logs`;
      let isOver = false;
      const before = acknowledged;
      const senders = Array.from({length: connections}, async () => {
        while (!isOver) {
          try {
            const response = await fetch(url, {method: 'POST', headers: {'content-type': 'application/json'}, body: logs(sent++)});
            await response.arrayBuffer();
            if (response.ok) acknowledged += perRequest;
          } catch { /* broken off: it may be stored or not */ }
        }
      });
      for (const end = Date.now() + 30_000; acknowledged < before + 50 * perRequest && Date.now() < end;) await sleep(5);
      await sleep(40 * kill);
      assert.equal(await server.stop('SIGKILL'), 'SIGKILL');
      isOver = true;
      await Promise.all(senders);
    }
    server = await Server.spawn(directory, {sealRows: 2000});
    await server.ready();
    const [[stored]] = await server.ask('/query', {signal: 'logs', query: 'COUNT WHERE error.group exists', from: 'now-1h', to: 'now+1h'}).then(({rows}) => rows);
    const {errors} = await server.ask('/errors?limit=100');
    assert.equal(errors.length, 4);
    assert.equal(errors.reduce((sum, {occurrences}) => sum + occurrences, 0), stored);
    assert.ok(stored >= acknowledged, `${stored} stored of ${acknowledged} acknowledged`);
    assert.ok(acknowledged >= kills * 50 * perRequest, 'there was load');
    assert.equal(await server.stop('SIGTERM'), 0, server.output);
  } finally {
    if (server && !server.isOver) await server.stop('SIGKILL');
    rmSync(directory, {recursive: true, force: true});
  }
});
