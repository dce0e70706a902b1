// Made-up data that shows what widgets can do, also where it is hard: gaps, long names, nothing at all.

import type { Strip } from "../../alerts/spells";
import type { Answer, Attribute, TraceSummary } from "../../api/answers";
import type { BubbleUp } from "../../api/bubble_up";
import { milliseconds } from "../../base/time";
import { histogramOf, type LogHistogram } from "../../logs/histogram";

const startNs = "1770000000000000000";
const stepNs = 60e9;
const steps = 60;

/** The same numbers at every visit. */
function waves(seed: number, base: number, swing: number): number[] {
  return Array.from({ length: steps }, (_, step) => Math.round(base + swing * Math.sin(step / (3 + seed)) + swing * 0.3 * Math.sin(step * (1.7 + seed))));
}

const services = ["storefront", "checkout", "payment"];
const lines = services.map((_, row) => waves(row, 40 - row * 10, 10 - row * 2));

export const sampleAnswer: Answer = {
  range: { from_ns: startNs, to_ns: String(BigInt(startNs) + BigInt(steps * stepNs)) },
  columns: [
    { name: "service.name", type: "string", role: "group" },
    { name: "COUNT", type: "int64", role: "calculation" },
    { name: "P95(duration_ms)", type: "float64", role: "calculation", unit: "ms" },
  ],
  rows: services.map((service, row) => [service, lines[row]!.reduce((sum, value) => sum + value, 0), 12.5 * (row + 1)]),
  total_rows: services.length,
  totals: null,
  series: {
    start_ns: startNs,
    step_ns: stepNs,
    steps,
    lines: [
      ...lines.map((values, row) => ({ row, column: 1, values })),
      // Unknown for a while, which is not the same as nothing.
      ...lines.map((values, row) => ({ row, column: 2, values: values.map((value, step) => (row === 1 && step > 20 && step < 30 ? null : value * (row + 1))) })),
    ],
    heatmaps: [],
  },
  partial: false,
  cost: { rows_scanned: 48_213, rows_matched: 6120, bytes_read: 1 << 20, elapsed_ms: 4.2 },
};

export const earlierAnswer: Answer = {
  ...sampleAnswer,
  rows: sampleAnswer.rows.map(([service, count, p95]) => [service!, Math.round(Number(count) * 0.8), Number(p95) * 1.3]),
  series: { ...sampleAnswer.series!, lines: sampleAnswer.series!.lines.map((line) => ({ ...line, values: [...line.values].reverse() })) },
};

const bounds = Array.from({ length: 41 }, (_, bucket) => 10 ** (bucket / 10 - 1));
export const sampleHeatmap = {
  row: -1,
  column: 0,
  bounds,
  counts: Array.from({ length: steps }, (_, step) => bounds.slice(1).map((_, bucket) => Math.max(0, Math.round(30 * Math.exp(-(((bucket - 14 - 3 * Math.sin(step / 8)) / 4) ** 2)) + (step > 35 && step < 48 ? 6 * Math.exp(-(((bucket - 33) / 2) ** 2)) : 0))))),
};
export const sampleStart = startNs;
export const sampleStep = stepNs;

export const sampleDifferences: BubbleUp = {
  range: sampleAnswer.range,
  selected_rows: 200,
  rest_rows: 4000,
  selected: 200,
  rest: 4000,
  columns: [
    {
      column: "http.route",
      type: "dimension",
      score: 0.81,
      confidence: 1,
      selects: false,
      values: [
        { value: "/cart/items", selected: 180, rest: 310, part: 0.6 },
        { value: null, selected: 12, rest: 2100, part: -0.2 },
        { value: "/a/route/with/quite/a/long/name/that/does/not/fit", selected: 8, rest: 1590, part: -0.1 },
      ],
      values_in_all: 12,
      beside: { selected: 0, rest: 0 },
    },
    {
      column: "db.rows",
      type: "measure",
      score: 0.44,
      confidence: 0.98,
      selects: false,
      histogram: { bounds: [1, 3, 10, 40, 200, 20_000], selected: [5, 10, 20, 45, 120], rest: [900, 1200, 900, 800, 200] },
      values: [],
      values_in_all: 0,
      beside: { selected: 0, rest: 0 },
    },
  ],
  columns_in_all: 31,
  partial: false,
  cost: sampleAnswer.cost,
};

export const sampleAttributes: Attribute[] = [
  { key: "http.route", type: "string", value: "/cart/items" },
  { key: "retries", type: "int64", value: 3 },
  { key: "cache.hit", type: "boolean", value: false },
  { key: "request.body", type: "json", value: '{"items":[{"id":1,"count":2}]}' },
];

export const sampleTraces: TraceSummary[] = Array.from({ length: 60 }, (_, index) => ({
  trace_id: index.toString(16).padStart(32, "a"),
  start_ns: String(BigInt(startNs) + BigInt(index) * BigInt(stepNs)),
  duration_ns: 2e6 * (1 + (index % 13) ** 2),
  root: { service: services[index % 3]!, name: "POST /cart/items" },
  spans: 11,
  errors: index % 17 === 3 ? 2 : 0,
  services,
}));

/** Log lines of a minute each; now and then one goes wrong. */
export const sampleLines: LogHistogram = histogramOf({
  ...sampleAnswer,
  rows: [["info", 0], ["warn", 0], ["error", 0]],
  series: { ...sampleAnswer.series!, lines: [waves(0, 20, 9), waves(1, 2, 2), waves(2, 1, 1)].map((values, row) => ({ row, column: 1, values })) },
})!;

export const sampleStrip: Strip = {
  alert: "a1",
  kind: "trigger",
  dataset: "__all__",
  name: "Slow checkouts",
  isRemoved: false,
  spells: [
    { standing: "ok", summary: "", left: 0.1, width: 0.5 },
    { standing: "triggered", summary: "P99(duration_ms) was 812", left: 0.6, width: 0.1 },
    { standing: "failed", summary: "the query took too long", left: 0.7, width: 0.05 },
    { standing: "ok", summary: "", left: 0.75, width: 0.25 },
  ],
  timesTriggered: 1,
  triggeredFor: 600e9,
};

/** Many quick ones, and some that waited for something. */
export const sampleTimes = Array.from({ length: 240 }, (_, index) => milliseconds(12 + ((index * 37) % 61) * 1.3 + (index % 16 === 0 ? 420 + index : 0)));
