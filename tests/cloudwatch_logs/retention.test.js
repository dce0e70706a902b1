// What is older than its group keeps, and what was deleted, leaves the disk; over a restart too.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {binary} from '../clients/clew.js';
import {Clew, clientOf, eventually, sender} from './logs.js';

describe('retention and deletion', () => {
  let clew, send;
  const now = Date.now(), day = 86_400_000;
  const lines = 2_000;
  // A part may be gone when its turn comes.
  const sizeOf = (file) => statSync(join(clew.data, file), {throwIfNoEntry: false})?.size ?? 0;
  const bytesOnDisk = () => readdirSync(clew.data, {recursive: true}).filter((file) => file.endsWith('.part')).reduce((sum, file) => sum + sizeOf(file), 0);
  // Rows of the log that clew's own language sees, which hides nothing.
  const rowsOf = async (group) => {
    const body = {signal: 'logs', query: `COUNT WHERE aws.log.group.names = "${group}"`, from: 'now-30d', to: 'now+1d'};
    return Number((await clew.ask('/query', {body})).rows[0]?.[0] ?? 0);
  };
  // Random text, so that bytes on the disk tell how much of it there is.
  const fill = async (logGroupName, at) => {
    await send('CreateLogGroup', {logGroupName});
    await send('CreateLogStream', {logGroupName, logStreamName: 's'});
    const logEvents = Array.from({length: lines}, (_, i) => ({timestamp: at + i, message: `${logGroupName} ${randomBytes(100).toString('base64')}`}));
    await send('PutLogEvents', {logGroupName, logStreamName: 's', logEvents});
    assert.equal(await rowsOf(logGroupName), lines);
  };
  // What is in memory is written to parts a while after the last event came.
  const rowsAreInParts = (bytes) => eventually(() => bytesOnDisk() >= bytes, 60_000);

  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
  });
  after(() => clew?.stop());

  test('events older than the retention of their group leave the disk, and no others', async () => {
    await fill('kept', now - 10 * day);
    await fill('short', now - 10 * day);
    await fill('deleted', now);
    await rowsAreInParts(lines * 100 * 3);
    const before = bytesOnDisk();
    await send('PutRetentionPolicy', {logGroupName: 'short', retentionInDays: 5});
    const {events} = await send('FilterLogEvents', {logGroupName: 'short'});
    assert.deepEqual(events, [], 'hidden at once');
    await eventually(async () => await rowsOf('short') === 0, 60_000);
    await eventually(() => bytesOnDisk() < before - lines * 80, 60_000);
    await eventually(async () => await clew.counter('clew_rows_erased_total') === lines, 60_000);
    assert.equal(await rowsOf('kept'), lines);
    assert.equal(await rowsOf('deleted'), lines);
  });

  test('what was deleted leaves the disk after a restart too, and what came later stays', async () => {
    await send('DeleteLogGroup', {logGroupName: 'deleted'});
    clew.process.kill('SIGKILL');
    await clew.ended;
    clew.process = spawn(binary, ['serve', '--data', clew.data, ...clew.ports.flatMap((port) => ['--listen', `127.0.0.1:${port}`])], {stdio: 'ignore'});
    clew.ended = new Promise((done) => clew.process.once('exit', (code, signal) => done(code ?? signal)));
    await clew.ready();
    await send('CreateLogGroup', {logGroupName: 'deleted'});
    await send('CreateLogStream', {logGroupName: 'deleted', logStreamName: 's'});
    await send('PutLogEvents', {logGroupName: 'deleted', logStreamName: 's', logEvents: [{timestamp: now, message: 'later'}]});
    await eventually(async () => await rowsOf('deleted') === 1, 60_000);
    assert.equal(await rowsOf('kept'), lines);
    const {events} = await send('FilterLogEvents', {logGroupName: 'deleted'});
    assert.deepEqual(events.map(({message}) => message), ['later']);
  });
});
