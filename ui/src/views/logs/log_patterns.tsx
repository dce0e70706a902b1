// Log lines folded into patterns, the commonest first; a click shows the lines of one.

import type { LogPatterns } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { formatCount, formatShare } from "../../base/numbers";
import { formatAgo, moment, now } from "../../base/time";
import { isMatch } from "../../query/short_form_text";
import { useAnswer } from "../../state/answer";
import { change, place } from "../../state/location";
import { rangeOf } from "../../state/time_range";
import { both } from "../../query/short_form_text";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { Spark } from "../../widgets/spark";
import { VirtualList } from "../../widgets/virtual_list";
import { sparkOf } from "../../logs/pattern_spark";
import { RowSeverity } from "./row_severity";

const rowHeight = 32;

export function LogPatternList({ tick }: { tick: number }) {
  const { params } = place.value;
  const range = rangeOf(params);
  const { answer, failure } = useAnswer<LogPatterns>(apiUrl("logs/patterns", { from: range.from, to: range.to, q: params.q, service: params.service, trace_id: params.trace, limit: 200 }), tick);
  const patterns = answer?.patterns ?? [];
  const show = (index: number): void => change({ q: both(params.q, isMatch("body", patterns[index]!.regular_expression)), view: undefined, at: undefined });
  const current = useListKeys("Patterns", patterns.length, show);
  if (failure) return <Problem failure={failure} />;
  if (!answer) return null;
  if (patterns.length === 0) {
    return (
      <Empty title="No line to fold into patterns">
        <div class="actions">
          <button onClick={() => change({ view: undefined })}>Back to the lines</button>
        </div>
      </Empty>
    );
  }
  return (
    <>
      <p class="log-says" role="status">
        {formatCount(answer.patterns_in_all)} patterns of {answer.total > answer.lines ? `the newest ${formatCount(answer.lines)} of ${formatCount(answer.total)} lines` : `${formatCount(answer.lines)} lines`}
      </p>
      <VirtualList
        label="Patterns of log lines"
        count={patterns.length}
        rowHeight={rowHeight}
        current={current}
        row={(index) => {
          const pattern = patterns[index]!;
          return (
            <div key={pattern.pattern} class={`table-row pattern-columns is-link${index === current ? " is-current" : ""}`} role="listitem">
              <span class="number">
                <strong>{formatCount(pattern.lines)}</strong> <span class="faint">{formatShare(pattern.share, 1)}</span>
              </span>
              <Spark values={sparkOf(answer, pattern)} width={96} />
              <RowSeverity severity={pattern.severities[0]?.value ?? null} />
              <button class="plain whole-row mono clip" title={pattern.example} onClick={() => show(index)}>
                {pattern.pattern}
              </button>
              <span class="pattern-where">
                {pattern.services[0] && <ServiceTag name={pattern.services[0].value} />}
                <span class="faint">{formatAgo(moment(pattern.last_ns), now())}</span>
              </span>
            </div>
          );
        }}
      />
    </>
  );
}
