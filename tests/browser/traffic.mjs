// Traces and logs as OTLP/JSON, and how to send them.
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";

export const newTraceId = () => randomBytes(16).toString("hex");
export const newSpanId = () => randomBytes(8).toString("hex");

const anyValue = (value) => {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: value };
};
export const attributes = (values) => Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));

/** Milliseconds since 1970, as OTLP writes times. */
export const nanos = (milliseconds) => String(BigInt(Math.round(milliseconds * 1000)) * 1000n);

export function span(traceId, { id = newSpanId(), parent, name, start, took, more = {}, values = {} }) {
  return {
    traceId,
    spanId: id,
    ...(parent ? { parentSpanId: parent } : {}),
    name,
    kind: 2,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + took),
    attributes: attributes(values),
    ...more,
  };
}

/** services: { name: [span, …] } */
export const tracesOf = (services) => ({
  resourceSpans: Object.entries(services).map(([name, spans]) => ({
    resource: { attributes: attributes({ "service.name": name, "service.version": "2.3.1" }) },
    scopeSpans: [{ scope: { name: "browser-tests", version: "1.0.0" }, spans }],
  })),
});

export async function send(clew, signal, body) {
  const response = await fetch(`${clew.http}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, await response.text());
}

/** A checkout that fails at the card, with an event, an exception, a link to another trace and a log line. */
export function checkout({ start = Date.now() - 2000, linkedTo } = {}) {
  const traceId = newTraceId();
  const ids = { root: newSpanId(), cart: newSpanId(), pay: newSpanId(), charge: newSpanId() };
  const exception = {
    timeUnixNano: nanos(start + 150),
    name: "exception",
    attributes: attributes({
      "exception.type": "CardDeclined",
      "exception.message": "the card was declined: insufficient funds",
      "exception.stacktrace": "CardDeclined: the card was declined\n    at charge (pay.js:17:9)\n    at handle (pay.js:4:3)",
    }),
  };
  const spans = {
    frontend: [span(traceId, { id: ids.root, name: "POST /checkout", start, took: 220, values: { "http.route": "/checkout", "http.response.status_code": 502, "user.id": "u-48213" } })],
    cart: [span(traceId, { id: ids.cart, parent: ids.root, name: "load cart", start: start + 10, took: 40, values: { "cart.items": 3 }, more: { events: [{ timeUnixNano: nanos(start + 25), name: "cache missed", attributes: attributes({ "cache.key": "cart:48213" }) }] } })],
    payment: [
      span(traceId, { id: ids.pay, parent: ids.root, name: "pay", start: start + 60, took: 150 }),
      span(traceId, {
        id: ids.charge,
        parent: ids.pay,
        name: "charge card",
        start: start + 80,
        took: 100,
        values: { "payment.amount": 129.95, "payment.provider": "acme" },
        more: {
          status: { code: 2, message: "declined" },
          events: [exception],
          links: linkedTo ? [{ traceId: linkedTo.traceId, spanId: linkedTo.ids.root, attributes: attributes({ reason: "retry of" }) }] : [],
        },
      }),
    ],
  };
  const logs = {
    resourceLogs: [
      {
        resource: { attributes: attributes({ "service.name": "payment" }) },
        scopeLogs: [
          {
            logRecords: [
              { timeUnixNano: nanos(start + 155), severityNumber: 17, severityText: "ERROR", body: { stringValue: "charge refused by acme" }, traceId, spanId: ids.charge, attributes: attributes({ attempt: 1 }) },
            ],
          },
        ],
      },
    ],
  };
  return { traceId, ids, traces: tracesOf(spans), logs };
}

/** One trace of many spans: a root, and under it groups of fifty. */
export function largeTrace(count, start = Date.now() - 60_000) {
  const traceId = newTraceId();
  const root = newSpanId();
  const spans = [span(traceId, { id: root, name: "import catalogue", start, took: 30_000 })];
  let group = root;
  for (let index = 1; index < count; index++) {
    const isGroup = index % 50 === 1;
    const id = newSpanId();
    const at = start + (index / count) * 29_000;
    spans.push(span(traceId, { id, parent: isGroup ? root : group, name: isGroup ? "batch" : `store item ${index % 7}`, start: at, took: isGroup ? 400 : 5 + (index % 13), more: index % 997 === 0 ? { status: { code: 2, message: "conflict" } } : {} }));
    if (isGroup) group = id;
  }
  return { traceId, root, spans };
}
