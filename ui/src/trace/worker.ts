// The trace worker: fetches or opens one trace, decodes and lays it out, and keeps a copy to search, to put together and to
// draw the minimap from, so that the page never stops for any of it.

import { criticalPath } from "./critical_path";
import { decodeBinaryOutline } from "./decode_binary";
import { outlineOfFile, type FileTrace } from "./file/file_trace";
import { readTraceFile } from "./file/read_file";
import { spansWith } from "./file/simple_condition";
import { groupSpans } from "./group_table";
import { layoutTrace } from "./layout";
import { mergeTree } from "./merged_tree";
import { rasterMinimap } from "./minimap";
import { buffersOf, type TraceOutline } from "./outline";
import { findRepeats } from "./repeats";
import { searchTrace } from "./search";
import type { Ask, Exchange, Failure, LoadedTrace, OpenedFile, Reply, Request } from "./worker_messages";

const page = self as unknown as {
  postMessage(message: Reply, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

let kept: LoadedTrace | undefined;
let file: FileTrace | undefined;

class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

page.onmessage = (event) => {
  const request = event.data;
  void answer(request).then(
    ({ answer, transfer }) => page.postMessage({ id: request.id, answer }, transfer),
    (problem: unknown) => page.postMessage({ id: request.id, failure: failureOf(problem, request.ask) }, []),
  );
};

const failureOf = (problem: unknown, ask: Ask): Failure => {
  if (problem instanceof Refusal) return problem.failure;
  return { message: problem instanceof Error ? problem.message : String(problem), kind: ask === "load" ? "internal" : "bad_input" };
};

interface Answered {
  answer: Exchange[Ask][1];
  transfer: Transferable[];
}

async function answer(request: Request): Promise<Answered> {
  if (request.ask === "load") return handOver(await load(request.url, request.headers));
  if (request.ask === "open") return open(request.text, request.traceId);
  if (request.ask === "span") return { answer: file?.spans.find((span) => span.span_id === request.spanId), transfer: [] };
  if (request.ask === "spans") return { answer: file?.spans ?? [], transfer: [] };
  if (request.ask === "attributes") return { answer: spansWith(file?.spans ?? [], request.condition), transfer: [] };
  const { outline, layout, path } = kept!;
  switch (request.ask) {
    case "search": {
      const found = searchTrace(outline, layout, request.text);
      return { answer: found, transfer: buffersOf(found) };
    }
    case "merge": {
      const tree = mergeTree(outline, layout);
      return { answer: tree, transfer: buffersOf(tree) };
    }
    case "groups":
      return { answer: groupSpans(outline, layout, path, request.by), transfer: [] };
    case "minimap": {
      const pixels = rasterMinimap(outline, layout, request.width, request.height, request.colours);
      return { answer: pixels, transfer: [pixels.buffer as ArrayBuffer] };
    }
  }
}

async function load(url: string, headers: Record<string, string>): Promise<LoadedTrace> {
  const { header, outline } = decodeBinaryOutline(await bytesAt(url, headers));
  return workedOut(outline, header.logs, header.partial_reason);
}

async function bytesAt(url: string, headers: Record<string, string>): Promise<ArrayBuffer> {
  const heard = <T>(coming: Promise<T>): Promise<T> =>
    coming.catch(() => {
      throw new Refusal({ message: "clew does not answer", kind: "network" });
    });
  const response = await heard(fetch(url, { headers }));
  if (response.ok) return heard(response.arrayBuffer());
  const refusal = (await response.json().catch(() => ({}))) as { error?: string; kind?: string };
  throw new Refusal({ message: refusal.error ?? `The server answered ${response.status}`, kind: refusal.kind ?? "internal" });
}

function workedOut(outline: TraceOutline, logs: number, partialReason?: string): LoadedTrace {
  const layout = layoutTrace(outline);
  return { outline, layout, path: criticalPath(outline, layout), repeats: findRepeats(outline, layout), logs, ...(partialReason ? { partialReason } : {}) };
}

function open(text: string, traceId: string | undefined): Answered {
  const { traces, bundle } = readTraceFile(text);
  file = traces.find((trace) => trace.traceId === traceId) ?? traces[0]!;
  const { answer, transfer } = handOver(workedOut(outlineOfFile(file), file.logs.length));
  const opened: OpenedFile = {
    trace: answer,
    traces: traces.map((trace) => ({ traceId: trace.traceId, spans: trace.spans.length })),
    logs: bundle?.logs ?? file.logs,
    ...(bundle ? { bundle } : {}),
  };
  return { answer: opened, transfer };
}

/** Keeps the trace and hands a copy over. */
function handOver(trace: LoadedTrace): { answer: LoadedTrace; transfer: Transferable[] } {
  kept = trace;
  const copy = structuredClone(trace);
  return { answer: copy, transfer: buffersOf(copy.outline, copy.outline.events, copy.outline.logs, copy.layout, copy.path, copy.repeats) };
}
