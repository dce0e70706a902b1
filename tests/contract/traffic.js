// A small trace with everything a span can have, its logs, and metrics, as OTLP/JSON.
export const traceId = '5b8efff798038103d269b633813fc60c';
export const rootId = 'eee19b7ec3c1b174';
export const childId = 'eee19b7ec3c1b173';

const attribute = (key, value) => ({key, value});
const resource = {attributes: [attribute('service.name', {stringValue: 'shop'}), attribute('host.cpus', {intValue: '4'})]};
const scope = {name: 'shop.http', version: '1.2', attributes: [attribute('scope.flag', {boolValue: true})]};
const nanos = (ms) => `${BigInt(Math.round(ms)) * 1_000_000n}`;

export function traces(now) {
  return {
    resourceSpans: [{
      resource, schemaUrl: 'https://opentelemetry.io/schemas/1.26.0',
      scopeSpans: [{
        scope,
        spans: [{
          traceId, spanId: rootId, name: 'GET /cart', kind: 2, startTimeUnixNano: nanos(now - 100), endTimeUnixNano: nanos(now), traceState: 'a=1',
          attributes: [
            attribute('http.route', {stringValue: '/cart'}), attribute('http.response.status_code', {intValue: '500'}),
            attribute('large', {intValue: '9223372036854775807'}), attribute('ratio', {doubleValue: 0.25}),
            attribute('not a number', {doubleValue: 'NaN'}), attribute('raw', {bytesValue: 'AAEC'}),
            attribute('list', {arrayValue: {values: [{intValue: '1'}, {stringValue: 'two'}]}}), attribute('ok', {boolValue: false}),
          ],
          droppedAttributesCount: 2,
          events: [{timeUnixNano: nanos(now - 50), name: 'cache miss', attributes: [attribute('size', {intValue: '3'})], droppedAttributesCount: 1}],
          links: [{traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', attributes: [attribute('why', {stringValue: 'retry'})]}],
          status: {},
        }, {
          traceId, spanId: childId, parentSpanId: rootId, name: 'SELECT cart', kind: 3,
          startTimeUnixNano: nanos(now - 80), endTimeUnixNano: nanos(now - 60), status: {code: 2, message: 'no connection'},
        }, {
          traceId: 'ffffffffffffffffffffffffffffff01', spanId: 'aaaaaaaaaaaaaaaa', parentSpanId: 'bbbbbbbbbbbbbbbb', name: 'without its parent', kind: 1,
          startTimeUnixNano: nanos(now - 20), endTimeUnixNano: nanos(now - 10),
        }],
      }],
    }],
  };
}

export function logs(now) {
  return {
    resourceLogs: [{
      resource,
      scopeLogs: [{
        scope,
        logRecords: [
          {timeUnixNano: nanos(now - 70), severityNumber: 13, severityText: 'WARNING', body: {stringValue: 'cart is slow'}, traceId, spanId: rootId,
            attributes: [attribute('cart.items', {intValue: '3'})]},
          {timeUnixNano: nanos(now - 65), severityNumber: 17, eventName: 'checkout.failed',
            body: {kvlistValue: {values: [attribute('code', {intValue: '7'})]}}},
        ],
      }],
    }],
  };
}

export function metrics(now) {
  const point = {timeUnixNano: nanos(now - 30), startTimeUnixNano: nanos(now - 60_000)};
  return {
    resourceMetrics: [{
      resource,
      scopeMetrics: [{
        scope,
        metrics: [
          {name: 'queue.length', unit: '1', gauge: {dataPoints: [{...point, asInt: '5'}]}},
          {name: 'reply.time', unit: 'ms', histogram: {aggregationTemporality: 2, dataPoints: [
            {...point, count: '3', sum: 30, bucketCounts: ['1', '2'], explicitBounds: [10]}]}},
        ],
      }],
    }],
  };
}
