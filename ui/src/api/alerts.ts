// Triggers, SLOs, burn alerts and recipients, which clew keeps as Honeycomb's API has them, and what became of the
// messages they sent.

import { apiUrl, get, post, send } from "./client";

/** Stands for all datasets of the environment. */
export const allDatasets = "__all__";

export interface Dataset {
  name: string;
  slug: string;
}

export interface Specification {
  calculations: { op: string; column?: string }[];
  filters?: { column: string; op: string; value?: unknown }[];
  filter_combination?: "AND" | "OR";
  breakdowns?: string[];
  time_range?: number;
}

export type ThresholdOp = ">" | ">=" | "<" | "<=";

export interface RecipientOfAlert {
  id?: string;
  type?: string;
  target?: string;
}

/** What triggers and burn alerts have in common. */
interface Evaluated {
  id: string;
  description?: string;
  recipients: RecipientOfAlert[];
  triggered: boolean;
  /** Absent: not yet. */
  evaluated_at?: string;
  /** Of an evaluation that was over the threshold. */
  evaluation_summary?: string;
  evaluation_failure?: string;
}

export interface NewTrigger {
  name: string;
  description?: string | null;
  query?: Specification;
  threshold: { op: ThresholdOp; value: number; exceeded_limit?: number };
  /** Seconds. */
  frequency: number;
  alert_type?: "on_change" | "on_true";
  disabled?: boolean;
  recipients: RecipientOfAlert[];
}

export interface Trigger extends Omit<NewTrigger, "description">, Evaluated {
  query_id?: string;
  dataset_slug: string;
}

export interface Slo {
  id: string;
  name: string;
  description?: string;
  sli: { alias: string };
  time_period_days: number;
  target_per_million: number;
  dataset_slug: string;
}

export type NewSlo = Omit<Slo, "id" | "dataset_slug">;

/** With what it has come to: costs a question. */
export interface SloInDetail extends Slo {
  /** Per cent. */
  compliance: number;
  /** Per cent of what the target permits. */
  budget_remaining: number;
  status: "no_alerts" | "normal" | "triggered" | "no_events";
  burn_rate: number;
}

export interface NewBurnAlert {
  description?: string;
  alert_type: "exhaustion_time" | "budget_rate";
  exhaustion_minutes?: number;
  budget_rate_window_minutes?: number;
  budget_rate_decrease_threshold_per_million?: number;
  slo: { id: string };
  recipients: RecipientOfAlert[];
}

export interface BurnAlert extends Omit<NewBurnAlert, "description">, Evaluated {
  dataset_slug: string;
}

/** A calculated column: the verdict of an SLO on an event. */
export interface DerivedColumn {
  id: string;
  alias: string;
  expression: string;
}

export type RecipientType = "email" | "webhook" | "slack" | "pagerduty" | "msteams" | "msteams_workflow";

export interface Recipient {
  id: string;
  type: RecipientType;
  details: Record<string, unknown>;
}

export interface Delivery {
  id: number;
  progress: "waiting" | "delivered" | "given_up";
  recipient: string;
  title: string;
  attempts: number;
  failure: string;
  created_ns: string;
  due_ns?: string;
  finished_ns?: string;
}

/** How an alert stood, from one change to the next. */
export interface AlertSpell {
  alert: string;
  kind: "trigger" | "burn_alert";
  dataset: string;
  name: string;
  standing: "ok" | "triggered" | "failing" | "disabled" | "removed";
  summary: string;
  began_ns: string;
  /** Absent: it lasts. */
  ended_ns?: string;
}

export const alertHistoryUrl = (from: string, alert?: string): string => apiUrl("alerts/history", { from, alert, limit: 1000 });

const inDataset = (kind: string, dataset: string, id?: string): string => `/1/${kind}/${encodeURIComponent(dataset)}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;

export const recipientsUrl = "/1/recipients";
export const datasetsUrl = "/1/datasets";
export const deliveriesUrl = apiUrl("notifications", { limit: 200 });

/** Of every dataset and of all of them together. */
export const readTriggers = (signal: AbortSignal): Promise<Trigger[]> => get<Trigger[]>("/1/triggers", signal);

export interface WatchedSlo {
  slo: SloInDetail;
  burnAlerts: BurnAlert[];
}

export async function readSlos(signal: AbortSignal): Promise<WatchedSlo[]> {
  const [slos, burnAlerts] = await Promise.all([get<SloInDetail[]>("/1/slos?detailed=true", signal), get<BurnAlert[]>("/1/burn_alerts", signal)]);
  return slos.map((slo) => ({ slo, burnAlerts: burnAlerts.filter((alert) => alert.slo.id === slo.id) }));
}

export const createTrigger = (trigger: NewTrigger, dataset = allDatasets): Promise<Trigger> => post<Trigger>(inDataset("triggers", dataset), trigger);
export const changeTrigger = ({ dataset_slug, id }: Trigger, changes: Partial<NewTrigger>): Promise<Trigger> => send<Trigger>("PUT", inDataset("triggers", dataset_slug, id), changes);
export const removeTrigger = ({ dataset_slug, id }: Trigger): Promise<unknown> => send("DELETE", inDataset("triggers", dataset_slug, id));

export const createRecipient = (recipient: Omit<Recipient, "id">): Promise<Recipient> => post<Recipient>(recipientsUrl, recipient);
export const removeRecipient = (id: string): Promise<unknown> => send("DELETE", `${recipientsUrl}/${encodeURIComponent(id)}`);

/** One attempt, at once. */
export const testRecipient = (recipient: object): Promise<{ delivered: boolean; failure: string }> => post(apiUrl("notifications/test"), { recipient });

export const createSlo = (slo: NewSlo, dataset: string): Promise<Slo> => post<Slo>(inDataset("slos", dataset), slo);
export const changeSlo = ({ dataset_slug, id }: Slo, changes: NewSlo): Promise<Slo> => send<Slo>("PUT", inDataset("slos", dataset_slug, id), changes);
export const removeSlo = ({ dataset_slug, id }: Slo): Promise<unknown> => send("DELETE", inDataset("slos", dataset_slug, id));

export const createBurnAlert = (alert: NewBurnAlert, dataset: string): Promise<BurnAlert> => post<BurnAlert>(inDataset("burn_alerts", dataset), alert);
export const changeBurnAlert = ({ dataset_slug, id }: BurnAlert, changes: NewBurnAlert): Promise<BurnAlert> => send<BurnAlert>("PUT", inDataset("burn_alerts", dataset_slug, id), changes);
export const removeBurnAlert = ({ dataset_slug, id }: BurnAlert): Promise<unknown> => send("DELETE", inDataset("burn_alerts", dataset_slug, id));

export const derivedColumnsUrl = (dataset: string): string => inDataset("derived_columns", dataset);
export const createDerivedColumn = (column: Omit<DerivedColumn, "id">, dataset: string): Promise<DerivedColumn> => post<DerivedColumn>(derivedColumnsUrl(dataset), column);
export const changeDerivedColumn = ({ id, ...members }: DerivedColumn, dataset: string): Promise<DerivedColumn> => send<DerivedColumn>("PUT", inDataset("derived_columns", dataset, id), members);
export const removeDerivedColumn = (id: string, dataset: string): Promise<unknown> => send("DELETE", inDataset("derived_columns", dataset, id));
