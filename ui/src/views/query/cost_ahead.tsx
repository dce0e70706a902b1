// Runs the question that is typed, and says beside it what that is going to cost.

import type { Question } from "../../api/client";
import { estimateText } from "../../query/estimate_text";
import { useEstimate } from "../../state/estimate";

export interface CostAheadProps {
  /** As typed; undefined while there is none. */
  question: Question | undefined;
  onRun: () => void;
}

export function CostAhead({ question, onRun }: CostAheadProps) {
  const estimate = useEstimate(question);
  return (
    <>
      <button class="primary" disabled={!question} onClick={onRun} aria-describedby="cost-ahead">
        Run
      </button>
      <span class="faint cost-ahead" id="cost-ahead" title="What the question is going to cost, told without reading the data">
        {estimate && estimateText(estimate)}
      </span>
    </>
  );
}
