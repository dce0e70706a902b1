// How long data is kept: all of it, that of a service, and that of a log group.

import { apiHeaders, apiUrl, ApiFailure, post, reach } from "./client";

export interface RetentionRule {
  signal: "traces" | "logs" | "metrics";
  /** Without attribute and value: of all that has no rule of its own. */
  attribute?: string;
  value?: string;
  days: number;
  modified_ns: string;
}

export interface RetentionRules {
  rules: RetentionRule[];
}

export const retentionUrl = apiUrl("retention");
/** No days: as long as everything. */
export const setRetention = (rule: { attribute?: string; value?: string; signal?: string; days: number | null }): Promise<RetentionRules> => post<RetentionRules>(retentionUrl, rule);

export interface LogGroup {
  logGroupName: string;
  retentionInDays?: number;
  storedBytes?: number;
}

/** Groups are CloudWatch's, and so is the way to them. */
async function askForLogs<T>(operation: string, body: object, signal?: AbortSignal): Promise<T> {
  const headers = { ...apiHeaders(), "content-type": "application/x-amz-json-1.1", "x-amz-target": `Logs_20140328.${operation}` };
  const response = await reach("/", { method: "POST", headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) });
  const text = await response.text();
  const answer = (text ? JSON.parse(text) : {}) as { message?: string };
  if (!response.ok) throw new ApiFailure(answer.message ?? `The server answered ${response.status}`, "bad_input");
  return answer as T;
}

export const readLogGroups = async (signal: AbortSignal): Promise<LogGroup[]> => (await askForLogs<{ logGroups: LogGroup[] }>("DescribeLogGroups", { limit: 50 }, signal)).logGroups;
export const keepLogGroup = (logGroupName: string, days: number | null): Promise<unknown> =>
  days === null ? askForLogs("DeleteRetentionPolicy", { logGroupName }) : askForLogs("PutRetentionPolicy", { logGroupName, retentionInDays: days });
