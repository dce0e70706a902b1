// What a dropped file holds: OTLP or Jaeger JSON, one document or one a line, or an incident bundle.

import type { LogRecord, Span } from "../../api/answers";
import { isBundle, type Bundle } from "./bundle";
import { tracesOf, type FileTrace } from "./file_trace";
import { isJaeger, readJaeger } from "./jaeger_file";
import { isOtlp, readOtlp } from "./otlp_file";

export interface ReadFile {
  /** The one with most spans first. */
  traces: FileTrace[];
  bundle?: Omit<Bundle, "trace">;
}

export function readTraceFile(text: string): ReadFile {
  const spans: Span[] = [];
  const logs: LogRecord[] = [];
  let bundle: Bundle | undefined;
  for (const document of documentsIn(text)) {
    if (isBundle(document)) {
      bundle = document;
      spans.push(...readOtlp(document.trace).spans);
      logs.push(...document.logs);
    } else if (isOtlp(document)) {
      const read = readOtlp(document);
      spans.push(...read.spans);
      logs.push(...read.logs);
    } else if (isJaeger(document)) spans.push(...readJaeger(document));
    else throw new Error("This is JSON, but neither OTLP (resourceSpans) nor Jaeger's (data with spans) nor an incident of clew's");
  }
  if (spans.length === 0) throw new Error("There is no span in this file");
  const traces = tracesOf(spans, logs).sort((left, right) => right.spans.length - left.spans.length);
  if (!bundle) return { traces };
  const { trace: _, ...rest } = bundle;
  return { traces, bundle: rest };
}

function documentsIn(text: string): unknown[] {
  try {
    const document: unknown = JSON.parse(text);
    return Array.isArray(document) ? document : [document];
  } catch (problem) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2 || !lines[0]!.trimStart().startsWith("{")) throw notJson(problem);
    try {
      return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      throw notJson(problem);
    }
  }
}

const notJson = (problem: unknown): Error => new Error(`This file is not JSON: ${problem instanceof Error ? problem.message : String(problem)}`);
