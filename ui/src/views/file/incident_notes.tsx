// What an incident brings beside its trace: notes, the question that led there, and the log lines around it.

import { formatCount } from "../../base/numbers";
import { describeMoment, formatClock, formatMoment, moment } from "../../base/time";
import { textOfValue } from "../../api/values";
import { hrefOf } from "../../state/location";
import type { Bundle } from "../../trace/file/bundle";
import { ServiceTag } from "../../widgets/service_tag";
import { SeverityMark } from "../../widgets/severity_mark";
import { VirtualList } from "../../widgets/virtual_list";

const rowHeight = 24;

export function IncidentNotes({ bundle }: { bundle: Omit<Bundle, "trace"> }) {
  const { logs, query } = bundle;
  return (
    <section class="incident" aria-label="Incident">
      <h2>{bundle.title}</h2>
      <p class="faint">Written {formatMoment(moment(bundle.written_ns))}</p>
      {bundle.notes && <p class="incident-notes">{bundle.notes}</p>}
      {query && (
        <p>
          Asked: <a href={hrefOf("/q", { q: query.text, from: query.from, to: query.to })}><code>{query.text}</code></a>
        </p>
      )}
      <details>
        <summary>
          Log lines around it <span class="faint">{bundle.logs_total > logs.length ? `newest ${formatCount(logs.length)} of ${formatCount(bundle.logs_total)}` : formatCount(logs.length)}</span>
        </summary>
        <div class="incident-logs">
          <VirtualList
            label="Log lines around the trace"
            count={logs.length}
            rowHeight={rowHeight}
            row={(index) => {
              const record = logs[index]!;
              return (
                <div class="log-row" role="listitem" key={index}>
                  <span class="mono faint" title={describeMoment(moment(record.time_ns))}>
                    {formatClock(moment(record.time_ns))}
                  </span>
                  <SeverityMark severity={record.severity} />
                  <span class="log-service">
                    <ServiceTag name={record.service} />
                  </span>
                  <span class="mono clip grow">{record.body ? textOfValue(record.body.value, record.body.type) : (record.event_name ?? "")}</span>
                </div>
              );
            }}
          />
        </div>
      </details>
    </section>
  );
}
