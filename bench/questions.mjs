// The questions of the table in docs/performance.md: the same one for clew and for ClickHouse, and what we aim at.
// {user} is the one with most spans, {trace} one of that user's traces. `must` and `wants` are milliseconds over a million spans on two cores.
export const questions = [
  {
    name: "count and P99 of duration, by service",
    clew: "COUNT, P99(duration_ms) GROUP BY service.name",
    sql: "SELECT ServiceName, count(), quantile(0.99)(Duration) FROM {t} GROUP BY ServiceName ORDER BY 2 DESC",
    must: 20,
    wants: 8,
  },
  {
    name: "count and P95 of duration, by service, route and 10 seconds",
    clew: "COUNT, P95(duration_ms) GROUP BY service.name, http.route EVERY 10s ROWS LIMIT 10000",
    sql: "SELECT ServiceName, SpanAttributes['http.route'] AS route, toStartOfInterval(Timestamp, INTERVAL 10 SECOND) AS bucket, count(), quantile(0.95)(Duration) FROM {t} GROUP BY ServiceName, route, bucket ORDER BY 4 DESC LIMIT 10000",
    must: 80,
    wants: 40,
  },
  {
    name: "the 10 tenants with most status codes of 500 and above",
    clew: "COUNT WHERE http.response.status_code >= 500 GROUP BY app.tenant ORDER BY COUNT DESC LIMIT 10",
    sql: "SELECT SpanAttributes['app.tenant'] AS tenant, count() FROM {t} WHERE toUInt32OrZero(SpanAttributes['http.response.status_code']) >= 500 GROUP BY tenant ORDER BY 2 DESC LIMIT 10",
    must: 8,
    wants: 3,
  },
  {
    name: "distinct users, exactly",
    clew: "COUNT_DISTINCT(user.id)",
    sql: "SELECT uniqExact(SpanAttributes['user.id']) FROM {t}",
    must: 60,
    wants: 25,
  },
  {
    name: "how many statements contain a text",
    clew: 'COUNT WHERE db.statement contains "table7 WHERE"',
    sql: "SELECT count() FROM {t} WHERE SpanAttributes['db.statement'] LIKE '%table7 WHERE%'",
    must: 5,
    wants: 3,
  },
  {
    name: "20 traces of one user",
    clew: 'COUNT WHERE user.id = "{user}" GROUP BY trace.trace_id LIMIT 20',
    sql: "SELECT DISTINCT TraceId FROM {t} WHERE SpanAttributes['user.id'] = '{user}' LIMIT 20",
    must: 4,
    wants: 1,
  },
  {
    name: "one trace, all its spans",
    trace: true,
    sql: "SELECT * FROM {t} WHERE TraceId = '{trace}' AND Timestamp >= (SELECT min(Start) FROM {t}_trace_id_ts WHERE TraceId = '{trace}') AND Timestamp <= (SELECT max(End) FROM {t}_trace_id_ts WHERE TraceId = '{trace}') + INTERVAL 1 SECOND",
    must: 2,
    wants: 0.5,
  },
  { name: "how many spans", clew: "COUNT", sql: "SELECT count() FROM {t}" },
];

// The user with most spans, and that user's traces.
export async function findUserAndTrace(server, range) {
  const column = async (query) => (await server.ask({ query, ...range })).answer.rows.map(([value]) => value);
  const [user] = await column("COUNT WHERE user.id exists GROUP BY user.id ORDER BY COUNT DESC LIMIT 1");
  return { user, traces: await column(`COUNT WHERE user.id = "${user}" GROUP BY trace.trace_id LIMIT 20`) };
}

// Milliseconds that a person waits for the answer. Another trace each time: the last ones asked for are kept at hand.
export async function askFor(server, question, range, { user, traces }) {
  let next = 0;
  return medianOfLastThree(async () => {
    if (question.trace) return (await server.get(`/clew/v1/traces/${traces[next++ % traces.length]}`)).milliseconds;
    const query = question.clew.replace("{user}", user);
    const { milliseconds, answer: table } = await server.ask({ query, ...range });
    if (table.rows.length === 0) throw new Error(`${query} answered no rows`);
    return milliseconds;
  });
}

export async function askAll(server, range) {
  const found = await findUserAndTrace(server, range);
  const times = [];
  for (const question of questions) times.push(await askFor(server, question, range, found));
  return times;
}

// Four times; the first warms up, of the others the one in the middle counts.
export async function medianOfLastThree(ask) {
  const times = [];
  for (let i = 0; i < 4; ++i) times.push(await ask());
  return times.slice(1).sort((a, b) => a - b)[1];
}
