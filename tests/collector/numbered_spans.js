// Requests whose spans are told apart by a number, sent as OTLP/JSON, and the question which of them arrived.
const hex = (number, digits) => number.toString(16).padStart(digits, '0');

export function request(first, count, service = 'numbered') {
  const start = BigInt(Date.now()) * 1_000_000n;
  return JSON.stringify({
    resourceSpans: [{
      resource: {attributes: [{key: 'service.name', value: {stringValue: service}}]},
      scopeSpans: [{
        scope: {name: 'test'},
        spans: Array.from({length: count}, (_, i) => ({
          traceId: hex(first + 1, 32), spanId: hex(first + i + 1, 16), name: 'numbered', kind: 2,
          startTimeUnixNano: `${start}`, endTimeUnixNano: `${start + 1000n}`,
          attributes: [{key: 'number', value: {intValue: `${first + i}`}}],
        })),
      }],
    }],
  });
}

// The status of the answer; 0 when there was none.
export async function send(port, body, headers = {}) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {method: 'POST', body, headers: {'content-type': 'application/json', ...headers}});
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

// How often each number is in the backend.
export async function arrivals(backend, service = 'numbered') {
  const rows = await backend.query('traces', `COUNT WHERE service.name = "${service}" GROUP BY number LIMIT 1000`);
  return new Map(rows.map((row) => [Number(row.number), row.COUNT]));
}
