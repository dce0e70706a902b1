// What the shop's meters would have measured during visits: points of ten seconds each, of how long requests took (with the trace of
// the slowest as exemplar), of orders and of what they brought in.
import { attributes } from "./otlp.mjs";

const intervalMilliseconds = 10_000;
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const serverKind = 2;
const delta = 1;

export function measurements(visits) {
  const durations = new Points(), orders = new Points(), revenue = new Points();
  for (const { resource, item: span } of visits.flatMap((visit) => visit.spans)) {
    if (span.kind !== serverKind) continue;
    const values = Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
    const labels = { "http.request.method": values["http.request.method"], "http.route": values["http.route"], "http.response.status_code": Number(values["http.response.status_code"]) };
    durations.at(resource, labels, span).push(span);
    if (span.name === "POST /charges" && !span.status.code) {
      const currency = { currency: values["payment.currency"] };
      orders.at(resource, {}, span).push(1);
      revenue.at(resource, currency, span).push(Number(values["payment.amount"]));
    }
  }
  return [
    ...durations.metrics(({ point, measured }) => ({ name: "http.server.request.duration", unit: "s", histogram: { aggregationTemporality: delta, dataPoints: [{ ...point, ...histogram(measured) }] } })),
    ...orders.metrics(({ point, measured }) => ({ name: "shop.orders", unit: "{order}", sum: { aggregationTemporality: delta, isMonotonic: true, dataPoints: [{ ...point, asInt: String(measured.length) }] } })),
    ...revenue.metrics(({ point, measured }) => ({ name: "shop.revenue", unit: "EUR", sum: { aggregationTemporality: delta, isMonotonic: true, dataPoints: [{ ...point, asDouble: measured.reduce((sum, one) => sum + one, 0) }] } })),
  ];
}

// Measurements by resource, labels and interval.
class Points {
  #all = new Map();

  at(resource, labels, span) {
    const end = Number(BigInt(span.endTimeUnixNano) / 1_000_000n), begin = end - (end % intervalMilliseconds);
    const key = JSON.stringify([resource, labels, begin]);
    if (!this.#all.has(key)) {
      const nanoseconds = (milliseconds) => String(BigInt(milliseconds) * 1_000_000n);
      const point = { attributes: attributes(labels), startTimeUnixNano: nanoseconds(begin), timeUnixNano: nanoseconds(begin + intervalMilliseconds) };
      this.#all.set(key, { resource, point, measured: [] });
    }
    return this.#all.get(key).measured;
  }

  metrics(make) {
    return [...this.#all.values()].map((one) => ({ resource: one.resource, item: make(one) }));
  }
}

function histogram(spans) {
  const seconds = (span) => Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e9;
  const buckets = new Array(bounds.length + 1).fill(0);
  for (const span of spans) ++buckets[(bounds.findIndex((bound) => seconds(span) <= bound) + buckets.length) % buckets.length];
  const slowest = spans.reduce((slow, span) => (seconds(span) > seconds(slow) ? span : slow));
  return {
    count: String(spans.length),
    sum: spans.reduce((sum, span) => sum + seconds(span), 0),
    bucketCounts: buckets.map(String),
    explicitBounds: bounds,
    min: Math.min(...spans.map(seconds)),
    max: seconds(slowest),
    exemplars: [{ timeUnixNano: slowest.endTimeUnixNano, asDouble: seconds(slowest), traceId: slowest.traceId, spanId: slowest.spanId }],
  };
}
