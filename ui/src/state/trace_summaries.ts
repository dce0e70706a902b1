// Summaries of traces from the X-Ray API, page by page, the newest first.

import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf, type ApiFailure } from "../api/client";
import { callXray, type TraceSummaries, type XrayTrace } from "../api/xray";
import type { TimeRange } from "./time_range";
import { useComeback } from "./use_comeback";

export interface AskedSummaries {
  traces?: readonly XrayTrace[];
  /** There are older ones that were not asked for. */
  hasMore: boolean;
  isLoading: boolean;
  failure?: ApiFailure;
}

/** Asks for up to `most`; what is there is shown as it comes, and stays until there is something newer. */
export function useTraceSummaries(expression: string | undefined, range: TimeRange, most: number, tick: number): AskedSummaries {
  const [asked, setAsked] = useState<AskedSummaries>({ hasMore: false, isLoading: true });
  const comeback = useComeback(asked.failure);
  // News that come while pages are being read wait until those are there, or none would ever be complete.
  const again = useRef(tick);
  if (!asked.isLoading) again.current = tick;
  useEffect(() => {
    const abort = new AbortController();
    setAsked((before) => ({ ...before, isLoading: true }));
    readPages(expression, range, most, abort.signal, setAsked).catch((problem: unknown) => {
      if (abort.signal.aborted) return;
      setAsked({ hasMore: false, isLoading: false, failure: failureOf(problem) });
    });
    return () => abort.abort();
  }, [expression, range.from, range.to, most, again.current, comeback]);
  return asked;
}

async function readPages(expression: string | undefined, range: TimeRange, most: number, signal: AbortSignal, tell: (asked: AskedSummaries) => void): Promise<void> {
  const traces: XrayTrace[] = [];
  for (let token: string | undefined; ; ) {
    const page: TraceSummaries = await callXray("getTraceSummaries", { StartTime: range.from, EndTime: range.to, FilterExpression: expression, NextToken: token }, signal);
    traces.push(...page.TraceSummaries);
    token = page.NextToken;
    const isLast = token === undefined || traces.length >= most;
    tell({ traces: [...traces], hasMore: token !== undefined, isLoading: !isLast });
    if (isLast) return;
  }
}
