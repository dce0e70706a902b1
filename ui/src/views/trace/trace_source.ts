// Where a trace comes from: the store, or a file that was opened; the page asks either for the details of a span.

import type { Answer, Span } from "../../api/answers";
import { apiUrl, get, post } from "../../api/client";
import { readOtlp } from "../../trace/file/otlp_file";
import { writeOtlp, type OtlpDocument } from "../../trace/file/otlp_writing";
import type { OpenedFile } from "../../trace/worker_messages";
import type { TraceLoader } from "./trace_loader";

export interface TraceSource {
  readonly loader: TraceLoader;
  span(spanId: string): Promise<Span>;
  /** Spans of the trace that fulfil a condition, and how many there are in all. */
  find(condition: string): Promise<{ spanIds: string[]; total: number }>;
  /** All of its spans, to be taken away. */
  otlp(): Promise<OtlpDocument>;
  spans(): Promise<readonly Span[]>;
  /** Nothing when the trace is stored. */
  readonly file?: Pick<OpenedFile, "traces" | "logs" | "bundle"> & { name: string };
}

/** As many rows as an answer may have. */
const mostFound = 10_000;

const otlpOf = (traceId: string): Promise<OtlpDocument> => get(apiUrl(`traces/${traceId}/otlp`));

export const storedTrace = (loader: TraceLoader, traceId: string, time: { from: string; to: string }): TraceSource => ({
  loader,
  span: (spanId) => get<Span>(apiUrl(`traces/${traceId}/spans/${spanId}`)),
  async find(condition) {
    const query = `ROWS trace.span_id WHERE trace.trace_id = "${traceId}" AND trace.span_id exists AND (${condition}) LIMIT ${mostFound}`;
    const { rows, total_rows } = await post<Answer>(apiUrl("query"), { query, ...time });
    return { spanIds: rows.map(([id]) => String(id)), total: total_rows };
  },
  otlp: () => otlpOf(traceId),
  spans: async () => readOtlp({ ...(await otlpOf(traceId)) }).spans,
});

export const traceOfFile = (loader: TraceLoader, name: string, { traces, logs, bundle }: OpenedFile): TraceSource => ({
  loader,
  span: async (spanId) => {
    const span = await loader.ask("span", { spanId });
    if (!span) throw new Error(`The file has no span ${spanId}`);
    return span;
  },
  async find(condition) {
    const spanIds = await loader.ask("attributes", { condition });
    return { spanIds, total: spanIds.length };
  },
  otlp: async () => writeOtlp(await loader.ask("spans", {})),
  spans: () => loader.ask("spans", {}),
  file: { name, traces, logs, ...(bundle ? { bundle } : {}) },
});
