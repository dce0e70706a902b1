// The head of an error's page: what it is, how often, and what people do with it.

import type { ErrorChange, ErrorDetails } from "../../api/errors";
import { formatCount } from "../../base/numbers";
import { describeMoment, formatAgo, formatMoment, moment, now } from "../../base/time";
import { openMenu } from "../../widgets/menu";
import { ServiceTag } from "../../widgets/service_tag";
import { Spark } from "../../widgets/spark";

const snoozes = [
  ["an hour", 3600],
  ["eight hours", 8 * 3600],
  ["a day", 24 * 3600],
  ["a week", 7 * 24 * 3600],
] as const;

export type Edit = (edited: ErrorChange, said: string) => Promise<void>;

export function ErrorHead({ error, edit }: { error: ErrorDetails; edit: Edit }) {
  return (
    <header class="error-head">
      <div class="trace-title">
        <h1>{error.title}</h1>
      </div>
      <p class="trace-facts">
        <span class={`chip level-${error.level}`}>{error.level}</span>
        <span class="chip">{error.snoozed ? "snoozed" : error.state}</span>
        {error.state === "resolved" && error.resolved_in_version && <span>in {error.resolved_in_version}</span>}
        {error.snoozed_until_ns && <span title={describeMoment(moment(error.snoozed_until_ns))}>until {formatMoment(moment(error.snoozed_until_ns))}</span>}
        {error.reactivations > 0 && <span class="chip level-warning">came back{error.reactivations > 1 && ` ${formatCount(error.reactivations)} times`}</span>}
        <ServiceTag name={error.service || null} />
        {error.environment && <span>{error.environment}</span>}
        <span class="soft">{error.culprit}</span>
        <span>
          <strong>{formatCount(error.occurrences)}</strong> {error.occurrences === 1 ? "occurrence" : "occurrences"}
        </span>
        {error.people > 0 && <span>{formatCount(error.people)} {error.people === 1 ? "person" : "people"}</span>}
        <span title={describeMoment(moment(error.first_seen_ns))}>first {formatAgo(moment(error.first_seen_ns), now())}</span>
        <span title={describeMoment(moment(error.last_seen_ns))}>last {formatAgo(moment(error.last_seen_ns), now())}</span>
        <Spark values={error.counts} />
      </p>
      {error.merged_into === null ? (
        <Actions error={error} edit={edit} />
      ) : (
        <p class="merged-says">
          This is part of <a href={`/errors/${error.merged_into}`}>error {error.merged_into}</a>, where it is dealt with and can be taken apart again.
        </p>
      )}
    </header>
  );
}

function Actions({ error, edit }: { error: ErrorDetails; edit: Edit }) {
  return (
    <div class="actions">
      {error.state !== "resolved" && (
        <button class="small primary" title="r" onClick={() => void edit({ state: "resolved" }, "Resolved")}>
          Resolve
        </button>
      )}
      {error.state !== "resolved" && error.last_version && (
        <button class="small" title="It comes back with this version or a newer one" onClick={() => void edit({ state: "resolved", resolved_in_version: error.last_version }, `Resolved in ${error.last_version}`)}>
          Resolve in {error.last_version}
        </button>
      )}
      {error.state !== "active" && (
        <button class="small" title="u" onClick={() => void edit({ state: "active" }, "Active again")}>
          Make active again
        </button>
      )}
      {error.state !== "muted" && (
        <button class="small" title="Nobody is told of it any more (m)" onClick={() => void edit({ state: "muted" }, "Muted")}>
          Mute
        </button>
      )}
      {error.snoozed ? (
        <button class="small" onClick={() => void edit({ snooze_s: 0 }, "Awake again")}>
          Wake
        </button>
      ) : (
        <button
          class="small"
          aria-haspopup="menu"
          title="Nobody is told of it for a while"
          onClick={(event) =>
            openMenu(
              event,
              "Snooze for",
              snoozes.map(([title, seconds]) => ({ title, act: () => void edit({ snooze_s: seconds }, `Snoozed for ${title}`) })),
            )
          }
        >
          Snooze
        </button>
      )}
      {error.state !== "archived" && (
        <button class="small" title="Out of the list, and nobody is told of it" onClick={() => void edit({ state: "archived" }, "Archived")}>
          Archive
        </button>
      )}
      <form
        class="assigning"
        key={error.assignee}
        onSubmit={(event) => {
          event.preventDefault();
          const assignee = String(new FormData(event.currentTarget as HTMLFormElement).get("assignee") ?? "").trim();
          if (assignee !== error.assignee) void edit({ assignee }, assignee ? `Assigned to ${assignee}` : "Assigned to nobody");
        }}
      >
        <input class="assignee" name="assignee" defaultValue={error.assignee} placeholder="Assign to" aria-label="Assigned to" maxLength={255} />
        <button class="small">Assign</button>
      </form>
    </div>
  );
}
