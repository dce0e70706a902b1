// What clients are told that ask how many traces to keep (Jaeger's remote sampling), and who asked.

import { apiUrl, post } from "./client";

export interface OperationSampling {
  operation: string;
  type: "probabilistic";
  /** From 0 to 1. */
  param: number;
}

export interface SamplingStrategy {
  type: "probabilistic" | "ratelimiting";
  /** The part that is kept, from 0 to 1; of ratelimiting: traces in a second. */
  param: number;
  operation_strategies: OperationSampling[];
}

export interface ListedStrategy extends SamplingStrategy {
  /** Absent: of all services that are not named. */
  service?: string;
  /** Absent: it stands in the operator's file. */
  modified_ns?: string;
}

export interface Sampling {
  strategies: ListedStrategy[];
  askers: { service: string; last_ns: string; times: number }[];
}

export const samplingUrl = apiUrl("sampling");
export const setSampling = (service: string | null, strategy: SamplingStrategy): Promise<Sampling> => post<Sampling>(samplingUrl, { service, ...strategy });
export const takeBackSampling = (service: string | null): Promise<Sampling> => post<Sampling>(samplingUrl, { service, type: null });
