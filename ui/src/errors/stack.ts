// The stack of an occurrence made ready to be read: calls of the application stand open, those of libraries between them are
// folded, and what the client sent of a frame beside its place is put to it.

import type { ErrorFrame } from "../api/errors";
import { recordOf, rollbarData } from "./rollbar_payload";

export interface StackFrame extends ErrorFrame {
  locals?: [name: string, value: string][];
  /** Lines of the source around it. */
  before?: string[];
  after?: string[];
}

export type StackPart = { kind: "own"; frame: StackFrame } | { kind: "library"; frames: StackFrame[] };

const openWithoutOwn = 3;

/** In the order of the frames; without any of the application's own, the innermost few stay open. */
export function foldStack(frames: readonly StackFrame[]): StackPart[] {
  const isShown = frames.some((frame) => frame.in_app) ? (frame: StackFrame) => frame.in_app : (frame: StackFrame) => frames.indexOf(frame) < openWithoutOwn;
  const parts: StackPart[] = [];
  for (const frame of frames) {
    const last = parts.at(-1);
    if (isShown(frame)) parts.push({ kind: "own", frame });
    else if (last?.kind === "library") last.frames.push(frame);
    else parts.push({ kind: "library", frames: [frame] });
  }
  return parts;
}
const textOf = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : value === undefined ? "" : JSON.stringify(value, null, 1));
const linesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Rollbar's clients send the innermost call last, with locals and source. */
export function withDetails(frames: readonly ErrorFrame[], payload: unknown): StackFrame[] {
  const body = recordOf(rollbarData(payload)?.body);
  const chain = Array.isArray(body?.trace_chain) ? recordOf(body.trace_chain[0]) : undefined;
  const sent = recordOf(body?.trace)?.frames ?? chain?.frames;
  const details = (Array.isArray(sent) ? [...sent].reverse() : []).map(recordOf);
  return frames.map((frame, index) => {
    const isSame = (detail: Record<string, unknown> | undefined): boolean => detail !== undefined && Number(detail.lineno ?? 0) === frame.line && String(detail.filename ?? "") === frame.file;
    const detail = isSame(details[index]) ? details[index] : details.find(isSame);
    if (!detail) return frame;
    const locals = Object.entries(recordOf(detail.locals) ?? {}).map(([name, value]): [string, string] => [name, textOf(value)]);
    const context = recordOf(detail.context);
    const code = typeof detail.code === "string" ? detail.code : frame.code;
    return {
      ...frame,
      ...(code ? { code } : {}),
      ...(locals.length > 0 ? { locals } : {}),
      ...(context ? { before: linesOf(context.pre), after: linesOf(context.post) } : {}),
    };
  });
}

/** As text, to be pasted. */
export const stackText = (type: string, message: string, frames: readonly ErrorFrame[]): string =>
  [`${type}: ${message}`, ...frames.map((frame) => `    at ${frame.method || "?"} (${placeOf(frame)})`)].join("\n");

export const placeOf = (frame: ErrorFrame): string => `${frame.file}${frame.line > 0 ? `:${frame.line}` : ""}${frame.column > 0 ? `:${frame.column}` : ""}`;
