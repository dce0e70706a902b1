// The receiver awsxray stands where an X-Ray daemon would: the vendor's SDK sends it segments and asks it for sampling rules.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {Backend, Collector, freePorts, until} from '../collector/collector.js';

const require = createRequire(import.meta.url);
let backend, collector, AWSXRay;

before(async () => {
  backend = await Backend.start({tls: false});
  const [port] = await freePorts(1);
  collector = await Collector.start({environment: {AWS_REGION: 'eu-west-1'}, config: `
receivers:
  awsxray:
    endpoint: 127.0.0.1:${port}
    proxy_server: {endpoint: "127.0.0.1:${port}", aws_endpoint: "http://127.0.0.1:${backend.port}"}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service: {pipelines: {traces: {receivers: [awsxray], exporters: [otlphttp]}}}
`});
  process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${port}`;
  AWSXRay = require('aws-xray-sdk-core');
  AWSXRay.setLogger({debug() {}, info() {}, warn() {}, error() {}});
  AWSXRay.setContextMissingStrategy('IGNORE_ERROR');
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  await backend.stop();
  backend.remove();
  setImmediate(() => process.exit()); // the pollers of the SDK never end
});

test('segments over UDP arrive as spans', async () => {
  const segment = new AWSXRay.Segment('checkout');
  const call = segment.addNewSubsegment('payments');
  call.namespace = 'remote';
  call.close();
  segment.close();
  const rows = await until('both arrive', async () => {
    const found = await backend.query('traces', 'COUNT WHERE name EXISTS GROUP BY name');
    return found.length === 2 && found;
  });
  assert.deepEqual(rows.map(({name}) => name).sort(), ['checkout', 'payments']);
});

test('what the SDK asks the API over TCP is passed on, with the answer', async () => {
  const answer = await fetch(`http://${process.env.AWS_XRAY_DAEMON_ADDRESS}/GetSamplingRules`, {method: 'POST', body: '{}'});
  // The backend wants a key, which only somebody with credentials has; it is the backend that says so.
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /MissingAuthenticationTokenException/);
});
