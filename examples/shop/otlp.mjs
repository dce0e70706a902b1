// The smallest way to speak OTLP: JSON over fetch. An application uses an OpenTelemetry SDK instead.
import { randomBytes } from "node:crypto";

export const newTraceId = () => randomBytes(16).toString("hex");
export const newSpanId = () => randomBytes(8).toString("hex");

// Times are milliseconds here and nanoseconds, as decimal strings, in OTLP.
export const nanoseconds = (milliseconds) => String(BigInt(Math.round(milliseconds * 1000)) * 1000n);

export function attributes(values) {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value) {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { stringValue: String(value) };
}

export class Exporter {
  constructor(endpoint, key) {
    this.endpoint = endpoint.replace(/\/$/, "");
    this.headers = { "content-type": "application/json", ...(key ? { "x-honeycomb-team": key } : {}) };
  }

  // items: [{ resource, item }] as made by shop.mjs; grouped here by resource, as SDKs do.
  async send(signal, items) {
    const [resources, scopes, list] = {
      traces: ["resourceSpans", "scopeSpans", "spans"],
      logs: ["resourceLogs", "scopeLogs", "logRecords"],
      metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
    }[signal];
    const groups = new Map();
    for (const { resource, item } of items) {
      const name = JSON.stringify(resource);
      if (!groups.has(name)) groups.set(name, { resource, items: [] });
      groups.get(name).items.push(item);
    }
    const body = {
      [resources]: [...groups.values()].map((group) => ({
        resource: { attributes: attributes(group.resource) },
        [scopes]: [{ scope: { name: "shop", version: "1.4.0" }, [list]: group.items }],
      })),
    };
    const response = await fetch(`${this.endpoint}/v1/${signal}`, {
      method: "POST",
      headers: this.headers,
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${this.endpoint}/v1/${signal} answered ${response.status}: ${text}`);
    const rejected = JSON.parse(text || "{}").partialSuccess?.errorMessage;
    if (rejected) throw new Error(`${this.endpoint}/v1/${signal} rejected some: ${rejected}`);
    return items.length;
  }
}
