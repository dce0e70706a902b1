// kill -9 of a collector that follows a log file: every line arrives, and of those that had left it long ago none comes twice.
import assert from 'node:assert/strict';
import {appendFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {Backend, Collector, temporaryDirectory, until} from './collector.js';

const kills = 3;

test('kill -9 while lines are written, also over a rotation', async () => {
  const backend = await Backend.start({tls: false});
  const directory = temporaryDirectory(), file = join(directory, 'app.log');
  const config = `
receivers: {filelog: {include: ["${directory}/app.log*"], start_at: beginning, poll_interval: 20ms, storage: file_storage}}
extensions: {file_storage: {directory: "${directory}/places", create_directory: true}}
exporters:
  otlphttp:
    endpoint: http://127.0.0.1:${backend.port}
    headers: {x-honeycomb-team: ${backend.key}}
    sending_queue: {enabled: false}
    retry_on_failure: {enabled: false}
service: {extensions: [file_storage], pipelines: {logs: {receivers: [filelog], exporters: [otlphttp]}}}
`;
  const arrivals = async () => {
    const rows = await backend.query('logs', 'COUNT WHERE body EXISTS GROUP BY body LIMIT 1000');
    return new Map(rows.map((row) => [row.body, row.COUNT]));
  };
  writeFileSync(file, '');
  let next = 0;
  const write = (lines) => {
    for (let i = 0; i < lines; ++i) appendFileSync(file, `line ${next++}\n`);
  };
  const settled = new Set();
  let collector = await Collector.start({config});
  for (let round = 0; round < kills; ++round) {
    const before = next;
    write(100);
    // One look follows the other: a line of this round says that the places of those before are kept.
    await until('a line of this round has arrived', async () => (await arrivals()).size > before);
    for (const [line, count] of await arrivals()) if (count === 1 && Number(line.slice(5)) < before) settled.add(line);
    write(50);
    assert.equal(await collector.stop('SIGKILL'), 'SIGKILL');
    if (round === 1) renameSync(file, `${file}.1`);
    collector = await Collector.start({config});
    write(50);
    await until('every line has arrived', async () => (await arrivals()).size === next);
  }
  const found = await arrivals();
  assert.deepEqual([...found.keys()].sort(), Array.from({length: next}, (_, i) => `line ${i}`).sort());
  for (const line of settled) assert.equal(found.get(line), 1, `${line} came again later`);
  // Twice came at most what was read in the one look that a kill cut off.
  const twice = [...found.values()].filter((count) => count > 1).length;
  assert.ok(twice <= kills * 150, `${twice} lines twice`);
  assert.ok(settled.size > 150, `${settled.size} settled`);
  assert.ok([...found.values()].every((count) => count <= 2), 'none three times');
  assert.equal(await collector.stop(), 0, collector.output);
  await backend.stop();
  backend.remove();
});
