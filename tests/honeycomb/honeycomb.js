// A clew, and what the tests of Honeycomb's clients have in common.
import {Clew, sleep} from '../clients/clew.js';

export {Clew, sleep};

// Until `look` gives something.
export async function eventually(look, limitMs = 20_000) {
  for (const end = Date.now() + limitMs; ; await sleep(50)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not come to pass in time');
  }
}

// One request as a client of the API makes it; the body of the answer is parsed when it is JSON.
export async function call(clew, method, path, body, {key = 'any', headers = {}} = {}) {
  const response = await fetch(`${clew.http}${path}`, {
    method,
    headers: {
      ...(key && {'x-honeycomb-team': key}),
      ...(body !== undefined && {'content-type': 'application/json'}),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {status: response.status, type, headers: response.headers, text, body: type.includes('json') && text ? JSON.parse(text) : undefined};
}

// Nanoseconds in a text as "2026-01-05T10:00:00.123456789Z".
export function utc(nanoseconds) {
  const all = BigInt(nanoseconds), seconds = new Date(Number(all / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(all % 1_000_000_000n).padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction && `.${fraction}`}Z`;
}

// The rows of log records and spans that `column` exists in, newest last.
export async function rowsWith(clew, column, signal = 'logs', options = {}) {
  const answer = await clew.ask('/query', {...options, body: {signal, query: `ROWS * WHERE ${column} exists ORDER BY time ASC SINCE 2020-01-01T00:00:00Z`}});
  return answer.rows.map((row) => Object.fromEntries(row.map((value, i) => [answer.columns[i].name, value]).filter(([, value]) => value !== null))).map((row) => ({...row, time: utc(row.time)}));
}

// A question through the query API: created, asked, polled until it is complete.
export async function ask(clew, dataset, specification, wish = {}, options = {}) {
  const must = (answer, status) => {
    if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
    return answer;
  };
  const made = must(await call(clew, 'POST', `/1/queries/${dataset}`, specification, options), 200);
  const asked = must(await call(clew, 'POST', `/1/query_results/${dataset}`, {query_id: made.body.id, ...wish}, options), 201);
  if (asked.body.complete !== false) throw new Error('it was complete at once');
  const path = new URL(asked.headers.get('location')).pathname;
  return eventually(async () => {
    const {body} = must(await call(clew, 'GET', path, undefined, options), 200);
    return body.complete && body;
  });
}
