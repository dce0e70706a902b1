// Traces, graphs, groups and the rest of the API through @aws-sdk/client-xray, boto3 and the CLI.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import * as xray from '@aws-sdk/client-xray';

import {cli, counters, newId, newTraceId, plainTraceId, python, startClew} from './xray.js';

const start = Math.floor(Date.now() / 1000) - 60;
const range = {StartTime: new Date((start - 60) * 1000), EndTime: new Date((start + 120) * 1000)};

// A shop: the page calls the cart, which reads a table; paying fails where the bank says no.
function shop() {
  const traces = {slow: newTraceId(), bad: newTraceId(), wrong: newTraceId()};
  const [page, call, cart, table, payPage, payCall, pay, nothing] = Array.from({length: 8}, newId);
  const http = (status, path = '/', method = 'GET') => ({request: {method, url: `http://shop.example${path}`, client_ip: '10.0.0.1', user_agent: 'curl/7'}, response: {status}});
  const documents = [
    {trace_id: traces.slow, id: page, name: 'web', start_time: start, end_time: start + 6, http: http(200, '/cart'), user: 'alice', origin: 'AWS::EC2::Instance',
      annotations: {plan: 'paid', items: 3, test: false}, metadata: {default: {note: 'ä'}}, aws: {ec2: {instance_id: 'i-1', availability_zone: 'eu-1a'}},
      subsegments: [{id: call, name: 'cart.internal', namespace: 'remote', start_time: start + 0.5, end_time: start + 5.5, http: {response: {status: 200}}}]},
    {trace_id: traces.slow, id: cart, parent_id: call, name: 'cart', start_time: start + 0.6, end_time: start + 5.4, resource_arn: 'arn:cart',
      subsegments: [{id: table, name: 'DynamoDB', namespace: 'aws', start_time: start + 1, end_time: start + 5, aws: {operation: 'Query', table_name: 'carts'}}]},
    {trace_id: traces.bad, id: payPage, name: 'web', start_time: start + 10, end_time: start + 11, fault: true, http: http(500, '/pay', 'POST'), origin: 'AWS::EC2::Instance',
      subsegments: [{id: payCall, name: 'pay', namespace: 'remote', start_time: start + 10.1, end_time: start + 10.9, fault: true, http: {response: {status: 502}}}]},
    {trace_id: traces.bad, id: pay, parent_id: payCall, name: 'pay', start_time: start + 10.2, end_time: start + 10.8, fault: true,
      cause: {exceptions: [{id: newId(), type: 'CardError', message: 'card denied by bank'}]}},
    {trace_id: traces.wrong, id: nothing, name: 'web', start_time: start + 20, end_time: start + 20.2, error: true, throttle: true, http: http(429), origin: 'AWS::EC2::Instance'},
  ];
  return {traces, documents};
}

// A trace of OpenTelemetry: a page that asks a database.
function otlp(traceId) {
  const nanos = (offset) => `${BigInt(start) * 1_000_000_000n + BigInt(offset * 1e9)}`;
  const text = (key, value) => ({key, value: {stringValue: value}});
  return {resourceSpans: [{resource: {attributes: [text('service.name', 'report')]}, scopeSpans: [{scope: {name: 'http'}, spans: [
    {traceId, spanId: 'a'.repeat(16), name: 'GET /report', kind: 2, startTimeUnixNano: nanos(30), endTimeUnixNano: nanos(32),
      attributes: [text('http.request.method', 'GET'), text('url.full', 'http://report.example/all'), {key: 'http.response.status_code', value: {intValue: '200'}}, text('tenant', 'acme')]},
    {traceId, spanId: 'b'.repeat(16), parentSpanId: 'a'.repeat(16), name: 'SELECT', kind: 3, startTimeUnixNano: nanos(30.5), endTimeUnixNano: nanos(31.5),
      attributes: [text('db.system.name', 'postgresql'), text('db.namespace', 'sales'), text('server.address', 'pg1')]},
  ]}]}]};
}

describe('reading', () => {
  let clew, client;
  const {traces, documents} = shop();
  const otlpId = newTraceId();
  const send = (name, input) => client.send(new xray[`${name}Command`](input));
  const refused = (name, input, error) => assert.rejects(send(name, input), error);

  // Every page of a list.
  async function pages(name, input) {
    const all = [];
    for (let NextToken; ;) {
      const page = await send(name, {...input, NextToken});
      all.push(page);
      NextToken = page.NextToken;
      if (!NextToken) return all;
    }
  }

  before(async () => {
    clew = await startClew();
    client = new xray.XRayClient({endpoint: clew.http, region: 'eu-west-1', credentials: {accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret'}, maxAttempts: 1});
    const {UnprocessedTraceSegments} = await send('PutTraceSegments', {TraceSegmentDocuments: documents.map((one) => JSON.stringify(one))});
    assert.deepEqual(UnprocessedTraceSegments, []);
    const response = await fetch(`${clew.http}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(otlp(plainTraceId(otlpId)))});
    assert.equal(response.status, 200);
  });
  after(() => clew?.stop());

  const summaries = async (FilterExpression, more = {}) => (await pages('GetTraceSummaries', {...range, FilterExpression, ...more})).flatMap((page) => page.TraceSummaries);
  const names = {get: (id) => Object.entries({...traces, otlp: otlpId}).find(([, one]) => one === id)?.[0]};
  const matching = async (expression) => (await summaries(expression)).map(({Id}) => names.get(Id)).sort();

  describe('BatchGetTraces', () => {
    test('a document read back equals the one sent; inferred segments come with it', async () => {
      const {Traces, UnprocessedTraceIds} = await send('BatchGetTraces', {TraceIds: [traces.slow, traces.bad, '1-5759e988-000000000000000000000001']});
      assert.deepEqual(UnprocessedTraceIds, ['1-5759e988-000000000000000000000001']);
      assert.deepEqual(Traces.map(({Id, Duration, LimitExceeded, Segments}) => [Id, Duration, LimitExceeded, Segments.length]), [[traces.slow, 6, false, 3], [traces.bad, 1, false, 2]]);
      const read = Object.fromEntries(Traces.flatMap(({Segments}) => Segments).map(({Id, Document}) => [Id, JSON.parse(Document)]));
      for (const document of documents.slice(0, 4)) assert.deepEqual(read[document.id], document);
      const inferred = Object.values(read).filter((one) => one.inferred);
      const call = documents[1].subsegments[0];
      assert.deepEqual(inferred.map(({name, origin, parent_id, start_time, aws}) => ({name, origin, parent_id, start_time, aws})),
        [{name: 'DynamoDB', origin: 'AWS::DynamoDB::Table', parent_id: call.id, start_time: call.start_time, aws: call.aws}]);
    });
    test('spans that came as OTLP are segments', async () => {
      const {Traces: [trace]} = await send('BatchGetTraces', {TraceIds: [otlpId]});
      const [segment, inferred] = trace.Segments.map(({Document}) => JSON.parse(Document));
      assert.equal(segment.name, 'report');
      assert.equal(segment.http.response.status, 200);
      assert.equal(segment.annotations.tenant, 'acme');
      assert.deepEqual(segment.subsegments.map(({name, namespace}) => [name, namespace]), [['sales@pg1', 'remote']]);
      assert.deepEqual([inferred.name, inferred.origin, inferred.inferred], ['sales@pg1', 'Database::SQL', true]);
    });
    test('what is no trace id is refused', async () => {
      await refused('BatchGetTraces', {TraceIds: ['five']}, {name: 'InvalidRequestException', message: /Invalid trace id: five/});
      await refused('BatchGetTraces', {TraceIds: [traces.slow], NextToken: 'bm9uZQ=='}, {name: 'InvalidRequestException', message: 'Invalid NextToken'});
      assert.deepEqual((await send('BatchGetTraces', {TraceIds: []})).Traces, []);
    });
  });

  describe('GetTraceSummaries', () => {
    test('every member of a summary', async () => {
      const [summary] = await summaries('service("cart")');
      assert.equal(summary.Id, traces.slow);
      assert.deepEqual(summary.StartTime, new Date(start * 1000));
      assert.ok(summary.MatchedEventTime instanceof Date);
      assert.equal(summary.Revision, 4);
      assert.deepEqual([summary.Duration, summary.ResponseTime, summary.HasFault, summary.HasError, summary.HasThrottle, summary.IsPartial], [6, 6, false, false, false, false]);
      assert.deepEqual(summary.Http, {HttpURL: 'http://shop.example/cart', HttpStatus: 200, HttpMethod: 'GET', UserAgent: 'curl/7', ClientIp: '10.0.0.1'});
      const web = {Name: 'web', Names: ['web'], Type: 'AWS::EC2::Instance'};
      const cart = {Name: 'cart', Names: ['cart', 'cart.internal']};
      const table = {Name: 'carts', Names: ['carts', 'DynamoDB'], Type: 'AWS::DynamoDB::Table'};
      assert.deepEqual(summary.Annotations, {
        items: [{AnnotationValue: {NumberValue: 3}, ServiceIds: [web]}], plan: [{AnnotationValue: {StringValue: 'paid'}, ServiceIds: [web]}],
        test: [{AnnotationValue: {BooleanValue: false}, ServiceIds: [web]}],
      });
      assert.deepEqual(summary.Users, [{UserName: 'alice', ServiceIds: [web]}]);
      assert.deepEqual(summary.ServiceIds, [web, cart, table]);
      assert.deepEqual(summary.EntryPoint, web);
      assert.deepEqual([summary.ResourceARNs, summary.InstanceIds, summary.AvailabilityZones], [[{ARN: 'arn:cart'}], [{Id: 'i-1'}], [{Name: 'eu-1a'}]]);
      assert.deepEqual([summary.FaultRootCauses, summary.ErrorRootCauses], [[], []]);
      assert.deepEqual(summary.ResponseTimeRootCauses[0].Services.map(({Name, Inferred, EntityPath}) => [Name, Inferred, EntityPath.map(({Name: name, Remote}) => [name, Remote])]),
        [['web', false, [['web', false], ['cart.internal', true]]], ['cart', false, [['cart', false], ['DynamoDB', true]]], ['carts', true, [['DynamoDB', false]]]]);
    });
    test('causes of faults', async () => {
      const [{FaultRootCauses: [cause], HasFault}] = await summaries('fault');
      assert.ok(HasFault && cause.ClientImpacting);
      assert.deepEqual(cause.Services.map(({Name, EntityPath}) => [Name, EntityPath.map((entity) => entity.Exceptions)]),
        [['web', [[], []]], ['pay', [[{Name: 'CardError', Message: 'card denied by bank'}]]]]);
    });
    test('newest first; half open; by the beginning of traces or by what happened', async () => {
      assert.deepEqual((await summaries()).map(({Id}) => names.get(Id)), ['otlp', 'wrong', 'bad', 'slow']);
      const part = {StartTime: new Date((start + 10) * 1000), EndTime: new Date((start + 20) * 1000)};
      assert.deepEqual((await summaries(undefined, part)).map(({Id}) => names.get(Id)), ['bad']);
      const late = {StartTime: new Date((start + 10.15) * 1000), EndTime: new Date((start + 10.25) * 1000)};
      assert.deepEqual(await summaries(undefined, late), []);
      for (const TimeRangeType of ['Event', 'Service']) assert.deepEqual((await summaries(undefined, {...late, TimeRangeType})).map(({Id}) => names.get(Id)), ['bad']);
      const sampled = await summaries(undefined, {Sampling: true, SamplingStrategy: {Name: 'FixedRate', Value: 0.5}});
      assert.equal(sampled.length, 4);
    });
    test('expressions', async () => {
      for (const [expression, expected] of [
        ['service("web") { fault OR error }', ['bad', 'wrong']], ['annotation.plan = "paid" AND responsetime > 5', ['slow']], ['throttle', ['wrong']],
        ['edge("web", "pay") { fault }', ['bad']], ['service(id(type: "AWS::DynamoDB::Table"))', ['slow']], ['annotation.tenant = "acme"', ['otlp']],
        ['service("sales@pg1") { responsetime < 2 }', ['otlp']], ['rootcause.fault.exception { message CONTAINS "denied" }', ['bad']],
        ['http.url CONTAINS "report" OR user = "alice"', ['otlp', 'slow']], ['!ok', ['bad', 'wrong']], ['partial', []],
      ]) assert.deepEqual(await matching(expression), expected, expression);
    });
    test('mistakes name the column, and are counted', async () => {
      const before = (await counters(clew)).clew_refused_xray_total;
      await refused('GetTraceSummaries', {...range, FilterExpression: 'fault AND servce("x")'}, {name: 'InvalidRequestException', message: /column 11: there is no keyword servce/});
      await refused('GetTraceSummaries', {...range, FilterExpression: ''}, {name: 'InvalidRequestException'});
      await refused('GetTraceSummaries', {StartTime: range.EndTime, EndTime: range.StartTime}, {name: 'InvalidRequestException', message: /EndTime must be after StartTime/});
      await refused('GetTraceSummaries', {...range, TimeRangeType: 'Always'}, {name: 'InvalidRequestException'});
      await refused('GetTraceSummaries', {...range, NextToken: 'x'}, {name: 'InvalidRequestException', message: 'Invalid NextToken'});
      assert.equal((await counters(clew)).clew_refused_xray_total, before + 5);
    });
    test('many traces come in pages, each trace once', async () => {
      const ids = Array.from({length: 250}, newTraceId);
      const many = ids.map((trace_id, i) => JSON.stringify({trace_id, id: newId(), name: 'many', start_time: start - 3000 - i % 7, end_time: start - 2990}));
      await send('PutTraceSegments', {TraceSegmentDocuments: many});
      const around = {StartTime: new Date((start - 3600) * 1000), EndTime: new Date((start - 2900) * 1000)};
      for (const FilterExpression of [undefined, 'service("many")', 'service("many") { duration >= 1 }']) {
        const all = await pages('GetTraceSummaries', {...around, FilterExpression});
        assert.ok(all.length >= 3);
        assert.deepEqual(all.flatMap((page) => page.TraceSummaries.map(({Id}) => Id)).sort(), [...ids].sort(), FilterExpression);
        assert.equal(all.reduce((sum, page) => sum + page.TracesProcessedCount, 0), 250);
      }
    });
  });

  describe('graphs', () => {
    const node = (services, name, type) => services.find((one) => one.Name === name && (type === undefined || one.Type === type));
    function check(services) {
      const ids = new Set(services.map(({ReferenceId}) => ReferenceId));
      assert.equal(ids.size, services.length);
      for (const service of services) {
        for (const edge of service.Edges) assert.ok(ids.has(edge.ReferenceId));
        for (const {SummaryStatistics: one, ResponseTimeHistogram: bars} of [...service.Edges, service]) {
          if (!one) {
            assert.equal(service.Type, 'client');
            continue;
          }
          assert.equal(one.TotalCount, one.OkCount + one.ErrorStatistics.TotalCount + one.FaultStatistics.TotalCount);
          assert.equal(one.ErrorStatistics.TotalCount, one.ErrorStatistics.ThrottleCount + one.ErrorStatistics.OtherCount);
          assert.equal(bars.reduce((sum, {Count}) => sum + Count, 0), one.TotalCount);
        }
      }
      assert.equal(services.filter(({Type}) => Type === 'client').length, services.filter(({Root}) => Root).length);
    }

    test('GetServiceGraph: statistics, histograms, client and inferred nodes', async () => {
      const answer = await send('GetServiceGraph', range);
      const services = answer.Services;
      check(services);
      assert.deepEqual([answer.StartTime, answer.EndTime, answer.ContainsOldGroupVersions], [range.StartTime, range.EndTime, false]);
      assert.deepEqual(services.map(({Name, Type, State, Root}) => [Name, Type, State, Root]).sort(), [
        ['cart', undefined, 'active', undefined], ['carts', 'AWS::DynamoDB::Table', 'unknown', undefined], ['pay', undefined, 'active', undefined],
        ['report', undefined, 'active', true], ['report', 'client', 'unknown', undefined], ['sales@pg1', 'Database::SQL', 'unknown', undefined],
        ['web', 'AWS::EC2::Instance', 'active', true], ['web', 'client', 'unknown', undefined]].sort());
      const web = node(services, 'web', 'AWS::EC2::Instance');
      assert.deepEqual(web.SummaryStatistics, {
        OkCount: 1, ErrorStatistics: {ThrottleCount: 1, OtherCount: 0, TotalCount: 1}, FaultStatistics: {OtherCount: 1, TotalCount: 1}, TotalCount: 3, TotalResponseTime: web.SummaryStatistics.TotalResponseTime});
      assert.ok(Math.abs(web.SummaryStatistics.TotalResponseTime - 7.2) < 1e-3);
      const toCart = web.Edges.find(({ReferenceId}) => ReferenceId === node(services, 'cart').ReferenceId);
      assert.ok(Math.abs(toCart.SummaryStatistics.TotalResponseTime - 5) < 1e-3, 'as the caller measured');
      assert.ok(Math.abs(node(services, 'cart').SummaryStatistics.TotalResponseTime - 4.8) < 1e-3, 'as the node measured');
      assert.equal(node(services, 'web', 'client').Edges[0].SummaryStatistics.TotalCount, 3);
      assert.deepEqual(node(services, 'carts').Edges, []);
    });
    test('GetServiceGraph of a group', async () => {
      await send('CreateGroup', {GroupName: 'paying', FilterExpression: 'service("pay")'});
      const {Services} = await send('GetServiceGraph', {...range, GroupName: 'paying'});
      check(Services);
      assert.deepEqual(Services.map(({Name, Type}) => [Name, Type]).sort(), [['pay', undefined], ['web', 'AWS::EC2::Instance'], ['web', 'client']].sort());
      assert.equal(node(Services, 'web', 'AWS::EC2::Instance').SummaryStatistics.TotalCount, 1);
      const {Services: all} = await send('GetServiceGraph', {...range, GroupName: 'Default'});
      assert.equal(all.length, 8);
      await refused('GetServiceGraph', {...range, GroupName: 'nobody'}, {name: 'InvalidRequestException', message: 'Group not found: nobody'});
      await send('DeleteGroup', {GroupName: 'paying'});
    });
    test('GetTraceGraph', async () => {
      const {Services} = await send('GetTraceGraph', {TraceIds: [traces.slow]});
      check(Services);
      assert.deepEqual(Services.map(({Name}) => Name).sort(), ['cart', 'carts', 'web', 'web']);
      assert.deepEqual((await send('GetTraceGraph', {TraceIds: []})).Services, []);
    });
    test('GetTimeSeriesServiceStatistics', async () => {
      const series = async (more) => (await pages('GetTimeSeriesServiceStatistics', {...range, ...more})).flatMap((page) => page.TimeSeriesServiceStatistics);
      const total = (points, member) => points.reduce((sum, point) => sum + point[member].TotalCount, 0);
      const all = await series({Period: 60});
      assert.equal(total(all, 'EdgeSummaryStatistics'), 4);
      for (const {Timestamp} of all) assert.equal(Timestamp.getTime() % 60_000, 0);
      assert.equal(total(await series({EntitySelectorExpression: 'service("web")', Period: 300}), 'ServiceSummaryStatistics'), 3);
      assert.equal(total(await series({EntitySelectorExpression: 'edge("web", "pay")'}), 'EdgeSummaryStatistics'), 1);
      assert.equal(total(await series({EntitySelectorExpression: 'id(name: "carts", type: "AWS::DynamoDB::Table")', ForecastStatistics: true}), 'ServiceSummaryStatistics'), 1);
      assert.equal(total(await series({EntitySelectorExpression: 'service("web") { fault }'}), 'ServiceSummaryStatistics'), 1);
      await send('CreateGroup', {GroupName: 'quick', FilterExpression: 'responsetime < 5'});
      assert.equal(total(await series({EntitySelectorExpression: 'service("web")', GroupName: 'quick'}), 'ServiceSummaryStatistics'), 2);
      assert.equal(total(await series({EntitySelectorExpression: 'service("web") { error }', GroupName: 'quick'}), 'ServiceSummaryStatistics'), 1);
      assert.deepEqual(await series({EntitySelectorExpression: 'service("web") { responsetime > 5 }', GroupName: 'quick'}), []);
      await send('DeleteGroup', {GroupName: 'quick'});
      await refused('GetTimeSeriesServiceStatistics', {...range, EntitySelectorExpression: 'fault'}, {name: 'InvalidRequestException'});
      await refused('GetTimeSeriesServiceStatistics', {...range, Period: 61}, {name: 'InvalidRequestException'});
    });
  });

  describe('retrieval', () => {
    test('traces as segments, and as spans of OpenTelemetry', async () => {
      const {RetrievalToken} = await send('StartTraceRetrieval', {TraceIds: [traces.slow, otlpId, newTraceId()], ...range});
      const listed = async (TraceFormat) => (await pages('ListRetrievedTraces', {RetrievalToken, TraceFormat})).flatMap((page) => {
        assert.deepEqual([page.RetrievalStatus, page.TraceFormat], ['COMPLETE', TraceFormat]);
        return page.Traces;
      });
      const segments = await listed('XRAY');
      assert.deepEqual(segments.map(({Id, Duration}) => [Id, Duration]), [[traces.slow, 6], [otlpId, 2]]);
      assert.deepEqual(JSON.parse(segments[0].Spans[0].Document), documents[0]);
      const spans = (await listed('OTEL'))[1].Spans.map(({Id, Document}) => [Id, JSON.parse(Document)]);
      assert.deepEqual(spans.map(([Id, {name, kind, parentSpanId}]) => [Id, name, kind, parentSpanId]),
        [['a'.repeat(16), 'GET /report', 'SERVER', undefined], ['b'.repeat(16), 'SELECT', 'CLIENT', 'a'.repeat(16)]]);
      assert.equal(spans[0][1].resource.attributes['service.name'], 'report');
      assert.equal(spans[0][1].attributes['http.response.status_code'], 200);
      const graph = await send('GetRetrievedTracesGraph', {RetrievalToken});
      assert.deepEqual(graph.Services.map(({Service}) => Service.Name).sort(), ['cart', 'carts', 'report', 'report', 'sales@pg1', 'web', 'web']);
      await send('CancelTraceRetrieval', {RetrievalToken});
      const cancelled = await send('ListRetrievedTraces', {RetrievalToken});
      assert.deepEqual([cancelled.RetrievalStatus, cancelled.Traces], ['CANCELLED', []]);
    });
    test('a trace with many spans comes in pages', async () => {
      const trace_id = newTraceId();
      const subsegments = Array.from({length: 250}, (_, i) => ({id: newId(), name: `step ${i}`, start_time: start - 7200 + i / 1000, end_time: start - 7199}));
      await send('PutTraceSegments', {TraceSegmentDocuments: [JSON.stringify({trace_id, id: newId(), name: 'long', start_time: start - 7200, end_time: start - 7100, subsegments})]});
      const {RetrievalToken} = await send('StartTraceRetrieval', {TraceIds: [trace_id], ...range});
      const all = await pages('ListRetrievedTraces', {RetrievalToken, TraceFormat: 'OTEL'});
      assert.equal(all.length, 3);
      assert.equal(new Set(all.flatMap(({Traces}) => Traces.flatMap(({Spans}) => Spans.map(({Id}) => Id)))).size, 251);
    });
    test('an unknown token', async () => {
      for (const name of ['ListRetrievedTraces', 'GetRetrievedTracesGraph', 'CancelTraceRetrieval']) {
        await refused(name, {RetrievalToken: 'none'}, {name: 'ResourceNotFoundException', ResourceName: 'none'});
      }
    });
  });

  describe('groups and tags', () => {
    test('the life of a group', async () => {
      const {Group: made} = await send('CreateGroup', {GroupName: 'life', FilterExpression: 'fault', InsightsConfiguration: {InsightsEnabled: true}, Tags: [{Key: 'team', Value: 'shop'}]});
      assert.match(made.GroupARN, /^arn:aws:xray:eu-west-1:000000000000:group\/life\/[A-Z2-7]{12}$/);
      assert.deepEqual([made.FilterExpression, made.InsightsConfiguration], ['fault', {InsightsEnabled: true, NotificationsEnabled: false}]);
      assert.deepEqual((await send('GetGroup', {GroupARN: made.GroupARN})).Group, made);
      const {Group: changed} = await send('UpdateGroup', {GroupName: 'life', FilterExpression: 'group.name = "Default" AND error'});
      assert.deepEqual(changed, {...made, FilterExpression: 'group.name = "Default" AND error'});
      assert.deepEqual(await matching('group.name = "life"'), ['wrong']);
      assert.deepEqual((await send('GetGroups', {})).Groups.map(({GroupName}) => GroupName), ['Default', 'life']);
      assert.deepEqual((await send('ListTagsForResource', {ResourceARN: made.GroupARN})).Tags, [{Key: 'team', Value: 'shop'}]);
      await send('TagResource', {ResourceARN: made.GroupARN, Tags: [{Key: 'stage', Value: 'test'}]});
      await send('UntagResource', {ResourceARN: made.GroupARN, TagKeys: ['team']});
      assert.deepEqual((await send('ListTagsForResource', {ResourceARN: made.GroupARN})).Tags, [{Key: 'stage', Value: 'test'}]);
      await refused('TagResource', {ResourceARN: made.GroupARN, Tags: Array.from({length: 50}, (_, i) => ({Key: `k${i}`, Value: ''}))}, {name: 'TooManyTagsException'});
      await send('DeleteGroup', {GroupARN: made.GroupARN});
      await refused('GetGroup', {GroupName: 'life'}, {name: 'InvalidRequestException', message: 'Group not found: life'});
      await refused('ListTagsForResource', {ResourceARN: made.GroupARN}, {name: 'ResourceNotFoundException', ResourceName: made.GroupARN});
    });
    test('tags of a sampling rule', async () => {
      const rule = {RuleName: 'tagged', ResourceARN: '*', Priority: 5, FixedRate: 1, ReservoirSize: 1, ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*', Version: 1};
      const {SamplingRuleRecord: {SamplingRule: {RuleARN: ResourceARN}}} = await send('CreateSamplingRule', {SamplingRule: rule, Tags: [{Key: 'team', Value: 'shop'}]});
      assert.deepEqual((await send('ListTagsForResource', {ResourceARN})).Tags, [{Key: 'team', Value: 'shop'}]);
      await send('DeleteSamplingRule', {RuleName: 'tagged'});
      await refused('ListTagsForResource', {ResourceARN}, {name: 'ResourceNotFoundException'});
    });
    test('many groups come in pages', async () => {
      const wanted = Array.from({length: 120}, (_, i) => `g${String(i).padStart(3, '0')}`);
      for (const GroupName of wanted) await send('CreateGroup', {GroupName});
      const all = await pages('GetGroups', {});
      assert.deepEqual(all.map(({Groups}) => Groups.length), [100, 21]);
      assert.deepEqual(all.flatMap(({Groups}) => Groups.map(({GroupName}) => GroupName)), ['Default', ...wanted]);
      for (const GroupName of wanted) await send('DeleteGroup', {GroupName});
    });
    test('what is wrong with a group is told', async () => {
      await send('CreateGroup', {GroupName: 'there'});
      for (const [name, input, message] of [
        ['CreateGroup', {GroupName: 'there'}, /already exists/], ['CreateGroup', {GroupName: 'x'.repeat(33)}, /length less than or equal to 32/],
        ['CreateGroup', {GroupName: 'wrong', FilterExpression: 'fault AND'}, /column 10/], ['CreateGroup', {}, /groupName.*not be null/],
        ['CreateGroup', {GroupName: 'Default'}, /always there/], ['DeleteGroup', {GroupName: 'Default'}, /cannot be deleted/], ['GetGroup', {}, /either GroupName or GroupARN/],
        ['UpdateGroup', {GroupName: 'nobody', FilterExpression: 'fault'}, /not found/], ['UpdateGroup', {GroupName: 'there', FilterExpression: 'group.name = "nobody"'}, /no group nobody/],
      ]) await refused(name, input, {name: 'InvalidRequestException', message}, JSON.stringify(input));
    });
  });

  describe('settings, policies, insights', () => {
    test('encryption: none, and nothing that only seems so', async () => {
      assert.deepEqual((await send('GetEncryptionConfig', {})).EncryptionConfig, {Status: 'ACTIVE', Type: 'NONE'});
      assert.deepEqual((await send('PutEncryptionConfig', {Type: 'NONE'})).EncryptionConfig, {Status: 'ACTIVE', Type: 'NONE'});
      await refused('PutEncryptionConfig', {Type: 'KMS', KeyId: 'alias/key'}, {name: 'InvalidRequestException', message: /no KMS/});
    });
    test('destination and indexing', async () => {
      const destination = ({Destination, Status}) => [Destination, Status];
      assert.deepEqual(destination(await send('GetTraceSegmentDestination', {})), ['XRay', 'ACTIVE']);
      assert.deepEqual(destination(await send('UpdateTraceSegmentDestination', {Destination: 'XRay'})), ['XRay', 'ACTIVE']);
      await refused('UpdateTraceSegmentDestination', {Destination: 'CloudWatchLogs'}, {name: 'InvalidRequestException'});
      await send('UpdateIndexingRule', {Name: 'Default', Rule: {Probabilistic: {DesiredSamplingPercentage: 12.5}}});
      const {IndexingRules: [rule]} = await send('GetIndexingRules', {});
      assert.deepEqual([rule.Name, rule.Rule], ['Default', {Probabilistic: {DesiredSamplingPercentage: 12.5, ActualSamplingPercentage: 100}}]);
      await refused('UpdateIndexingRule', {Name: 'other', Rule: {Probabilistic: {DesiredSamplingPercentage: 1}}}, {name: 'ResourceNotFoundException'});
      await refused('UpdateIndexingRule', {Name: 'Default', Rule: {Probabilistic: {DesiredSamplingPercentage: 101}}}, {name: 'InvalidRequestException'});
    });
    test('resource policies', async () => {
      const PolicyDocument = JSON.stringify({Version: '2012-10-17', Statement: [{Effect: 'Allow', Principal: {Service: 'sns.amazonaws.com'}, Action: 'xray:PutTraceSegments', Resource: '*'}]});
      const {ResourcePolicy: made} = await send('PutResourcePolicy', {PolicyName: 'sns', PolicyDocument});
      assert.deepEqual([made.PolicyName, made.PolicyDocument, made.PolicyRevisionId], ['sns', PolicyDocument, '1']);
      assert.ok(made.LastUpdatedTime instanceof Date);
      await refused('PutResourcePolicy', {PolicyName: 'sns', PolicyDocument, PolicyRevisionId: '7'}, {name: 'InvalidPolicyRevisionIdException'});
      await refused('PutResourcePolicy', {PolicyName: 'no', PolicyDocument: 'allow'}, {name: 'MalformedPolicyDocumentException'});
      await refused('PutResourcePolicy', {PolicyName: 'no', PolicyDocument: JSON.stringify({Statement: ['x'.repeat(6000)]})}, {name: 'PolicySizeLimitExceededException'});
      assert.equal((await send('PutResourcePolicy', {PolicyName: 'sns', PolicyDocument, PolicyRevisionId: '1'})).ResourcePolicy.PolicyRevisionId, '2');
      for (let i = 0; i < 4; ++i) await send('PutResourcePolicy', {PolicyName: `p${i}`, PolicyDocument});
      await refused('PutResourcePolicy', {PolicyName: 'p5', PolicyDocument}, {name: 'PolicyCountLimitExceededException'});
      assert.equal((await send('ListResourcePolicies', {})).ResourcePolicies.length, 5);
      for (const {PolicyName} of (await send('ListResourcePolicies', {})).ResourcePolicies) await send('DeleteResourcePolicy', {PolicyName});
      assert.deepEqual((await send('ListResourcePolicies', {})).ResourcePolicies, []);
    });
    test('insights: there are none', async () => {
      assert.deepEqual((await send('GetInsightSummaries', {...range, GroupName: 'Default'})).InsightSummaries, []);
      await refused('GetInsightSummaries', range, {name: 'InvalidRequestException'});
      const InsightId = '11111111-2222-3333-4444-555555555555';
      for (const [name, more] of [['GetInsight', {}], ['GetInsightEvents', {}], ['GetInsightImpactGraph', range]]) {
        await refused(name, {InsightId, ...more}, {name: 'InvalidRequestException', message: `Insight not found: ${InsightId}`});
      }
    });
  });

  describe("Debian's programs", () => {
    test('the CLI makes a group that matters, and reads', async () => {
      const {Group} = await cli(clew, ['create-group', '--group-name', 'Cruddur', '--filter-expression', 'service("backend-flask")']);
      assert.deepEqual([Group.GroupName, Group.FilterExpression], ['Cruddur', 'service("backend-flask")']);
      const trace_id = newTraceId();
      const segment = {trace_id, id: newId(), name: 'backend-flask', start_time: start + 1, end_time: start + 2};
      await cli(clew, ['put-trace-segments', '--trace-segment-documents', JSON.stringify(segment)]);
      const times = ['--start-time', String(start - 60), '--end-time', String(start + 120)];
      const graph = await cli(clew, ['get-service-graph', ...times, '--group-name', 'Cruddur']);
      assert.deepEqual(graph.Services.map(({Name, Type}) => [Name, Type]), [['backend-flask', undefined], ['backend-flask', 'client']]);
      const {TraceSummaries} = await cli(clew, ['get-trace-summaries', ...times, '--filter-expression', 'group.name = "Cruddur"']);
      assert.deepEqual(TraceSummaries.map(({Id}) => Id), [trace_id]);
      const {Traces} = await cli(clew, ['batch-get-traces', '--trace-ids', trace_id]);
      assert.deepEqual(JSON.parse(Traces[0].Segments[0].Document), segment);
      await assert.rejects(cli(clew, ['create-group', '--group-name', 'Cruddur']), /InvalidRequestException.*already exists/s);
      await assert.rejects(cli(clew, ['get-trace-summaries', ...times, '--filter-expression', 'fault AND']), /InvalidRequestException.*column 10/s);
      await cli(clew, ['delete-group', '--group-name', 'Cruddur']);
    });
    test('boto3: with its paginators', async () => {
      const script = `
import sys, boto3, json
client = boto3.client('xray', endpoint_url=sys.argv[1], region_name='us-east-1')
start, end = int(sys.argv[2]) - 60, int(sys.argv[2]) + 120
def all(name, member, **more):
    return [one for page in client.get_paginator(name).paginate(**more) for one in page[member]]
print(sorted(s['Id'] for s in all('get_trace_summaries', 'TraceSummaries', StartTime=start, EndTime=end, FilterExpression='service("web")')) == sorted(json.loads(sys.argv[3])))
print(len(all('batch_get_traces', 'Traces', TraceIds=json.loads(sys.argv[3]))))
print(sorted(s['Name'] for s in all('get_service_graph', 'Services', StartTime=start, EndTime=end) if s.get('Type') == 'client' and s['Name'] != 'backend-flask'))
print(len(all('get_trace_graph', 'Services', TraceIds=json.loads(sys.argv[3])[:1])))
print([g['GroupName'] for g in all('get_groups', 'Groups')][0])
print(sum(p['ServiceSummaryStatistics']['TotalCount'] for p in all('get_time_series_service_statistics', 'TimeSeriesServiceStatistics', StartTime=start, EndTime=end, EntitySelectorExpression='service("web")')))
print(client.get_encryption_config()['EncryptionConfig']['Type'], client.get_insight_summaries(StartTime=start, EndTime=end, GroupName='Default')['InsightSummaries'])
try:
    client.get_group(GroupName='nobody')
except client.exceptions.InvalidRequestException as refusal:
    print(refusal.response['Error']['Message'])
`;
      const lines = (await python(script, clew.http, String(start), JSON.stringify(Object.values(traces)))).trim().split('\n');
      assert.deepEqual(lines, ['True', '3', "['report', 'web']", '4', 'Default', '3', 'NONE []', 'Group not found: nobody']);
    });
  });
});
