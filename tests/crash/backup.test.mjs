// Backups of a server under load, while generations are sealed and parts merged: each is restored and served, and has
// every span exactly once that was acknowledged before the backup began.
//   CLEW_CRASH_SEED=7 CLEW_CRASH_BACKUPS=20 node --test tests/crash/backup.test.mjs
import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';

import {clew} from '../smoke/program.mjs';
import {Server} from './server.mjs';
import {Fate, Traffic, randomNumbers} from './traffic.mjs';

const backups = Number(process.env.CLEW_CRASH_BACKUPS ?? 5);
const seed = Number(process.env.CLEW_CRASH_SEED ?? Date.now() % 1_000_000);

const acknowledgedBatches = (traffic) => traffic.batches.filter(({fate}) => fate === Fate.acknowledged).map(({batch, spans}) => ({batch, spans}));

async function spansByBatch(server) {
  const found = new Map();
  for (let from = 0; ; from += 500) {
    const rows = await server.rows({
      breakdowns: ['batch'], calculations: [{op: 'COUNT'}, {op: 'COUNT_DISTINCT', column: 'trace.span_id'}], limit: 500,
      filters: [{column: 'batch', op: '>=', value: from}, {column: 'batch', op: '<', value: from + 500}],
    });
    if (rows.length === 0) return found;
    for (const [batch, spans, distinct] of rows) found.set(Number(batch), [Number(spans), Number(distinct)]);
  }
}

test(`${backups} backups under load hold what was acknowledged before them`, {timeout: 60_000 + backups * 20_000}, async (t) => {
  t.diagnostic(`CLEW_CRASH_SEED=${seed}`);
  const root = mkdtempSync(join(tmpdir(), 'clew-backup-'));
  const data = join(root, 'data');
  const traffic = new Traffic(randomNumbers(seed));
  const server = await Server.spawn(data, {sealRows: 300});
  let restored;
  try {
    await server.ready();
    let isOver = false;
    const senders = Array.from({length: 4}, () => traffic.send(server.port, () => isOver));
    await sleep(500);
    const taken = [];
    for (let i = 0; i < backups; ++i) {
      const target = join(root, `backup${i}`);
      const before = acknowledgedBatches(traffic);
      const how = i % 2 === 0 ? [] : ['--copy', '--verify'];
      const run = await clew('backup', target, '--data', data, ...how);
      assert.equal(run.code, 0, run.err);
      assert.match(run.out, i % 2 === 0 ? /\d+ parts? \([1-9]\d* as hard links\)/ : /\(0 as hard links\).*\nEverything in it is sound\./);
      taken.push({target, before});
      await sleep(100);
    }
    isOver = true;
    await Promise.all(senders);
    const again = await clew('backup', taken[0].target, '--data', data);
    assert.equal(again.code, 1);
    assert.match(again.err, /^clew backup: the directory is not empty/);
    assert.equal(await server.stop('SIGTERM'), 0, server.output);

    const nothing = await clew('backup', join(root, 'none'), '--data', tmpdir());
    assert.equal(nothing.code, 1);
    assert.match(nothing.err, /is no data directory of clew/);

    for (const [i, {target, before}] of taken.entries()) {
      const place = join(root, `restored${i}`);
      const run = await clew('restore', target, '--data', place);
      assert.equal(run.code, 0, run.err);
      for (const part of readdirSync(join(place, 'store', 'parts')))
        assert.equal(statSync(join(place, 'store', 'parts', part)).nlink, 1, 'a restored part shares nothing with the backup');
      restored = await Server.spawn(place, {sealRows: 300});
      await restored.ready();
      const found = await spansByBatch(restored);
      for (const {batch, spans} of before) assert.deepEqual(found.get(batch), [spans, spans], `batch ${batch} in backup ${i}`);
      for (const [batch, [spans, distinct]] of found) {
        assert.equal(spans, distinct, `batch ${batch} in backup ${i} is there twice`);
        assert.ok(batch < traffic.batches.length, `nobody sent batch ${batch}`);
      }
      assert.equal((await restored.counters()).clew_wal_records_damaged_total, 0, restored.output);
      assert.equal(await restored.stop('SIGTERM'), 0, restored.output);
      t.diagnostic(`backup ${i}: ${before.length} batches acknowledged before it, ${found.size} in it`);
    }
  } finally {
    for (const one of [server, restored]) if (one && !one.isOver) await one.stop('SIGKILL');
    rmSync(root, {recursive: true, force: true});
  }
});
