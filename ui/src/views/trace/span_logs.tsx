// Log records written while a span was current.

import type { LogRecord } from "../../api/answers";
import { textOfValue } from "../../api/values";
import { describeMoment, formatClock, moment } from "../../base/time";
import { hrefOf } from "../../state/location";
import { SeverityMark } from "../../widgets/severity_mark";

export function SpanLogs({ logs, isStored }: { logs: readonly LogRecord[]; isStored: boolean }) {
  return (
    <ol class="span-logs">
      {logs.map((record, index) => (
        <li key={index}>
          {isStored ? (
            <a class="mono faint" title={`${describeMoment(moment(record.time_ns))}: see it among the logs of the trace`} href={hrefOf("/logs", { trace: record.trace_id ?? undefined, at: record.time_ns })}>
              {formatClock(moment(record.time_ns))}
            </a>
          ) : (
            <span class="mono faint" title={describeMoment(moment(record.time_ns))}>
              {formatClock(moment(record.time_ns))}
            </span>
          )}
          <SeverityMark severity={record.severity} />
          <span class="mono">{record.body ? textOfValue(record.body.value, record.body.type) : (record.event_name ?? "")}</span>
        </li>
      ))}
    </ol>
  );
}
