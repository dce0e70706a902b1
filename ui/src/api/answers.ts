// The answers of clew's HTTP API that the page reads, as docs/api/openapi.yaml describes them. Times come as
// nanoseconds since 1970 in text and become moments where they are used.

export type Value = string | number | boolean | null;
export type ValueType =
  | "string"
  | "int64"
  | "float64"
  | "boolean"
  | "bytes"
  | "json"
  | "trace_id"
  | "span_id"
  | "time"
  | "duration"
  | "any"
  | "heatmap";

export interface Attribute {
  key: string;
  type: ValueType;
  value: Value;
}

export interface AnsweredRange {
  from_ns: string;
  to_ns: string;
}

export interface Cost {
  rows_scanned: number;
  rows_matched: number;
  rows_skipped?: number;
  bytes_read: number;
  elapsed_ms: number;
}

export interface ServerStatus {
  version: string;
  started_ns: string;
  now_ns: string;
  environment: { id: number; name: string; keys_required: boolean };
  durability: "sync" | "os" | "none";
  doors: { address: string; port: number; purpose: string; tls: boolean }[];
  setup: { title: string; lines: string[]; note?: string }[];
  counts: Record<Signal, { rows: number; segments: number; first_ns?: string; last_ns?: string }>;
  has_data: boolean;
  storage: { trouble: string; damages: { file: string; rows: number; what: string }[] };
  warnings: Warning[];
}

export type Signal = "traces" | "logs" | "metrics";

export interface Warning {
  name: string;
  severity: "refused" | "lost" | "warning";
  count: number;
  meaning: string;
  advice: string;
}

export interface Sender {
  peer: string;
  door: number;
  protocol: string;
  agent: string;
  requests: number;
  items: number;
  bytes: number;
  refused: number;
  first_seen_ns: string;
  last_seen_ns: string;
}

export interface Refusal {
  time_ns: string;
  peer: string;
  door: number;
  protocol: string;
  agent: string;
  status: number;
  reason: string;
  remedy: string;
  times: number;
}

export interface Arrivals {
  senders: Sender[];
  refusals: Refusal[];
}

export interface ServiceSummary {
  name: string | null;
  spans: number;
  errors: number;
  p50_ms: number | null;
  p95_ms: number | null;
  last_seen_ns: string;
}

export interface Services {
  range: AnsweredRange;
  services: ServiceSummary[];
  cost: Cost;
}

export interface TraceSummary {
  trace_id: string;
  start_ns: string;
  duration_ns: number;
  root: { service: string | null; name: string | null } | null;
  spans: number;
  errors: number;
  services: string[];
}

export interface Traces {
  range: AnsweredRange;
  traces: TraceSummary[];
  total: number;
  partial: boolean;
  partial_reason?: string;
  cost: Cost;
}

export interface TypicalTrace {
  range: AnsweredRange;
  typical: TraceSummary;
  /** Traces that it is the middle of. */
  considered: number;
  total: number;
  partial: boolean;
  cost: Cost;
}

export interface RequestFigures {
  requests: number;
  errors: number;
  throttles: number;
  faults: number;
  average_ms: number | null;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

export type NodeKind = "service" | "client" | "database" | "queue" | "cloud" | "remote";

export interface MapNode extends RequestFigures {
  kind: NodeKind;
  name: string | null;
  type: string | null;
  root: boolean;
}

export interface MapEdge extends RequestFigures {
  /** Positions in nodes. */
  from: number;
  to: number;
}

export interface ServiceMap {
  range: AnsweredRange;
  nodes: MapNode[];
  edges: MapEdge[];
  nodes_put_together: number;
  cost: Cost;
}

export interface SpanEvent {
  time_ns: string;
  offset_ns: number;
  name: string | null;
  attributes: Attribute[];
  dropped_attributes: number;
}

export interface SpanLink {
  trace_id: string | null;
  span_id: string | null;
  trace_state: string | null;
  attributes: Attribute[];
  dropped_attributes: number;
}

export interface LogRecord {
  time_ns: string;
  severity: string | null;
  severity_text?: string;
  body: { type: ValueType; value: Value } | null;
  event_name?: string;
  service: string | null;
  trace_id: string | null;
  span_id: string | null;
  attributes: Attribute[];
  resource?: Attribute[];
}

export interface Span {
  trace_id: string;
  span_id: string;
  parent_id: string | null;
  name: string | null;
  service: string | null;
  kind: string;
  start_ns: string;
  end_ns: string;
  duration_ns: number;
  status: { code: "unset" | "ok" | "error"; message: string | null };
  error: boolean;
  trace_state: string | null;
  flags: number;
  sample_rate: number;
  attributes: Attribute[];
  instrumentation_scope: { name: string | null; version: string | null; schema_url: string | null; attributes: Attribute[] };
  resource: { schema_url: string | null; attributes: Attribute[] };
  events: SpanEvent[];
  links: SpanLink[];
  logs: LogRecord[];
  dropped: { attributes: number; events: number; links: number };
}

export interface Logs {
  range: AnsweredRange;
  logs: LogRecord[];
  total: number;
  partial: boolean;
  partial_reason?: string;
  cost: Cost;
}

export interface LineCount {
  value: string;
  lines: number;
}

export interface LogPattern {
  pattern: string;
  /** Matches the pattern's lines. */
  regular_expression: string;
  lines: number;
  share: number;
  last_ns: string;
  example: string;
  severities: LineCount[];
  services: LineCount[];
  series: { time_ns: string; lines: number }[];
}

export interface LogPatterns {
  patterns: LogPattern[];
  patterns_in_all: number;
  bucket_ns: string;
  /** Looked at. */
  lines: number;
  total: number;
  partial: boolean;
  cost: Cost;
}

export interface LogContext {
  /** What the records have in common. */
  source: Attribute[];
  /** In order of time. */
  logs: LogRecord[];
  position: number;
  more_before: boolean;
  more_after: boolean;
}

export interface MetricSummary {
  name: string;
  kind: string | null;
  unit: string | null;
  points: number;
  last_seen_ns: string;
}

export interface MetricList {
  range: AnsweredRange;
  metrics: MetricSummary[];
  cost: Cost;
}

export interface ColumnName {
  name: string;
  types: ValueType[];
  scopes: string[];
}

export interface Columns {
  signal: Signal;
  columns: ColumnName[];
  total: number;
}

export interface Values {
  column: string;
  values: { type: ValueType; value: Value; rows: number }[];
}

export interface AnswerColumn {
  name: string;
  type: ValueType;
  role: "group" | "calculation" | "raw";
  unit?: "ms" | "ns" | "s" | "bytes";
}

export interface AnswerHeatmap {
  row: number;
  column: number;
  /** Edges of the buckets, one more than there are buckets. */
  bounds: number[];
  /** One array a step, empty where there were no rows. */
  counts: number[][];
}

export interface AnswerSeries {
  start_ns: string;
  step_ns: number;
  steps: number;
  lines: { row: number; column: number; values: (number | string | null)[] }[];
  heatmaps: AnswerHeatmap[];
}

export interface Answer {
  range: AnsweredRange;
  /** Where the server keeps it, as it is. */
  kept?: string;
  columns: AnswerColumn[];
  rows: Value[][];
  total_rows: number;
  totals: Value[] | null;
  series: AnswerSeries | null;
  partial: boolean;
  partial_reason?: string;
  /** Of a first look: nothing before is in it yet. The page's own (query/first_look.ts). */
  read_from_ns?: string;
  notes?: string[];
  cost: Cost;
}

/** Ahead of an answer that takes long: over its newest rows alone. */
export interface FirstLook {
  from_ns: string;
  answer: Answer;
}

export interface Progress {
  rows_scanned: number;
  rows_total: number;
  elapsed_ms: number;
}
