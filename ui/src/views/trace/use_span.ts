// The details of the selected span, from wherever the trace came.

import { useEffect, useState } from "preact/hooks";
import type { Span } from "../../api/answers";
import { ApiFailure } from "../../api/client";
import type { TraceState } from "./trace_state";

interface AskedSpan {
  span?: Span;
  failure?: ApiFailure;
}

export function useSpan(state: TraceState, spanId: string): AskedSpan {
  const [asked, setAsked] = useState<AskedSpan>({});
  useEffect(() => {
    let isWanted = true;
    state.source.span(spanId).then(
      (span) => isWanted && setAsked({ span }),
      (problem: unknown) => isWanted && setAsked({ failure: problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal") }),
    );
    return () => {
      isWanted = false;
    };
  }, [state, spanId]);
  return asked;
}
