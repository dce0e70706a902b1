// With keys configured, requests are admitted by their signatures.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {XRayClient, GetSamplingRulesCommand, PutTraceSegmentsCommand} from '@aws-sdk/client-xray';

import {cli, newId, newTraceId, startClew} from './xray.js';

describe('signatures', () => {
  let clew, credentials;
  before(async () => clew = await startClew({prepare: (stopped) => {
    const text = stopped.run('keys', 'create', '--aws', '--name', 'daemon', '--environment', 'production');
    credentials = {accessKeyId: /AWS_ACCESS_KEY_ID=(\S+)/.exec(text)[1], secretAccessKey: /AWS_SECRET_ACCESS_KEY=(\S+)/.exec(text)[1]};
    stopped.run('keys', 'create', '--name', 'page', '--key', 'page-key', '--environment', 'production');
  }}));
  after(() => clew?.stop());
  const client = (more = {}) => new XRayClient({endpoint: clew.http, region: 'us-east-1', credentials, maxAttempts: 1, ...more});
  const rules = new GetSamplingRulesCommand({});

  test('the right credentials are admitted, to their environment', async () => {
    const traceId = newTraceId();
    const document = JSON.stringify({trace_id: traceId, id: newId(), name: 'x', start_time: 1, end_time: 2});
    assert.deepEqual((await client().send(new PutTraceSegmentsCommand({TraceSegmentDocuments: [document]}))).UnprocessedTraceSegments, []);
    const outline = await clew.ask(`/traces/${traceId.slice(2).replace('-', '')}`, {key: 'page-key'});
    assert.equal(outline.spans, 1);
    const answer = await cli(clew, ['get-sampling-rules'], {AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey});
    assert.equal(answer.SamplingRuleRecords.length, 1);
  });

  test('others are refused as AWS does', async () => {
    await assert.rejects(client({credentials: {...credentials, secretAccessKey: 'wrong'}}).send(rules), {name: 'InvalidSignatureException'});
    await assert.rejects(client({credentials: {...credentials, accessKeyId: 'AKIAOTHER'}}).send(rules), {name: 'UnrecognizedClientException'});
    await assert.rejects(cli(clew, ['get-sampling-rules']), /UnrecognizedClientException.*security token/s);
    const unsigned = await fetch(`${clew.http}/GetSamplingRules`, {method: 'POST', body: '{}'});
    assert.equal(unsigned.status, 403);
    assert.equal(unsigned.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException');
  });

  test('a clock that is off is told', async () => {
    const late = client({systemClockOffset: -20 * 60_000});
    await assert.rejects(late.send(rules), {name: 'InvalidSignatureException', message: /^Signature expired: .* \(\d{8}T\d{6}Z - 5 min\.\)$/});
  });

  test("SDKs get sampling rules at the daemon's port unsigned, and nothing else", async () => {
    const ask = (path) => fetch(`http://127.0.0.1:${clew.xrayPort}${path}`, {method: 'POST', body: '{"SamplingStatisticsDocuments":[]}'});
    assert.equal((await ask('/GetSamplingRules')).status, 200);
    assert.equal((await ask('/SamplingTargets')).status, 200);
    assert.equal((await ask('/TraceSegments')).status, 403);
    assert.equal((await ask('/CreateSamplingRule')).status, 403);
  });
});
