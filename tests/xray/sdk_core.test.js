// aws-xray-sdk-core, Node's X-Ray SDK: segments over UDP, sampling by clew's rules over TCP.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, describe, test} from 'node:test';
import {XRayClient, CreateSamplingRuleCommand, GetSamplingStatisticSummariesCommand} from '@aws-sdk/client-xray';

import {plain} from '../clients/clew.js';
import {counters, eventually, startClew, traceOf} from './xray.js';

const require = createRequire(import.meta.url);

describe('aws-xray-sdk-core', () => {
  let clew, AWSXRay, client;
  const complaints = [];
  before(async () => {
    clew = await startClew();
    client = new XRayClient({endpoint: clew.http, region: 'us-east-1', credentials: {accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret'}});
    await client.send(new CreateSamplingRuleCommand({SamplingRule: {
      RuleName: 'Cruddur_SamplingRule', ResourceARN: '*', Priority: 9000, FixedRate: 1, ReservoirSize: 0, ServiceName: 'backend-flask',
      ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*', Version: 1,
    }}));
    await client.send(new CreateSamplingRuleCommand({SamplingRule: {
      RuleName: 'Never', ResourceARN: '*', Priority: 1, FixedRate: 0, ReservoirSize: 0, ServiceName: '*',
      ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '/health*', Version: 1,
    }}));
    process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${clew.xrayPort}`;
    AWSXRay = require('aws-xray-sdk-core');
    AWSXRay.setLogger({debug() {}, info() {}, warn: (line) => complaints.push(line), error: (line) => complaints.push(line)});
    AWSXRay.setContextMissingStrategy('IGNORE_ERROR');
  });
  after(async () => {
    await clew?.stop();
    // The pollers of the SDK never end.
    setImmediate(() => process.exit());
  });

  test('a segment with all there is arrives as it was sent', async () => {
    const segment = new AWSXRay.Segment('backend-flask');
    segment.addAnnotation('tenant', 'acme');
    segment.addAnnotation('items', 3);
    segment.addAnnotation('paid', true);
    segment.addMetadata('cart', {lines: [{id: 1}]});
    segment.setUser('alice');
    const call = segment.addNewSubsegment('api.example.com');
    call.namespace = 'remote';
    call.http = {request: {method: 'GET', url: 'https://api.example.com/x'}, response: {status: 503}};
    call.addError(new TypeError('no answer'));
    call.close();
    segment.close();
    const outline = await traceOf(clew, segment.trace_id, 2);
    assert.deepEqual(outline.services, ['backend-flask']);
    assert.deepEqual(outline.columns.parent, [-1, 0]);
    const span = await clew.ask(`/traces/${outline.trace_id}/spans/${segment.id}`);
    const attributes = plain(span.attributes);
    assert.equal(attributes.tenant, 'acme');
    assert.equal(attributes.items, 3);
    assert.equal(attributes.paid, true);
    assert.equal(attributes['enduser.id'], 'alice');
    assert.deepEqual(JSON.parse(attributes['aws.xray.metadata']), {default: {cart: {lines: [{id: 1}]}}});
    const below = await clew.ask(`/traces/${outline.trace_id}/spans/${call.id}`);
    assert.equal(plain(below.attributes)['http.response.status_code'], 503);
    assert.equal(plain(below.attributes)['aws.xray.fault'], true);
  });

  test('subsegments that are streamed hang below their segment', async () => {
    const segment = new AWSXRay.Segment('backend-flask');
    for (let i = 0; i < 250; ++i) segment.addNewSubsegment(`step ${i}`).close();
    segment.close();
    const outline = await traceOf(clew, segment.trace_id, 251);
    assert.equal(outline.spans, 251);
    assert.equal(outline.columns.parent.filter((parent) => parent === 0).length, 250);
  });

  test('the rules of clew decide, and clew is told what was decided', async () => {
    const sampled = (path) => {
      const segment = new AWSXRay.Segment('backend-flask');
      const request = {headers: {host: 'shop.example'}, method: 'GET', url: path};
      AWSXRay.middleware.resolveSampling({root: segment.trace_id}, segment, {req: request, header: {}});
      return {kept: !segment.notTraced, rule: segment.aws?.xray?.rule_name};
    };
    // Until the rules have been fetched the SDK decides alone.
    await eventually(() => sampled('/cart').rule === 'Cruddur_SamplingRule');
    const before = await counters(clew);
    for (let i = 0; i < 20; ++i) {
      assert.deepEqual(sampled('/cart'), {kept: true, rule: 'Cruddur_SamplingRule'});
      assert.equal(sampled('/health/live').kept, false);
    }
    const told = await eventually(async () => {
      const {SamplingStatisticSummaries: all} = await client.send(new GetSamplingStatisticSummariesCommand({}));
      const of = (name) => all.filter((one) => one.RuleName === name).reduce((sum, one) => sum + one.RequestCount, 0);
      return of('Never') >= 20 && of('Cruddur_SamplingRule') >= 20 && all;
    }, 30_000);
    assert.ok(told.every((one) => one.Timestamp instanceof Date));
    assert.equal((await counters(clew)).clew_refused_xray_sampling_reports_total, before.clew_refused_xray_sampling_reports_total);
    assert.deepEqual(complaints.filter((line) => /sampling|daemon/i.test(line)), []);
  });
});
