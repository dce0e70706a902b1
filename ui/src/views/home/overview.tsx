// What goes on: how much is stored, what was turned away, the newest traces, and how to add another sender.

import type { Arrivals, ServerStatus, Traces } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { between, describeMoment, formatAgo, formatDuration, moment, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { RefusalList, wasRefused } from "../arrivals";
import { TraceRow, traceRowHeight } from "../traces";
import { Setup } from "./setup";

const listed = 8;

export function Overview({ status, tick }: { status: ServerStatus; tick: number }) {
  const { answer: newest } = useAnswer<Traces>(apiUrl("traces", { from: "now-24h", limit: listed }), tick);
  const { answer: failed } = useAnswer<Traces>(apiUrl("traces", { from: "now-24h", errors: "1", limit: listed }), tick);
  const { answer: arrivals } = useAnswer<Arrivals>(apiUrl("arrivals"), tick);
  const refused = arrivals?.refusals.filter(wasRefused) ?? [];
  return (
    <div class="overview">
      <h1 class="for-screen-readers">Home</h1>
      <Facts status={status} />
      {refused.length > 0 && (
        <section class="block">
          <h2>
            Turned away lately <a href="/arrivals">all arrivals</a>
          </h2>
          <RefusalList refusals={refused.slice(0, 3)} />
        </section>
      )}
      <TraceBlock title="Newest traces" answer={newest} href="/traces?from=now-24h" />
      <TraceBlock title="Newest failures" answer={failed} href="/traces?from=now-24h&errors=1" />
      <details class="block more-setup">
        <summary>Connect another application</summary>
        <Setup status={status} />
      </details>
    </div>
  );
}

function Facts({ status }: { status: ServerStatus }) {
  const signals = [
    { name: "Spans, events, links", count: status.counts.traces },
    { name: "Log records", count: status.counts.logs },
    { name: "Metric points", count: status.counts.metrics },
  ];
  return (
    <dl class="facts">
      {signals.map(({ name, count }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formatCount(count.rows)}</dd>
          <dd class="faint" title={count.last_ns && describeMoment(moment(count.last_ns))}>
            {count.last_ns ? `newest ${formatAgo(moment(count.last_ns), now())}` : "none yet"}
          </dd>
        </div>
      ))}
      <div>
        <dt>clew {status.version}</dt>
        <dd>{formatDuration(between(moment(status.started_ns), now()))}</dd>
        <dd class="faint">
          running, environment {status.environment.name}
        </dd>
      </div>
    </dl>
  );
}

function TraceBlock({ title, answer, href }: { title: string; answer: Traces | undefined; href: string }) {
  if (!answer || answer.traces.length === 0) return null;
  const longest = Math.max(...answer.traces.map((trace) => trace.duration_ns), 1);
  return (
    <section class="block">
      <h2>
        {title} <a href={href}>{formatCount(answer.total)} in the last day</a>
      </h2>
      <div role="list" style={{ minHeight: `${answer.traces.length * traceRowHeight}px` }}>
        {answer.traces.map((trace) => (
          <TraceRow key={trace.trace_id} trace={trace} longest={longest} isCurrent={false} />
        ))}
      </div>
    </section>
  );
}
