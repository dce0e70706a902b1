// The stack of an occurrence made ready to be read: calls of the application stand open, those of libraries between them are
// folded, and what the client sent of a frame beside its place is put to it.

import type { ErrorFrame, SentFrame } from "../api/errors";
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

const localsOf = (value: unknown): [name: string, value: string][] => Object.entries(recordOf(value) ?? {}).map(([name, local]) => [name, textOf(local)]);

/** What the frame itself says beside its place; what it does not, the document of a Rollbar client may: there the innermost call is the last. */
export function withDetails(frames: readonly SentFrame[], payload: unknown): StackFrame[] {
  const body = recordOf(rollbarData(payload)?.body);
  const chain = Array.isArray(body?.trace_chain) ? recordOf(body.trace_chain[0]) : undefined;
  const sent = recordOf(body?.trace)?.frames ?? chain?.frames;
  const details = (Array.isArray(sent) ? [...sent].reverse() : []).map(recordOf);
  return frames.map((frame, index) => {
    const isSame = (detail: Record<string, unknown> | undefined): boolean => detail !== undefined && Number(detail.lineno ?? 0) === frame.line && String(detail.filename ?? "") === frame.file;
    const detail = isSame(details[index]) ? details[index] : details.find(isSame);
    const { pre, post, locals: told, ...place } = frame;
    const context = recordOf(detail?.context);
    const locals = localsOf(told ?? detail?.locals);
    const code = frame.code ?? (typeof detail?.code === "string" ? detail.code : undefined);
    const [before, after] = [linesOf(pre ?? context?.pre), linesOf(post ?? context?.post)];
    return {
      ...place,
      ...(code ? { code } : {}),
      ...(locals.length > 0 ? { locals } : {}),
      ...(before.length > 0 ? { before } : {}),
      ...(after.length > 0 ? { after } : {}),
    };
  });
}

/** As text, to be pasted. */
export const stackText = (type: string, message: string, frames: readonly ErrorFrame[]): string =>
  [`${type}: ${message}`, ...frames.map((frame) => `    at ${frame.method || "?"} (${placeOf(frame)})`)].join("\n");

export const placeOf = (frame: ErrorFrame): string => `${frame.file}${frame.line > 0 ? `:${frame.line}` : ""}${frame.column > 0 ? `:${frame.column}` : ""}`;
