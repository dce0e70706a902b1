// Operations of the X-Ray API, which clew serves beside its own: the shapes that the page reads, and calling them.

import { apiHeaders, ApiFailure, reach } from "./client";

export interface XrayTrace {
  Id: string;
  /** Seconds since 1970. */
  StartTime: number;
  /** Seconds; absent while the first segment is in progress. */
  ResponseTime?: number;
  Duration: number;
  HasFault: boolean;
  HasError: boolean;
  HasThrottle: boolean;
  IsPartial: boolean;
  Http?: { HttpURL?: string; HttpStatus?: number; HttpMethod?: string };
  Users?: { UserName: string }[];
  EntryPoint?: { Name: string; Type?: string };
}

export interface TraceSummaries {
  TraceSummaries: XrayTrace[];
  NextToken?: string;
}

export interface SamplingRule {
  RuleName: string;
  Priority: number;
  FixedRate: number;
  ReservoirSize: number;
  ServiceName: string;
  ServiceType: string;
  Host: string;
  HTTPMethod: string;
  URLPath: string;
  ResourceARN: string;
  Version: number;
  Attributes: Record<string, string>;
}

export interface SamplingRules {
  SamplingRuleRecords: { SamplingRule: SamplingRule; CreatedAt: number; ModifiedAt: number }[];
}

export interface SamplingUse {
  RuleName: string;
  /** Seconds since 1970, the beginning of ten seconds. */
  Timestamp: number;
  RequestCount: number;
  BorrowCount: number;
  SampledCount: number;
}

export interface SamplingStatistics {
  SamplingStatisticSummaries: SamplingUse[];
}

export interface XrayGroup {
  GroupName: string;
  GroupARN: string;
  /** Absent: every trace. */
  FilterExpression?: string;
}

export interface XrayGroups {
  Groups: XrayGroup[];
  NextToken?: string;
}

/** Paths of the operations, as AWS has them. */
export const xrayPaths = {
  getTraceSummaries: "/TraceSummaries",
  getSamplingRules: "/GetSamplingRules",
  createSamplingRule: "/CreateSamplingRule",
  updateSamplingRule: "/UpdateSamplingRule",
  deleteSamplingRule: "/DeleteSamplingRule",
  getSamplingStatisticSummaries: "/SamplingStatisticSummaries",
  getGroups: "/Groups",
  createGroup: "/CreateGroup",
  updateGroup: "/UpdateGroup",
  deleteGroup: "/DeleteGroup",
} as const;

export async function callXray<T>(operation: keyof typeof xrayPaths, input: object, signal?: AbortSignal): Promise<T> {
  const response = await reach(xrayPaths[operation], {
    method: "POST",
    headers: { ...apiHeaders(), "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(input),
    ...(signal ? { signal } : {}),
  });
  const answer = (await response.json().catch(() => ({}))) as { message?: string };
  if (response.ok) return answer as T;
  const kind = response.status === 403 ? "unauthenticated" : response.status === 400 ? "bad_input" : "internal";
  throw new ApiFailure(answer.message ?? `The server answered ${response.status}`, kind);
}
