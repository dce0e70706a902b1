// The lines before and after one, from the same source.

import { useState } from "preact/hooks";
import type { LogContext, LogRecord } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { textOfValue } from "../../api/values";
import { describeMoment, formatClock, moment } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { Problem } from "../../widgets/notice";
import { LineText } from "./line_text";
import { bodyOf } from "./log_text";
import { RowSeverity } from "./row_severity";

const first = 5;

export function LogContextList({ record }: { record: LogRecord }) {
  const [around, setAround] = useState({ before: first, after: first });
  const { answer, failure } = useAnswer<LogContext>(apiUrl("logs/context", { at: record.time_ns, line: bodyOf(record).slice(0, 1000), service: record.service ?? undefined, ...around }));
  if (failure) return <Problem failure={failure} />;
  if (!answer) return null;
  const more = (which: "before" | "after"): void => setAround({ ...around, [which]: around[which] * 4 });
  return (
    <div class="log-context">
      {answer.source.length > 0 && <p class="faint">same {answer.source.map(({ key, type, value }) => `${key} ${textOfValue(value, type)}`).join(", ")}</p>}
      {answer.more_before && (
        <button class="small plain" onClick={() => more("before")}>
          Earlier lines
        </button>
      )}
      <ol>
        {answer.logs.map((line, index) => (
          <li key={index} class={index === answer.position ? "is-asked" : ""} aria-current={index === answer.position ? "true" : undefined}>
            <span class="mono faint" title={describeMoment(moment(line.time_ns))}>
              {formatClock(moment(line.time_ns))}
            </span>
            <RowSeverity severity={line.severity} />
            <LineText text={bodyOf(line)} />
          </li>
        ))}
      </ol>
      {answer.more_after && (
        <button class="small plain" onClick={() => more("after")}>
          Later lines
        </button>
      )}
    </div>
  );
}
