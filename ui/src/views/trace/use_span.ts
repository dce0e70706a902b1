// The details of the selected span, from wherever the trace came.

import { useEffect, useState } from "preact/hooks";
import type { Span } from "../../api/answers";
import { failureOf, type ApiFailure } from "../../api/client";
import { useComeback } from "../../state/use_comeback";
import type { TraceState } from "./trace_state";

interface AskedSpan {
  span?: Span;
  failure?: ApiFailure;
}

export function useSpan(state: TraceState, spanId: string): AskedSpan {
  const [asked, setAsked] = useState<AskedSpan>({});
  const comeback = useComeback(asked.failure);
  useEffect(() => {
    let isWanted = true;
    state.source.span(spanId).then(
      (span) => isWanted && setAsked({ span }),
      (problem: unknown) => isWanted && setAsked({ failure: failureOf(problem) }),
    );
    return () => {
      isWanted = false;
    };
  }, [state, spanId, comeback]);
  return asked;
}
