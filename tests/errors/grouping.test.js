// Errors from any protocol become one list.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';
import {kindsOf, languages, manyErrors, types} from './stacks.js';

let clew;
before(async () => clew = await Clew.start());
after(() => clew?.stop());

const attributes = (of) => Object.entries(of).map(([key, value]) => ({key, value: {stringValue: value}}));
const nanoseconds = () => `${BigInt(Date.now()) * 1000000n}`;

async function send(signal, body) {
  const response = await fetch(`${clew.http}/v1/${signal}`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  assert.equal(response.status, 200, await response.text());
}

// A third as text in a log line of severity ERROR, a third as attributes of a log record, a third as events of spans.
test('10,000 occurrences of 50 errors in eight languages are 50 items', async () => {
  const resource = {attributes: attributes({'service.name': 'shop', 'service.version': '1.4.0', 'deployment.environment.name': 'production'})};
  let logRecords = [];
  let spans = [];
  const flush = async () => {
    await send('logs', {resourceLogs: [{resource, scopeLogs: [{logRecords}]}]});
    await send('traces', {resourceSpans: [{resource, scopeSpans: [{spans}]}]});
    logRecords = [];
    spans = [];
  };
  for (const {n, language, stack} of manyErrors(10_000)) {
    const way = Math.floor(n / 50) % 3;
    const told = attributes({'exception.type': types[language], 'exception.message': `told ${n}`, 'exception.stacktrace': stack});
    if (way === 0) logRecords.push({timeUnixNano: nanoseconds(), severityNumber: 17, body: {stringValue: stack}});
    if (way === 1) logRecords.push({timeUnixNano: nanoseconds(), severityNumber: 17, body: {stringValue: 'failed'}, attributes: told});
    if (way === 2) spans.push({traceId: (n + 1).toString(16).padStart(32, '0'), spanId: (n + 1).toString(16).padStart(16, '0'), name: 'GET /',
      startTimeUnixNano: nanoseconds(), endTimeUnixNano: nanoseconds(), events: [{name: 'exception', timeUnixNano: nanoseconds(), attributes: told}]});
    if (n % 1000 === 999) await flush();
  }
  const {total, errors} = await clew.ask('/errors?limit=1000');
  assert.equal(total, 50, errors.map(({title, culprit, occurrences}) => `${occurrences} ${title} ${culprit}`).join('\n'));
  assert.deepEqual([...new Set(errors.map(({occurrences}) => occurrences))], [200]);
  for (const [language, kinds] of Object.entries(kindsOf)) assert.equal(errors.filter((error) => error.language === language).length, kinds, language);
  // The three ways of telling it make one error: of the same type.
  for (const {language, type} of errors) assert.equal(type, types[language]);
  assert.ok(errors.every(({last_version: version, environment}) => version === '1.4.0' && environment === 'production'));
  assert.equal(errors.reduce((sum, {counts}) => sum + counts.reduce((a, b) => a + b), 0), 10_000);
  assert.equal(await clew.counter('clew_errors_counted_total'), 10_000);
  // Each occurrence is a row that any question may group by.
  const [row] = await clew.query('logs', 'COUNT, COUNT_DISTINCT(error.group) WHERE error.group exists');
  assert.equal(row['COUNT_DISTINCT(error.group)'], 50);
});

test('an occurrence leads to its trace', async () => {
  const {errors} = await clew.ask('/errors?q=TypeError&limit=1');
  const {occurrences} = await clew.ask(`/errors/${errors[0].id}/occurrences?limit=300`);
  assert.equal(occurrences.length, 200);
  const inTrace = occurrences.find(({source}) => source === 'span event');
  const trace = await clew.ask(`/traces/${inTrace.trace_id}`);
  assert.equal(trace.spans, 1);
});

test('resolved, and back with a newer version', async () => {
  const stack = languages.python(3, 5);
  const error = async (version) => send('logs', {resourceLogs: [{resource: {attributes: attributes({'service.name': 'other', 'service.version': version})},
    scopeLogs: [{logRecords: [{timeUnixNano: nanoseconds(), severityNumber: 17, body: {stringValue: stack}}]}]}]});
  await error('1.1.0');
  const find = async () => (await clew.ask('/errors?service=other')).errors[0];
  const {id} = await find();
  await clew.ask(`/errors/${id}`, {body: {state: 'resolved', resolved_in_version: '1.2.0'}});
  await error('1.1.9');
  assert.equal((await find()).state, 'resolved', 'an older version is no news');
  await error('1.2.1');
  const back = await find();
  assert.deepEqual([back.state, back.reactivations, back.occurrences, back.since_activation], ['active', 1, 3, 1]);
  await clew.ask(`/errors/${id}`, {body: {state: 'muted'}});
  await error('1.3.0');
  assert.deepEqual([(await find()).state, (await find()).occurrences], ['muted', 4]);
});

test('merged, counted together, and taken apart again', async () => {
  const {errors} = await clew.ask('/errors?q=java.lang&limit=2');
  const [into, other] = errors;
  const merged = await clew.ask(`/errors/${into.id}/merge`, {body: {others: [other.id]}});
  assert.equal(merged.occurrences, 400);
  assert.equal((await clew.ask('/errors?limit=1000')).errors.some(({id}) => id === other.id), false);
  assert.equal((await clew.ask(`/errors/${into.id}`)).groups.length, 2);
  const apart = await clew.ask(`/errors/${other.id}/unmerge`, {body: {}});
  assert.deepEqual([apart.occurrences, apart.merged_into], [200, null]);
  assert.equal((await clew.ask(`/errors/${into.id}`)).occurrences, 200);
});

test('a grouping rule is tried, and then in force', async () => {
  const rules = [{condition: {all: [{path: 'exception.type', eq: 'panic'}, {path: 'service', eq: 'shop'}]}, fingerprint: 'all panics of {{ service }}', title: 'A panic'}];
  const trial = await clew.ask('/error-rules/grouping/dry-run', {body: {rules}});
  // It reads the newest 10,000 occurrences, and there are a few more.
  assert.equal(trial.occurrences, 10_000);
  const panics = trial.groups.find(({title}) => title === 'A panic');
  assert.equal(panics.items.length, kindsOf.go + kindsOf.rust);
  assert.ok(trial.moved === panics.occurrences && trial.moved >= 2390, `${trial.moved}`);
  await clew.ask('/error-rules/grouping', {body: {rules}});
  for (const kind of [1, 2]) {
    await send('logs', {resourceLogs: [{resource: {attributes: attributes({'service.name': 'shop'})}, scopeLogs: [{logRecords: [
      {timeUnixNano: nanoseconds(), severityNumber: 17, body: {stringValue: languages.go(kind, 1)}}]}]}]});
  }
  const errors = (await clew.ask('/errors?q=A%20panic')).errors.filter(({title}) => title === 'A panic');
  assert.equal(errors.length, 1);
  const error = await clew.ask(`/errors/${errors[0].id}`);
  assert.equal(error.occurrences, 2);
  assert.equal(error.groups[0].reason, 'grouping rule 1');
  assert.match(error.groups[0].hashed, /custom: all panics of shop/);
});
