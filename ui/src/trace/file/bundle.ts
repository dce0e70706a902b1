// An incident in one file: a trace, the log lines around it, the question that led there and what somebody noted. Any
// clew opens it; the trace in it is plain OTLP, so that other tools can read that part.

import type { LogRecord } from "../../api/answers";

export interface Bundle {
  clew_bundle: 1;
  written_ns: string;
  title: string;
  notes: string;
  /** The short form, and where it was asked. */
  query?: { text: string; from: string; to: string };
  /** Where the trace was looked at, without the host. */
  place: string;
  trace: { resourceSpans: unknown[] };
  /** Around the trace, those of other traces and of none among them; the newest first, as the API answers. */
  logs: LogRecord[];
  /** How many there were. */
  logs_total: number;
}

export const isBundle = (document: unknown): document is Bundle => typeof document === "object" && document !== null && (document as Bundle).clew_bundle === 1 && Array.isArray((document as Bundle).trace?.resourceSpans);

export const bundleFileName = (traceId: string): string => `incident-${traceId.slice(0, 8)}.clew.json`;
