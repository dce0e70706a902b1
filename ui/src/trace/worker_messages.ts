// What the page and the trace worker say to each other: each request has a number, and its answer has the same.

import type { LogRecord, Span } from "../api/answers";
import type { CriticalPath } from "./critical_path";
import type { Bundle } from "./file/bundle";
import type { GroupBy, SpanGroup } from "./group_table";
import type { TraceLayout } from "./layout";
import type { MergedTree } from "./merged_tree";
import type { MinimapColours } from "./minimap";
import type { TraceOutline } from "./outline";
import type { Repeats } from "./repeats";
import type { SearchResult } from "./search";

export interface LoadedTrace {
  outline: TraceOutline;
  layout: TraceLayout;
  path: CriticalPath;
  repeats: Repeats;
  /** Log records that name the trace. */
  logs: number;
  /** Why spans may be missing. */
  partialReason?: string;
}

export interface OpenedFile {
  trace: LoadedTrace;
  /** All that the file holds, the one with most spans first. */
  traces: { traceId: string; spans: number }[];
  logs: LogRecord[];
  bundle?: Omit<Bundle, "trace">;
}

export interface Failure {
  message: string;
  /** As the API names it; "network" when there was no answer. */
  kind: string;
}

/** What can be asked, and what is answered. */
export interface Exchange {
  load: [{ url: string; headers: Record<string, string> }, LoadedTrace];
  /** A file's text; which of its traces, or the first. */
  open: [{ text: string; traceId?: string }, OpenedFile];
  /** Of a trace from a file; stored ones are asked of the server. */
  span: [{ spanId: string }, Span | undefined];
  /** All of a trace from a file. */
  spans: [Record<never, never>, Span[]];
  /** Ids of the spans of a trace from a file that have an attribute like this; of stored ones the server is asked. */
  attributes: [{ condition: string }, string[]];
  search: [{ text: string }, SearchResult];
  merge: [Record<never, never>, MergedTree];
  groups: [{ by: GroupBy }, SpanGroup[]];
  /** RGBA bytes. */
  minimap: [{ width: number; height: number; colours: MinimapColours }, Uint8ClampedArray];
}

export type Ask = keyof Exchange;
export type Request = { [A in Ask]: { id: number; ask: A } & Exchange[A][0] }[Ask];
export type Reply = { id: number; answer: Exchange[Ask][1] } | { id: number; failure: Failure };
