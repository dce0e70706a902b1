// stats over stored columns and stats over one event after the other give the same answer: each query is asked as it is, and
// again behind a command that keeps it from the columns.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {Clew, clientOf, eventually, sender} from './logs.js';

// Messages of every kind: what stands in columns as it is, and what does not.
const messages = (i) => [
  JSON.stringify({level: i % 3 ? 'info' : 'error', ms: i, ratio: i / 4, ok: i % 2 === 0, user: {id: `u${i % 4}`}, status: 200 + i % 3}),
  JSON.stringify({level: 'warn', ms: -i, user: {id: `u${i % 4}`}, tags: ['a', i]}),
  JSON.stringify({level: null, ms: `${i}`, status: i % 2 ? '500' : 'none'}),
  `plain text ${i} without members`,
  `INFO before {"level":"error","ms":${i},"user":{"id":"u1"}} and after`,
  `{"level":"info","level":"error","ms":${i}}`,
  `{"level":"info","user.id":"dotted","ms":1}`,
  `{"level":"empty","user":{},"ok":"true"}`,
  `{"broken": `,
  JSON.stringify({level: 'deep', a: {b: {c: i % 5}}, ms: 9007199254740991}),
][i % 10];

const queries = [
  'stats count(*) as n',
  'stats count(*) as n by bin(1s) as at',
  'stats count(*) as n, count(level) as levels by @logStream',
  'stats count(*) as n by @log, bin(10s)',
  'stats count(*) as n by level',
  'stats count(*) as n by level, user.id, ok',
  'stats count(*) as n by status',
  'stats count(*) as n by a.b.c',
  'stats count(ms) as n, sum(ratio) as s, avg(ratio) as m, min(ratio) as lo, max(ratio) as hi by level',
  'stats max(ratio) - min(ratio) as spread, count(*) * 2 as twice by @logStream, level',
  'stats sum(nothing) as s, count(nothing) as n, max(nothing) as m',
  'stats avg(a.b.c) as m by bin(20s) as at',
  'filter level = "error" | stats count(*) as n by user.id',
  'filter level != "error" | stats count(*) as n by level',
  'filter not (level = "error") | stats count(*) as n by level',
  'filter level in ["info", "deep"] or ratio > 5 | stats count(*) as n, sum(ratio) as s by level',
  'filter ratio >= 2.5 and ispresent(user.id) | stats count(*) as n',
  'filter level like /^(info|warn)$/ | stats count(*) as n by level',
  'filter level like "e" | stats count(*) as n by level',
  'filter @message like /before|plain/ | stats count(*) as n by bin(10s) as at',
  'filter @message not like "level" and @logStream = "b" | stats count(*) as n',
  'filter ispresent(tags) | stats count(*) as n by level',
  'filter status = 500 | stats count(*) as n',
  'filter ok = "true" | stats count(*) as n',
  'stats sum(ms) as s, avg(ms) as m by level',
  'stats count(*) as n by user',
  'stats pct(ratio, 90) as p, median(ratio) as m, stddev(ratio) as d by level',
  'stats pct(ms, 99) as p, stddev(ms) as d, count_distinct(ms) as n',
  'stats count_distinct(user.id) as users, count_distinct(ok) as oks by bin(20s) as at',
  'stats count_distinct(level) as levels, earliest(level) as first, latest(level) as last by @logStream',
  'stats earliest(a.b.c) as first, latest(a.b.c) as last, rate(a.b.c, 1m) as change, rate(ratio, 1s) as steep',
  'stats sortsFirst(ratio) as low, sortsLast(ratio) as high, earliest(ratio) as first by user.id',
  'stats count_distinct(status) as n, latest(status) as last',
  'stats histogram(ratio, 4) as h by level',
  'stats count(*) as n by bin(10s) as at offset 10s',
  'filter ms != 1 | stats pct(ms, 50) as p, latest(ms) as last, count_distinct(ms) as n by level',
  'stats count(*) as n by level | sort n desc, level | limit 2',
  'stats count(*) as n by level | stats max(n) as most, count(*) as levels',
];

describe('stats on columns and on events', () => {
  let clew, send;
  const now = Date.now();

  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
    await send('CreateLogGroup', {logGroupName: 'odd'});
    await send('CreateLogGroup', {logGroupName: 'other'});
    for (const [logGroupName, logStreamName, first] of [['odd', 'a', 0], ['odd', 'b', 150], ['other', 'a', 0]]) {
      await send('CreateLogStream', {logGroupName, logStreamName});
      const logEvents = Array.from({length: 150}, (_, i) => ({timestamp: now - 60_000 + i * 300, message: messages(first + i)}));
      await send('PutLogEvents', {logGroupName, logStreamName, logEvents});
    }
  });
  after(() => clew?.stop());

  const ask = async (queryString) => {
    const range = {startTime: Math.floor(now / 1000) - 3600, endTime: Math.floor(now / 1000) + 60};
    const {queryId} = await send('StartQuery', {logGroupName: 'odd', ...range, queryString});
    const answer = await eventually(async () => {
      const sofar = await send('GetQueryResults', {queryId});
      return ['Complete', 'Failed'].includes(sofar.status) && sofar;
    });
    assert.equal(answer.status, 'Complete', queryString);
    return answer.results.map((row) => JSON.stringify(row));
  };

  for (const query of queries) {
    test(query, async () => {
      const [columns, events] = await Promise.all([ask(query), ask(`fields 1 as one | ${query}`)]);
      assert.ok(events.length > 0);
      // Without sort the order of groups is nobody's promise.
      const inOrder = query.includes('sort');
      assert.deepEqual(inOrder ? columns : columns.sort(), inOrder ? events : events.sort());
    });
  }
});
