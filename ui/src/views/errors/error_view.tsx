// One error: what happened, where, to whom and since when, what led to it, and why these occurrences are one.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { changeError, type DeployOrigin, type ErrorChange, type ErrorDetails, type Occurrence, type WholeOccurrence } from "../../api/errors";
import { apiUrl } from "../../api/client";
import { formatCount, formatShare } from "../../base/numbers";
import { describeMoment, formatAgo, formatClock, formatMoment, milliseconds, moment, now, after } from "../../base/time";
import { requestOf, telemetryOf } from "../../errors/rollbar_payload";
import { withDetails } from "../../errors/stack";
import { useAnswer } from "../../state/answer";
import { change, go, hrefOf, place } from "../../state/location";
import { Empty, Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { Spark } from "../../widgets/spark";
import { toast } from "../../widgets/toast";
import { useKeys } from "../../widgets/use_keys";
import { RelatedTrace } from "./related_trace";
import { StackView } from "./stack_view";

export function ErrorView({ id }: { id: string }) {
  const [changes, setChanges] = useState(0);
  const { answer: error, failure } = useAnswer<ErrorDetails>(apiUrl(`errors/${encodeURIComponent(id)}`), changes);
  const { answer: list } = useAnswer<{ occurrences: Occurrence[] }>(apiUrl(`errors/${encodeURIComponent(id)}/occurrences`, { limit: 100 }), changes);
  const occurrences = list?.occurrences ?? [];
  const asked = place.value.params.occurrence;
  const { answer: other } = useAnswer<WholeOccurrence>(asked ? apiUrl(`errors/${encodeURIComponent(id)}/occurrences/${asked}`) : undefined);
  const shown = asked ? other : error?.latest;
  const at = asked ? occurrences.findIndex((occurrence) => String(occurrence.id) === asked) : 0;
  const step = (by: number): void => {
    const next = occurrences[at + by];
    if (next) change({ occurrence: at + by === 0 ? undefined : String(next.id) });
  };
  const edit = async (edited: ErrorChange, said: string): Promise<void> => {
    try {
      await changeError(Number(id), edited);
      toast(said);
      setChanges((count) => count + 1);
    } catch (problem) {
      toast(problem instanceof Error ? problem.message : String(problem));
    }
  };
  useKeys(
    () => ({
      title: "Error",
      actions: [
        { keys: ["j"], does: "older occurrence", act: () => step(1) },
        { keys: ["k"], does: "newer occurrence", act: () => step(-1) },
        { keys: ["r"], does: "resolve", act: () => void edit({ state: "resolved" }, "Resolved") },
        { keys: ["m"], does: "mute", act: () => void edit({ state: "muted" }, "Muted") },
        { keys: ["u"], does: "make active again", act: () => void edit({ state: "active" }, "Active again") },
        { keys: ["Escape"], shown: "esc", does: "back to the list", act: () => go("/errors") },
      ],
    }),
    [id, at, occurrences],
  );
  useEffect(() => {
    if (error) document.title = `${error.title} – clew`;
  }, [error]);
  if (failure?.kind === "not_found") {
    return (
      <Empty title="There is no such error">
        <div class="actions">
          <a href="/errors">All errors</a>
        </div>
      </Empty>
    );
  }
  if (failure) return <Problem failure={failure} />;
  if (!error) return null;
  return (
    <div class="view-page error-page">
      <ErrorHead error={error} edit={edit} />
      <div class="error-body">
        <div class="error-main">
          <div class="occurrence-head">
            <button class="small" disabled={at <= 0} onClick={() => step(-1)} title="Newer (k)">
              Newer
            </button>
            <button class="small" disabled={at < 0 || at + 1 >= occurrences.length} onClick={() => step(1)} title="Older (j)">
              Older
            </button>
            {shown && (
              <span class="soft" title={describeMoment(moment(shown.time_ns))}>
                {asked ? formatMoment(moment(shown.time_ns)) : "the newest, "} {formatAgo(moment(shown.time_ns), now())}
              </span>
            )}
          </div>
          {shown ? <OccurrenceDetails occurrence={shown} /> : error.latest === null && <p class="soft">Its occurrences are no longer kept.</p>}
        </div>
        <ErrorSide error={error} />
      </div>
    </div>
  );
}

function ErrorHead({ error, edit }: { error: ErrorDetails; edit: (edited: ErrorChange, said: string) => Promise<void> }) {
  return (
    <header class="error-head">
      <div class="trace-title">
        <h1>{error.title}</h1>
      </div>
      <p class="trace-facts">
        <span class={`chip level-${error.level}`}>{error.level}</span>
        <span class="chip">{error.snoozed ? "snoozed" : error.state}</span>
        <ServiceTag name={error.service || null} />
        <span class="soft">{error.culprit}</span>
        <span>
          <strong>{formatCount(error.occurrences)}</strong> {error.occurrences === 1 ? "occurrence" : "occurrences"}
        </span>
        {error.people > 0 && <span>{formatCount(error.people)} {error.people === 1 ? "person" : "people"}</span>}
        <span title={describeMoment(moment(error.first_seen_ns))}>first {formatAgo(moment(error.first_seen_ns), now())}</span>
        <span title={describeMoment(moment(error.last_seen_ns))}>last {formatAgo(moment(error.last_seen_ns), now())}</span>
        <Spark values={error.counts} />
      </p>
      <div class="actions">
        {error.state !== "resolved" && (
          <button class="small primary" title="r" onClick={() => void edit({ state: "resolved" }, "Resolved")}>
            Resolve
          </button>
        )}
        {error.state !== "resolved" && error.last_version && (
          <button class="small" onClick={() => void edit({ state: "resolved", resolved_in_version: error.last_version }, `Resolved in ${error.last_version}`)}>
            Resolve in {error.last_version}
          </button>
        )}
        {error.state !== "active" && (
          <button class="small" title="u" onClick={() => void edit({ state: "active" }, "Active again")}>
            Make active again
          </button>
        )}
        {error.state !== "muted" && (
          <button class="small" title="m" onClick={() => void edit({ state: "muted" }, "Muted")}>
            Mute
          </button>
        )}
        <button class="small" onClick={() => void edit({ snooze_s: error.snoozed ? 0 : 24 * 3600 }, error.snoozed ? "Awake again" : "Snoozed for a day")}>
          {error.snoozed ? "Wake" : "Snooze for a day"}
        </button>
        <input
          class="assignee"
          key={error.assignee}
          defaultValue={error.assignee}
          placeholder="Assign to"
          aria-label="Assigned to"
          onKeyDown={(event) => event.key === "Enter" && void edit({ assignee: event.currentTarget.value.trim() }, "Assigned")}
        />
      </div>
    </header>
  );
}

function OccurrenceDetails({ occurrence }: { occurrence: WholeOccurrence }) {
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

function Part({ title, isFolded = false, children }: { title: string; isFolded?: boolean; children: ComponentChildren }) {
  return (
    <details class="pane-section" open={!isFolded}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl class="attributes">
      {facts.map(([name, value]) => (
        <div class="attribute" key={name}>
          <dt>{name}</dt>
          <dd class="mono">{value.includes("\n") ? <pre>{value}</pre> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function DeployLines({ origin: { deploy, because } }: { origin: DeployOrigin }) {
  return (
    <>
      <p>
        <strong class="mono">{deploy.revision}</strong> {deploy.environment && `in ${deploy.environment}`} {deploy.user && `by ${deploy.user}`}{" "}
        <span class="faint" title={describeMoment(moment(deploy.started_ns))}>
          {formatAgo(moment(deploy.started_ns), now())}
        </span>{" "}
        {deploy.status !== "succeeded" && <span class="chip">{deploy.status.replace("_", " ")}</span>}
      </p>
      <p class="faint">{because === "version" ? "the version that had the error" : "the last deploy before it"}</p>
      {deploy.comment && <p class="soft">{deploy.comment}</p>}
    </>
  );
}

function ErrorSide({ error }: { error: ErrorDetails }) {
  const { first_seen_in: first, likely_caused_by: cause } = error;
  return (
    <aside class="error-side" aria-label="About this error">
      {cause && (
        <Part title="Likely caused by">
          <DeployLines origin={cause} />
        </Part>
      )}
      {first && first.deploy.id !== cause?.deploy.id && (
        <Part title="First seen in">
          <DeployLines origin={first} />
        </Part>
      )}
      {error.distributions.length > 0 && error.sampled > 1 && (
        <Part title={`How the newest ${formatCount(error.sampled)} differ`}>
          {error.distributions.map(({ column, values, others }) => {
            const whole = values.reduce((sum, value) => sum + value.occurrences, others);
            return (
              <div class="distribution" key={column}>
                <p class="faint">{column}</p>
                {values.slice(0, 5).map((value) => (
                  <p key={value.value} class="distribution-value" title={`${formatCount(value.occurrences)} of ${formatCount(whole)}`}>
                    <span class="distribution-bar" style={{ width: `${(value.occurrences / Math.max(1, whole)) * 100}%` }} />
                    <span class="clip">{value.value || "(none)"}</span>
                    <span class="faint">{formatShare(value.occurrences, whole)}</span>
                  </p>
                ))}
              </div>
            );
          })}
        </Part>
      )}
      {error.versions.length > 0 && (
        <Part title={`Versions ${error.versions.length}`}>
          <Facts facts={error.versions.map(({ version, occurrences, last_seen_ns }) => [version || "(none)", `${formatCount(occurrences)}, last ${formatAgo(moment(last_seen_ns), now())}`])} />
        </Part>
      )}
      {error.affected.length > 0 && (
        <Part title={`People ${error.affected.length}`}>
          <Facts facts={error.affected.map(({ id, name, email, occurrences }) => [name || email || id, formatCount(occurrences)])} />
        </Part>
      )}
      <Part title="Why these are one">
        {error.groups.map((group) => (
          <div key={group.fingerprint} class="grouping">
            <p>
              {group.reason} <span class="faint">
                {formatCount(group.occurrences)} {group.occurrences === 1 ? "occurrence" : "occurrences"}
              </span>
            </p>
            <pre tabIndex={0} aria-label="What was hashed">
              {group.hashed}
            </pre>
          </div>
        ))}
      </Part>
      {error.activity.length > 0 && (
        <Part title="History">
          <ol class="telemetry">
            {error.activity.map((one, index) => (
              <li key={index}>
                <span class="faint" title={describeMoment(moment(one.time_ns))}>
                  {formatAgo(moment(one.time_ns), now())}
                </span>{" "}
                {one.kind} {one.detail}
              </li>
            ))}
          </ol>
        </Part>
      )}
    </aside>
  );
}
