// The receiver rollbar stands where Rollbar would: items of its clients become log records of a pipeline, and errors in the
// clew that they are sent to.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import Rollbar from 'rollbar';

import {Backend, Collector, freePorts, until} from '../collector/collector.js';

let backend, collector, address;

before(async () => {
  backend = await Backend.start({tls: false});
  const [port] = await freePorts(1);
  address = `http://127.0.0.1:${port}`;
  collector = await Collector.start({config: `
receivers: {rollbar: {endpoint: "127.0.0.1:${port}", scrub_fields: [iban]}}
processors: {batch: {timeout: 10ms}}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service: {pipelines: {logs: {receivers: [rollbar], processors: [batch], exporters: [otlphttp]}}}
`});
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  await backend.stop();
  backend.remove();
});

test('rollbar for Node.js: an exception is an error, with its frames and without secrets', async () => {
  const rollbar = new Rollbar({accessToken: 'any', endpoint: `${address}/api/1/item/`, environment: 'development', captureUncaught: false});
  const errors = [];
  try { throw new TypeError('price of 17 is unknown'); } catch (error) {
    rollbar.error(error, {cart: 5, password: 'hunter2', iban: 'DE02120300000000202051'}, (failure) => failure && errors.push(failure));
  }
  await new Promise((done) => rollbar.wait(done));
  assert.deepEqual(errors, []);
  const error = await until('the error is known', async () => {
    const {errors: [found]} = JSON.parse((await backend.fetch('/clew/v1/errors?q=price')).text);
    return found && JSON.parse((await backend.fetch(`/clew/v1/errors/${found.id}`)).text);
  });
  assert.equal(error.type, 'TypeError');
  assert.match(error.latest.frames[0].file, /collector_receiver\.test\.js$/);
  assert.equal(error.latest.payload.custom.cart, 5);
  assert.doesNotMatch(JSON.stringify(error.latest), /hunter2|DE0212/);
});

test('what is wrong with an item is said as Rollbar says it', async () => {
  const post = async (path, body) => {
    const answer = await fetch(`${address}${path}`, {method: 'POST', body, headers: {'content-type': 'application/json'}});
    return {status: answer.status, body: await answer.json()};
  };
  assert.deepEqual(await post('/api/1/item/', '{"data":{"body":{}}}').then(({status, body}) => [status, body.err]), [422, 1]);
  assert.deepEqual(await post('/api/1/item/', 'no JSON').then(({status, body}) => [status, body.err]), [400, 1]);
  assert.equal(await (await fetch(`${address}/api/1/status/ping`)).text(), 'pong');
});
