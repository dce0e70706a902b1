// Calls of clew's HTTP API. A refusal becomes an ApiFailure that carries the server's own sentence.

import type { Answer, FirstLook, Progress, Signal } from "./answers";
import { suspectLoss } from "./connection";
import { currentKey } from "./key";
import { personName } from "./person";

export class ApiFailure extends Error {
  constructor(
    message: string,
    /** As the API names it; "network" when there was no answer at all. */
    readonly kind: string,
    readonly position?: number,
  ) {
    super(message);
  }
}

export type Parameters = Record<string, string | number | undefined>;

export function apiUrl(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `/clew/v1/${path}${text ? `?${text}` : ""}`;
}

export const apiHeaders = (): Record<string, string> => {
  const key = currentKey();
  return { "x-clew-person": encodeURIComponent(personName()), ...(key ? { "x-honeycomb-team": key } : {}) };
};

/** For downloads and event streams, whose requests cannot carry headers. */
export function apiUrlWithKey(path: string, parameters: Parameters = {}): string {
  return apiUrl(path, { ...parameters, key: currentKey() });
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  return readAnswer<T>(await reach(url, { headers: apiHeaders(), ...(signal ? { signal } : {}) }));
}

export async function post<T>(url: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return send<T>("POST", url, body, signal);
}

/** Anything that is not a question for something: what is written, replaced, taken away. */
export async function send<T>(method: "POST" | "PUT" | "DELETE", url: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { ...apiHeaders(), ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return readAnswer<T>(await reach(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) }));
}

export interface Question {
  query: string;
  signal?: Signal;
  from?: string;
  to?: string;
  /** Also over time. */
  series?: boolean;
  heatmap_steps?: "equal" | "logarithmic";
  /** When the answer is expected to take longer, its newest part comes first. */
  first_look_after_ms?: number;
  /** In the history that everybody sees. */
  remember?: boolean;
}

/** What is told while the query engine works. */
export interface AskListener {
  progress?: (progress: Progress) => void;
  firstLook?: (look: FirstLook) => void;
}

/** Asks the query engine; aborting the signal cancels the question at the server. */
export async function ask(question: Question, tell: AskListener, signal: AbortSignal): Promise<Answer> {
  const response = await reach("/clew/v1/query", {
    method: "POST",
    headers: { ...apiHeaders(), "content-type": "application/json", accept: "application/x-ndjson" },
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok || !response.headers.get("content-type")?.includes("ndjson")) return readAnswer<Answer>(response);
  for await (const line of linesOf(response)) {
    const told = JSON.parse(line) as { progress?: Progress; first_look?: FirstLook; result?: Answer; error?: string; kind?: string; position?: number };
    if (told.progress) tell.progress?.(told.progress);
    if (told.first_look) tell.firstLook?.(told.first_look);
    if (told.result) return told.result;
    if (told.error !== undefined) throw new ApiFailure(told.error, told.kind ?? "internal", told.position);
  }
  throw noAnswer();
}

/** Nobody was there, or went away while answering. A question is asked again once clew is back: useComeback(). */
export function noAnswer(): ApiFailure {
  suspectLoss();
  return new ApiFailure("clew does not answer", "network");
}

export const failureOf = (problem: unknown): ApiFailure => (problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal"));

const isAbort = (problem: unknown): boolean => problem instanceof DOMException && problem.name === "AbortError";

/** Waits for what comes over the connection, which may end at any time. */
async function heard<T>(coming: Promise<T>): Promise<T> {
  try {
    return await coming;
  } catch (problem) {
    throw isAbort(problem) ? problem : noAnswer();
  }
}

export const reach = (url: string, init: RequestInit): Promise<Response> => heard(fetch(url, init));

async function readAnswer<T>(response: Response): Promise<T> {
  const text = await heard(response.text());
  if (response.ok && text === "") return undefined as T;
  let answer: { error?: string; kind?: string; position?: number };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    throw new ApiFailure(`The answer (${response.status}) is not JSON: ${text.slice(0, 200)}`, "internal");
  }
  if (!response.ok) {
    throw new ApiFailure(answer.error ?? `The server answered ${response.status}`, answer.kind ?? kindOf(response.status), answer.position);
  }
  return answer as T;
}

/** For Honeycomb's API, which names no kinds. */
function kindOf(status: number): string {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  return status < 500 ? "bad_input" : "internal";
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await heard(reader.read());
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop()!;
    for (const line of lines) if (line.trim()) yield line;
    if (done) return;
  }
}
