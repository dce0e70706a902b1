// kill -9 under load, again and again on the same directory, at random moments of serving and of starting, while
// generations are sealed and parts merged. In the end every acknowledged span is there exactly once, a refused one not at
// all, one whose request broke off at most once, and nothing else.
//   CLEW_CRASH_SEED=7 CLEW_CRASH_KILLS=200 node --test tests/crash/
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';

import {Server} from './server.mjs';
import {Fate, Traffic, randomNumbers, spanIdOf, traceIdOf} from './traffic.mjs';

const kills = Number(process.env.CLEW_CRASH_KILLS ?? 24);
const seed = Number(process.env.CLEW_CRASH_SEED ?? Date.now() % 1_000_000);
const connections = 8;
const batchesAQuestion = 500;

// Small and changing, so that seals and merges are always under way.
const sealRows = (numbers) => [300, 1000, 3000, 10_000][numbers.between(0, 3)];

test(`every acknowledged span survives ${kills} kills exactly once`, {timeout: 60_000 + kills * 5_000}, async (t) => {
  t.diagnostic(`CLEW_CRASH_SEED=${seed}`);
  const directory = mkdtempSync(join(tmpdir(), 'clew-crash-'));
  const numbers = randomNumbers(seed);
  const traffic = new Traffic(numbers);
  let server;
  let work = {seals: 0, merges: 0};
  try {
    for (let kill = 0; kill < kills; ++kill) {
      server = await Server.spawn(directory, {sealRows: sealRows(numbers)});
      if (kill % 4 === 3) {
        // While it starts: the log is being read back.
        await sleep(numbers.between(1, 80));
        assert.equal(await server.stop('SIGKILL'), 'SIGKILL');
        continue;
      }
      await server.ready();
      await checkTotal(server, traffic);
      let isOver = false;
      const senders = Array.from({length: connections}, () => traffic.send(server.port, () => isOver));
      await sleep(numbers.between(50, 700));
      work = await addWork(server, work);
      await sleep(numbers.between(0, 100));
      // Now and then an orderly end between the kills, with requests under way.
      const signal = kill % 12 === 6 ? 'SIGTERM' : 'SIGKILL';
      const how = await server.stop(signal);
      isOver = true;
      await Promise.all(senders);
      assert.equal(how, signal === 'SIGKILL' ? 'SIGKILL' : 0, server.output);
    }
    server = await Server.spawn(directory, {sealRows: 1000});
    await server.ready();
    const found = await checkAll(server, traffic);
    const counters = await server.counters();
    assert.equal(counters.clew_wal_records_damaged_total, 0, server.output);
    assert.equal(counters.clew_parts_damaged_total, 0, server.output);
    assert.equal(await server.stop('SIGTERM'), 0, server.output);
    t.diagnostic(`${found.spans} spans of ${found.acknowledged} acknowledged, ${found.broken} broken off and ${found.refused} refused requests, ` +
      `${work.seals} seals and ${work.merges} merges seen`);
    assert.ok(found.acknowledged >= kills * 5, 'there was load');
    assert.ok(work.seals > 0, 'there were seals');
  } finally {
    if (server && !server.isOver) await server.stop('SIGKILL');
    rmSync(directory, {recursive: true, force: true});
  }
});

async function addWork(server, work) {
  if (server.isOver) return work;
  const counters = await server.counters();
  return {seals: work.seals + counters.clew_seals_total, merges: work.merges + counters.clew_merges_total};
}

const spansOf = (batches) => batches.reduce((sum, {spans}) => sum + spans, 0);

// After each start, because what is wrong shows soonest there.
async function checkTotal(server, traffic) {
  const certain = spansOf(traffic.batches.filter(({fate}) => fate === Fate.acknowledged));
  const possible = certain + spansOf(traffic.batches.filter(({fate}) => fate === Fate.unknown));
  const rows = await server.rows({calculations: [{op: 'COUNT'}]});
  const total = rows[0]?.[0] ?? 0;
  assert.ok(certain <= total && total <= possible, `${total} spans are there; ${certain} were acknowledged, ${possible} are possible\n${server.output}`);
}

async function checkAll(server, traffic) {
  const {batches} = traffic;
  const found = {spans: 0, acknowledged: 0, broken: 0, refused: 0};
  for (let from = 0; from < batches.length; from += batchesAQuestion) {
    const rows = await server.rows({
      breakdowns: ['batch'],
      calculations: [{op: 'COUNT'}, {op: 'MIN', column: 'number'}, {op: 'MAX', column: 'number'}, {op: 'SUM', column: 'number'}],
      filters: [{column: 'batch', op: '>=', value: from}, {column: 'batch', op: '<', value: from + batchesAQuestion}],
      limit: batchesAQuestion,
    });
    const sums = new Map(rows.map(([batch, ...figures]) => [Number(batch), figures.map(Number)]));
    for (const made of batches.slice(from, from + batchesAQuestion)) {
      const {batch, first, spans, fate, status} = made;
      made.isThere = sums.has(batch);
      if (fate === Fate.acknowledged) assert.ok(made.isThere, `batch ${batch} was acknowledged and is gone`);
      if (fate === Fate.refused) assert.ok(!made.isThere, `batch ${batch} was refused with ${status} and is there`);
      if (!made.isThere) continue;
      const last = first + spans - 1;
      assert.deepEqual(sums.get(batch), [spans, first, last, (first + last) * spans / 2], `batch ${batch} (${fate}): count, first, last, sum`);
      found.spans += spans;
    }
    assert.equal(rows.length, batches.slice(from, from + batchesAQuestion).filter(({isThere}) => isThere).length, 'unknown batches');
  }
  const total = await server.rows({calculations: [{op: 'COUNT'}]});
  assert.equal(Number(total[0][0]), found.spans, 'spans of no batch at all');
  await checkTraces(server, batches.filter(({isThere}) => isThere));
  for (const {fate} of batches) ++found[{[Fate.acknowledged]: 'acknowledged', [Fate.unknown]: 'broken', [Fate.refused]: 'refused'}[fate]];
  return found;
}

// The ids themselves, of every request around a kill and a sample of the others.
async function checkTraces(server, batches) {
  const step = Math.max(1, Math.floor(batches.length / 300));
  const chosen = batches.filter(({fate}, i) => fate === Fate.unknown || i % step === 0);
  for (const {batch, first, spans} of chosen) {
    const outline = await server.ask(`/traces/${traceIdOf(batch)}`);
    const expected = Array.from({length: spans}, (_, i) => spanIdOf(first + i));
    assert.deepEqual([...outline.columns.span_id].sort(), expected, `batch ${batch}`);
  }
}
