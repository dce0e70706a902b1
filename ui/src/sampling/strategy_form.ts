// A sampling strategy as it is typed and as it is told. What a strategy may be is decided by the API; here only what is
// not a number is told apart.

import type { OperationSampling, SamplingStrategy } from "../api/sampling";
import { significant } from "../base/numbers";

const percentText = (part: number): string => String(Number((part * 100).toPrecision(12)));
const partOf = (percent: number): number => Number((percent / 100).toPrecision(12));

/** "25 % of the traces", "7 traces a second". */
export const strategyText = ({ type, param }: SamplingStrategy): string =>
  type === "ratelimiting" ? `${significant(param)} ${param === 1 ? "trace" : "traces"} a second` : param === 1 ? "everything" : `${significant(param * 100)} %`;

export const amountText = ({ type, param }: SamplingStrategy): string => (type === "ratelimiting" ? String(param) : percentText(param));

/** One a line: "5 % GET /health". */
export const operationsText = (operations: readonly OperationSampling[]): string => operations.map(({ operation, param }) => `${percentText(param)} % ${operation}`).join("\n");

export type TypedStrategy = { strategy: SamplingStrategy } | { problem: string };

export function strategyOf(type: string, amount: string, operations: string): TypedStrategy {
  const number = Number(amount);
  if (amount.trim() === "" || !Number.isFinite(number)) return { problem: `How many must be a number, not “${amount.trim()}”` };
  const strategies: OperationSampling[] = [];
  for (const line of operations.split("\n").map((text) => text.trim())) {
    if (line === "") continue;
    const [, percent, operation] = /^([\d.]+)\s*%\s*(\S.*)$/.exec(line) ?? [];
    if (percent === undefined || operation === undefined || !Number.isFinite(Number(percent))) return { problem: `An operation is written as “5 % GET /health”, not “${line}”` };
    strategies.push({ operation, type: "probabilistic", param: partOf(Number(percent)) });
  }
  const limits = type === "ratelimiting";
  return { strategy: { type: limits ? "ratelimiting" : "probabilistic", param: limits ? number : partOf(number), operation_strategies: strategies } };
}
