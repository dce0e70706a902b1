// A line as it is read in a list: of a JSON object its message first, then what else it has, instead of braces and quotes.

export interface LineSummary {
  message: string;
  /** "path=/cart ms=12"; empty for a line that is no object. */
  rest: string;
}

const messageNames = ["message", "msg", "event", "log", "text", "body"];
/** What stands in columns of its own. */
const shownElsewhere = /^(level|severity|lvl|loglevel|time|timestamp|ts|@timestamp|trace_?id|traceId|trace\.id|span_?id|spanId)$/i;
const longest = 16_384;
const mostMembers = 50;
/** Numbers that would be rounded. */
const exactNumber = /[:[,]\s*-?\d{16,}/;

/** Nothing for what is no JSON object. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{") || text.length > longest) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function summaryOf(text: string): LineSummary {
  const object = exactNumber.test(text) ? undefined : objectIn(text);
  if (!object) return { message: text, rest: "" };
  const message = messageNames.find((name) => typeof object[name] === "string" && object[name] !== "");
  const rest: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (rest.length === mostMembers || value === null || value === "") return;
    if (typeof value === "object" && !Array.isArray(value)) for (const [inner, one] of Object.entries(value as object)) add(`${name}.${inner}`, one);
    else rest.push(`${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  };
  for (const [name, value] of Object.entries(object)) if (name !== message && !shownElsewhere.test(name)) add(name, value);
  if (message === undefined && rest.length === 0) return { message: text, rest: "" };
  return { message: message === undefined ? "" : String(object[message]), rest: rest.join(" ") };
}

/** JSON with its members on lines of their own, otherwise letter for letter; anything else as it is. */
export function spreadOut(text: string): string {
  if (!objectIn(text)) return text;
  let spread = "";
  let depth = 0;
  const breakLine = (): string => `\n${"  ".repeat(depth)}`;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (part === "{" || part === "[") {
      depth++;
      spread += part + breakLine();
    } else if (part === "}" || part === "]") {
      depth--;
      spread += breakLine() + part;
    } else if (part === ",") spread += part + breakLine();
    else if (part === ":") spread += ": ";
    else spread += part;
  }
  return spread;
}
