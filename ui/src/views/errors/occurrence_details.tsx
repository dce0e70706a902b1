// One occurrence: what was thrown, its stack, the trace around it, what led to it, and all that was told of it.

import type { WholeOccurrence } from "../../api/errors";
import { after, formatClock, milliseconds, moment } from "../../base/time";
import { requestOf, telemetryOf } from "../../errors/rollbar_payload";
import { withDetails } from "../../errors/stack";
import { hrefOf } from "../../state/location";
import { Facts, Part } from "./parts";
import { RelatedTrace } from "./related_trace";
import { StackView } from "./stack_view";

export function OccurrenceDetails({ occurrence }: { occurrence: WholeOccurrence }) {
  const frames = withDetails(occurrence.frames, occurrence.payload);
  const telemetry = telemetryOf(occurrence.payload);
  const request = requestOf(occurrence.payload);
  const { person } = occurrence;
  const facts: [string, string][] = [
    ["Version", occurrence.version],
    ["Environment", occurrence.environment],
    ["Host", occurrence.host],
    ["Context", occurrence.context],
    ["Person", [person.name, person.email, person.id].filter(Boolean).join(", ")],
    ["From", occurrence.source],
  ];
  return (
    <>
      <section class="exception" aria-label="Exception">
        <header>
          <strong>{occurrence.type || "Message"}</strong>
        </header>
        <p>{occurrence.message}</p>
        {occurrence.causes.map((cause) => (
          <p key={cause} class="faint">
            caused by {cause}
          </p>
        ))}
      </section>
      {occurrence.trace_id && (
        <p class="error-trace">
          <a class="button primary" href={hrefOf(`/t/${occurrence.trace_id}`, { span: occurrence.span_id ?? undefined })}>
            The trace it happened in
          </a>{" "}
          <a href={hrefOf("/logs", { trace: occurrence.trace_id })}>its log lines</a>
        </p>
      )}
      {frames.length > 0 ? <StackView type={occurrence.type} message={occurrence.message} frames={frames} /> : occurrence.stack && <pre class="log-body" tabIndex={0}>{occurrence.stack}</pre>}
      {occurrence.trace_id && (
        <Part title="In its trace">
          <RelatedTrace traceId={occurrence.trace_id} spanId={occurrence.span_id} />
        </Part>
      )}
      {telemetry.length > 0 && (
        <Part title="What led to it">
          <ol class="telemetry">
            {telemetry.map((entry, index) => (
              <li key={index}>
                <span class="mono faint">{formatClock(after(moment(0n), milliseconds(entry.at)))}</span> <span class={`chip level-${entry.level}`}>{entry.kind}</span> <span>{entry.text}</span>
              </li>
            ))}
          </ol>
        </Part>
      )}
      <Part title="Facts">
        <Facts facts={facts.filter(([, value]) => value !== "")} />
      </Part>
      {request.length > 0 && (
        <Part title="Request">
          <Facts facts={request} />
        </Part>
      )}
      {occurrence.attributes.length > 0 && (
        <Part title={`Attributes ${occurrence.attributes.length}`} isFolded>
          <Facts facts={occurrence.attributes.map(({ key, value }) => [key, value])} />
        </Part>
      )}
    </>
  );
}
