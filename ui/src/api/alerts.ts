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
}

/** With what it has come to: costs a question. */
export interface SloInDetail extends Slo {
  /** Per cent. */
  compliance: number;
  /** Per cent of what the target permits. */
  budget_remaining: number;
  status: "no_alerts" | "normal" | "triggered" | "no_events";
  burn_rate: number;
}

export interface BurnAlert extends Evaluated {
  alert_type: "exhaustion_time" | "budget_rate";
  exhaustion_minutes?: number;
  budget_rate_window_minutes?: number;
  budget_rate_decrease_threshold_per_million?: number;
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

const inDataset = (kind: string, dataset: string, id?: string): string => `/1/${kind}/${encodeURIComponent(dataset)}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;

export const recipientsUrl = "/1/recipients";
export const deliveriesUrl = apiUrl("notifications", { limit: 200 });

async function datasetSlugs(signal: AbortSignal): Promise<string[]> {
  const datasets = await get<Dataset[]>("/1/datasets", signal);
  return [...new Set([allDatasets, ...datasets.map(({ slug }) => slug)])];
}

/** Of every dataset and of all of them together. */
export async function readTriggers(signal: AbortSignal): Promise<Trigger[]> {
  const slugs = await datasetSlugs(signal);
  return (await Promise.all(slugs.map((slug) => get<Trigger[]>(inDataset("triggers", slug), signal)))).flat();
}

export interface WatchedSlo {
  slo: SloInDetail;
  dataset: string;
  burnAlerts: BurnAlert[];
}

export async function readSlos(signal: AbortSignal): Promise<WatchedSlo[]> {
  const slugs = await datasetSlugs(signal);
  const ofDataset = async (dataset: string): Promise<WatchedSlo[]> => {
    const slos = await get<Slo[]>(inDataset("slos", dataset), signal);
    return Promise.all(
      slos.map(async ({ id }) => {
        const [slo, burnAlerts] = await Promise.all([
          get<SloInDetail>(`${inDataset("slos", dataset, id)}?detailed=true`, signal),
          get<BurnAlert[]>(`${inDataset("burn_alerts", dataset)}?slo_id=${encodeURIComponent(id)}`, signal),
        ]);
        return { slo, dataset, burnAlerts };
      }),
    );
  };
  return (await Promise.all(slugs.map(ofDataset))).flat();
}

export const createTrigger = (trigger: NewTrigger, dataset = allDatasets): Promise<Trigger> => post<Trigger>(inDataset("triggers", dataset), trigger);
export const changeTrigger = ({ dataset_slug, id }: Trigger, changes: Partial<NewTrigger>): Promise<Trigger> => send<Trigger>("PUT", inDataset("triggers", dataset_slug, id), changes);
export const removeTrigger = ({ dataset_slug, id }: Trigger): Promise<unknown> => send("DELETE", inDataset("triggers", dataset_slug, id));

export const createRecipient = (recipient: Omit<Recipient, "id">): Promise<Recipient> => post<Recipient>(recipientsUrl, recipient);
export const removeRecipient = (id: string): Promise<unknown> => send("DELETE", `${recipientsUrl}/${encodeURIComponent(id)}`);

/** One attempt, at once. */
export const testRecipient = (recipient: object): Promise<{ delivered: boolean; failure: string }> => post(apiUrl("notifications/test"), { recipient });
