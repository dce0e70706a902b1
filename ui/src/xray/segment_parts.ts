// What an X-Ray segment or subsegment was made of, found again among the attributes of its span.

import type { Attribute } from "../api/answers";

export interface SegmentBlock {
  title: string;
  attributes: Attribute[];
}

export interface StackFrame {
  path?: string;
  line?: number;
  label?: string;
}

export interface SegmentException {
  type?: string;
  message?: string;
  remote?: boolean;
  stack?: StackFrame[];
  /** Frames that the sender left out. */
  truncated?: number;
}

export interface SegmentCause {
  workingDirectory: string | undefined;
  exceptions: SegmentException[];
  /** Instead of exceptions: the id of one that another subsegment has. */
  reference: string | undefined;
}

export interface MetadataEntry {
  namespace: string;
  key: string;
  /** JSON with line breaks. */
  text: string;
}

export interface SegmentParts {
  blocks: SegmentBlock[];
  metadata: MetadataEntry[];
  cause: SegmentCause | undefined;
  /** Attributes of no part. */
  rest: Attribute[];
}

const http = /^(http\.|url\.full$|user_agent\.original$|client\.address$|aws\.xray\.(x_forwarded_for|traced)$)/;
const sql = /^(db\.|aws\.xray\.sql\.)/;
const aws = /^aws\.(?!xray\.)|^aws\.xray\.(retries|resource_arn|origin)$/;
const own = /^aws\.xray\.|^enduser\.id$/;

/** Nothing for spans that did not come from X-Ray. */
export function segmentParts(attributes: readonly Attribute[]): SegmentParts | undefined {
  const valueOf = (key: string): unknown => attributes.find((attribute) => attribute.key === key)?.value;
  if (valueOf("aws.xray.form") === undefined) return undefined;
  const names = parsed(valueOf("aws.xray.annotations"));
  const annotations = new Set(Array.isArray(names) ? names : []);
  const metadata = metadataOf(parsed(valueOf("aws.xray.metadata")));
  const cause = causeOf(parsed(valueOf("aws.xray.cause")));
  const isShownApart = (key: string): boolean =>
    key === "aws.xray.annotations" || (key === "aws.xray.metadata" && metadata.length > 0) || (key === "aws.xray.cause" && cause !== undefined);
  const titleOf = ({ key }: Attribute): string | undefined => {
    if (annotations.has(key)) return "Annotations";
    if (http.test(key)) return "HTTP";
    if (sql.test(key)) return "SQL";
    if (aws.test(key)) return "AWS";
    return own.test(key) ? "Segment" : undefined;
  };
  const shown = attributes.filter(({ key }) => !isShownApart(key));
  const blocks = ["Annotations", "HTTP", "SQL", "AWS", "Segment"].map((title) => ({ title, attributes: shown.filter((attribute) => titleOf(attribute) === title) }));
  return { blocks: blocks.filter((block) => block.attributes.length > 0), metadata, cause, rest: shown.filter((attribute) => titleOf(attribute) === undefined) };
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const textOr = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Namespaces hold keys; what is no object is an entry itself. */
function metadataOf(metadata: unknown): MetadataEntry[] {
  if (!isObject(metadata)) return [];
  const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return Object.entries(metadata).flatMap(([namespace, held]) =>
    isObject(held) ? Object.entries(held).map(([key, value]) => ({ namespace, key, text: written(value) })) : [{ namespace, key: "", text: written(held) }],
  );
}

/** Documents come from outside: whatever is of another kind than X-Ray says is left aside. */
function causeOf(cause: unknown): SegmentCause | undefined {
  if (typeof cause === "string") return { workingDirectory: undefined, exceptions: [], reference: cause };
  if (!isObject(cause)) return undefined;
  const exceptions = (Array.isArray(cause.exceptions) ? cause.exceptions : []).filter(isObject).map(exceptionOf);
  return exceptions.length === 0 ? undefined : { workingDirectory: textOr(cause.working_directory), exceptions, reference: undefined };
}

function exceptionOf(exception: Record<string, unknown>): SegmentException {
  const { type, message, remote, stack, truncated } = exception;
  return {
    ...(typeof type === "string" ? { type } : {}),
    ...(typeof message === "string" ? { message } : {}),
    ...(remote === true ? { remote } : {}),
    ...(typeof truncated === "number" && truncated > 0 ? { truncated } : {}),
    ...(Array.isArray(stack) ? { stack: stack.filter(isObject).map(frameOf) } : {}),
  };
}

const frameOf = ({ path, line, label }: Record<string, unknown>): StackFrame => ({
  ...(typeof path === "string" ? { path } : {}),
  ...(typeof line === "number" ? { line } : {}),
  ...(typeof label === "string" ? { label } : {}),
});

/** "charge (orders/pay.py:61)" */
export function frameText({ path, line, label }: StackFrame): string {
  const place = [path, line].filter((part) => part !== undefined).join(":");
  return label && place ? `${label} (${place})` : (label ?? (place || "(unknown)"));
}
