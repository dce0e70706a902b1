// Segments, telemetry and sampling rules through @aws-sdk/client-xray, boto3 and the CLI.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {
  XRayClient, CreateSamplingRuleCommand, DeleteSamplingRuleCommand, GetSamplingRulesCommand, GetSamplingTargetsCommand,
  PutTelemetryRecordsCommand, PutTraceSegmentsCommand, UpdateSamplingRuleCommand,
} from '@aws-sdk/client-xray';

import {cli, counters, eventually, newId, newTraceId, python, startClew, traceOf} from './xray.js';

const cruddur = {
  RuleName: 'Cruddur_SamplingRule', ResourceARN: '*', Priority: 9000, FixedRate: 0.1, ReservoirSize: 5, ServiceName: 'backend-flask',
  ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*', Version: 1,
};
const segment = (more = {}) => ({trace_id: newTraceId(), id: newId(), name: 'shop', start_time: Date.now() / 1000 - 1, end_time: Date.now() / 1000, ...more});

describe('writing to X-Ray', () => {
  let clew, client;
  before(async () => {
    clew = await startClew();
    client = new XRayClient({endpoint: clew.http, region: 'eu-west-1', credentials: {accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret'}});
  });
  after(() => clew?.stop());

  test('@aws-sdk/client-xray: segments, those that are wrong are named', async () => {
    const good = segment();
    const answer = await client.send(new PutTraceSegmentsCommand({TraceSegmentDocuments: [JSON.stringify(good), '{', JSON.stringify(segment({id: '7'}))]}));
    assert.deepEqual(answer.UnprocessedTraceSegments.map(({Id, ErrorCode}) => [Id, ErrorCode]), [[undefined, 'JSONFormatError'], ['7', 'InvalidId']]);
    assert.equal((await traceOf(clew, good.trace_id, 1)).spans, 1);
    assert.match(answer.$metadata.requestId, /^[0-9a-f-]{36}$/);
  });

  test('@aws-sdk/client-xray: telemetry of daemons', async () => {
    const before = (await counters(clew)).clew_xray_daemon_segments_lost_total;
    await client.send(new PutTelemetryRecordsCommand({TelemetryRecords: [{Timestamp: new Date(), SegmentsReceivedCount: 5, SegmentsSpilloverCount: 2}]}));
    assert.equal((await counters(clew)).clew_xray_daemon_segments_lost_total, before + 2);
  });

  test('@aws-sdk/client-xray: the life of a sampling rule', async () => {
    const made = await client.send(new CreateSamplingRuleCommand({SamplingRule: {...cruddur, RuleName: 'life'}}));
    assert.equal(made.SamplingRuleRecord.SamplingRule.RuleARN, 'arn:aws:xray:eu-west-1:000000000000:sampling-rule/life');
    assert.ok(made.SamplingRuleRecord.CreatedAt instanceof Date);
    await assert.rejects(client.send(new CreateSamplingRuleCommand({SamplingRule: {...cruddur, RuleName: 'life'}})), {name: 'InvalidRequestException', message: /exists/});
    await client.send(new UpdateSamplingRuleCommand({SamplingRuleUpdate: {RuleName: 'life', FixedRate: 0.5}}));
    const {SamplingRuleRecords: rules} = await client.send(new GetSamplingRulesCommand({}));
    assert.deepEqual(rules.map(({SamplingRule}) => [SamplingRule.RuleName, SamplingRule.FixedRate]), [['life', 0.5], ['Default', 0.05]]);
    const report = {RuleName: 'life', ClientID: newId() + newId().slice(8), Timestamp: new Date(), RequestCount: 10, SampledCount: 5, BorrowCount: 1};
    const targets = await client.send(new GetSamplingTargetsCommand({SamplingStatisticsDocuments: [report, {...report, RuleName: 'gone'}, {...report, Timestamp: new Date(0)}]}));
    assert.deepEqual(targets.SamplingTargetDocuments.map(({RuleName, FixedRate, ReservoirQuota, Interval}) => ({RuleName, FixedRate, ReservoirQuota, Interval})),
      [{RuleName: 'life', FixedRate: 0.5, ReservoirQuota: 5, Interval: 10}]);
    assert.ok(targets.LastRuleModification instanceof Date);
    assert.deepEqual(targets.UnprocessedStatistics.map(({RuleName, ErrorCode}) => [RuleName, ErrorCode]), [['gone', '404'], ['life', '400']]);
    await client.send(new DeleteSamplingRuleCommand({RuleName: 'life'}));
    await assert.rejects(client.send(new DeleteSamplingRuleCommand({RuleName: 'life'})), {name: 'InvalidRequestException'});
  });

  test('the CLI: a sampling rule out of a file', async () => {
    const file = join(clew.data, 'xray.json');
    writeFileSync(file, JSON.stringify({SamplingRule: cruddur}));
    const {SamplingRuleRecord: made} = await cli(clew, ['create-sampling-rule', '--cli-input-json', `file://${file}`]);
    assert.equal(made.SamplingRule.RuleName, 'Cruddur_SamplingRule');
    await assert.rejects(cli(clew, ['create-sampling-rule', '--cli-input-json', `file://${file}`]), /InvalidRequestException.*already exists/s);
    const {SamplingRuleRecords: rules} = await cli(clew, ['get-sampling-rules']);
    assert.deepEqual(rules.map(({SamplingRule: rule}) => rule.RuleName), ['Cruddur_SamplingRule', 'Default']);
    const changed = await cli(clew, ['update-sampling-rule', '--sampling-rule-update', 'RuleName=Default,FixedRate=0.25']);
    assert.equal(changed.SamplingRuleRecord.SamplingRule.FixedRate, 0.25);
    await cli(clew, ['delete-sampling-rule', '--rule-name', 'Cruddur_SamplingRule']);
  });

  test('boto3 and the CLI: segments', async () => {
    const one = segment(), two = segment();
    const script = `
import boto3, json, sys
client = boto3.client('xray', endpoint_url=sys.argv[1])
print(json.dumps(client.put_trace_segments(TraceSegmentDocuments=[sys.argv[2]])['UnprocessedTraceSegments']))
try:
  client.delete_sampling_rule(RuleName='nothing')
except client.exceptions.InvalidRequestException as error:
  print(error.response['Error']['Code'])
`;
    assert.equal(await python(script, clew.http, JSON.stringify(one)), '[]\nInvalidRequestException\n');
    assert.deepEqual(await cli(clew, ['put-trace-segments', '--trace-segment-documents', JSON.stringify(two)]), {UnprocessedTraceSegments: []});
    for (const {trace_id: id} of [one, two]) assert.equal((await traceOf(clew, id, 1)).spans, 1);
  });

  test("Debian's aws_xray_sdk for Python: segments over UDP", async () => {
    const script = `
import sys
from aws_xray_sdk.core import xray_recorder
xray_recorder.configure(service='backend-flask', daemon_address=sys.argv[1], sampling=False)
segment = xray_recorder.begin_segment('backend-flask')
segment.put_annotation('tenant', 'acme')
for i in range(40):
  xray_recorder.begin_subsegment('step %d' % i)
  xray_recorder.end_subsegment()
xray_recorder.end_segment()
print(segment.trace_id, end='')
`;
    const traceId = await python(script, `127.0.0.1:${clew.xrayPort}`);
    const outline = await traceOf(clew, traceId, 41);
    assert.equal(outline.spans, 41);
    assert.equal(outline.columns.parent.filter((parent) => parent === 0).length, 40);
    await eventually(() => /Successfully sent batch of \d+ segments \(\d+\.\d{3} seconds\)/.test(clew.output));
  });
});
