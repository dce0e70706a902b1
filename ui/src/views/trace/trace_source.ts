// Where a trace comes from: the store, or a file that was opened; the page asks either for the details of a span.

import type { Span } from "../../api/answers";
import { apiUrl, get } from "../../api/client";
import type { OpenedFile } from "../../trace/worker_messages";
import type { TraceLoader } from "./trace_loader";

export interface TraceSource {
  readonly loader: TraceLoader;
  span(spanId: string): Promise<Span>;
  /** Nothing when the trace is stored. */
  readonly file?: Pick<OpenedFile, "traces" | "logs" | "bundle"> & { name: string };
}

export const storedTrace = (loader: TraceLoader, traceId: string): TraceSource => ({
  loader,
  span: (spanId) => get<Span>(apiUrl(`traces/${traceId}/spans/${spanId}`)),
});

export const traceOfFile = (loader: TraceLoader, name: string, { traces, logs, bundle }: OpenedFile): TraceSource => ({
  loader,
  span: async (spanId) => {
    const span = await loader.ask("span", { spanId });
    if (!span) throw new Error(`The file has no span ${spanId}`);
    return span;
  },
  file: { name, traces, logs, ...(bundle ? { bundle } : {}) },
});
