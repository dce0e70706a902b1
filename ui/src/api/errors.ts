// The shapes of /clew/v1/errors, and changes of errors.

import { ApiFailure, apiHeaders, apiUrl, reach } from "./client";

export type ErrorState = "active" | "resolved" | "muted" | "archived";

export interface ErrorItem {
  id: number;
  title: string;
  type: string;
  culprit: string;
  level: string;
  state: ErrorState;
  snoozed: boolean;
  snoozed_until_ns?: string;
  service: string;
  environment: string;
  language: string;
  framework: string;
  assignee: string;
  occurrences: number;
  since_activation: number;
  people: number;
  reactivations: number;
  first_seen_ns: string;
  last_seen_ns: string;
  activated_ns: string;
  resolved_in_version: string;
  first_version: string;
  last_version: string;
  trace_id: string | null;
  merged_into: number | null;
  /** Occurrences of each of the last 24 steps. */
  counts: number[];
}

export interface ErrorList {
  errors: ErrorItem[];
  total: number;
  hours_each: number;
}

export interface ErrorFrame {
  file: string;
  method: string;
  line: number;
  column: number;
  in_app: boolean;
  code?: string;
  /** Of a frame that a source map led back: where it was in the minified script. */
  minified?: { file?: string; method?: string; line?: number; column?: number };
}

/** What senders told of a frame beside its place: of whatever kind it is. */
export interface SentFrame extends ErrorFrame {
  /** Lines of the source before and after. */
  pre?: unknown;
  post?: unknown;
  locals?: unknown;
}

export interface Occurrence {
  id: number;
  time_ns: string;
  type: string;
  message: string;
  level: string;
  source: string;
  group: string;
  service: string;
  environment: string;
  version: string;
  host: string;
  context: string;
  person: { id: string; name: string; email: string };
  trace_id: string | null;
  span_id: string | null;
}

export interface WholeOccurrence extends Occurrence {
  language: string;
  causes: string[];
  /** The innermost call first. */
  frames: SentFrame[];
  stack: string;
  /** As a Rollbar client sent it. */
  payload: unknown;
  attributes: { key: string; value: string }[];
}

export interface Deploy {
  id: number;
  environment: string;
  revision: string;
  status: string;
  comment: string;
  user: string;
  started_ns: string;
}

export interface DeployOrigin {
  deploy: Deploy;
  /** Its revision is the version that had the error, or it is the last one before. */
  because: "version" | "time";
}

export interface ErrorGroup {
  fingerprint: string;
  reason: string;
  hashed: string;
  own_item: number;
  occurrences: number;
}

export interface ErrorDetails extends ErrorItem {
  hours_each: number;
  groups: ErrorGroup[];
  versions: { version: string; occurrences: number; first_seen_ns: string; last_seen_ns: string }[];
  affected: { id: string; name: string; email: string; occurrences: number; last_seen_ns: string }[];
  activity: { time_ns: string; kind: string; detail: string }[];
  deploys: Deploy[];
  first_seen_in: DeployOrigin | null;
  likely_caused_by: DeployOrigin | null;
  distributions: { column: string; values: { value: string; occurrences: number }[]; others: number }[];
  sampled: number;
  latest: WholeOccurrence | null;
}

export interface ErrorChange {
  state?: ErrorState;
  assignee?: string;
  resolved_in_version?: string;
  snooze_s?: number;
}

/** What grouping rules would make of the occurrences of some hours. */
export interface GroupingTrial {
  occurrences: number;
  moved: number;
  items_before: number;
  groups_after: number;
  groups: { fingerprint: string; reason: string; hashed: string; title: string; occurrences: number; items: number[] }[];
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await reach(apiUrl(path), { method: "POST", headers: { ...apiHeaders(), "content-type": "application/json" }, body: JSON.stringify(body) });
  if (response.ok) return (await response.json()) as T;
  const refusal = (await response.json().catch(() => ({}))) as { error?: string; kind?: string };
  throw new ApiFailure(refusal.error ?? `The server answered ${response.status}`, refusal.kind ?? "internal");
}

export const changeError = (id: number, change: ErrorChange): Promise<void> => post(`errors/${id}`, change);
export const setGroupingRules = (rules: readonly unknown[]): Promise<void> => post("error-rules/grouping", { rules });
export const tryGroupingRules = (rules: readonly unknown[], hours: number): Promise<GroupingTrial> => post("error-rules/grouping/dry-run", { rules, hours });
export const mergeErrors = (id: number, others: readonly number[]): Promise<void> => post(`errors/${id}/merge`, { others });
export const unmergeError = (id: number): Promise<void> => post(`errors/${id}/unmerge`, {});
