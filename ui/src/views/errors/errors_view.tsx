// Errors: one line for all occurrences that are the same, to be searched, marked and dealt with together.

import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { changeError, mergeErrors, type ErrorItem, type ErrorList, type ErrorState } from "../../api/errors";
import { apiUrl } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { describeMoment, formatAgo, moment, now } from "../../base/time";
import { useAnswer } from "../../state/answer";
import { change, go, place } from "../../state/location";
import { useLive } from "../../state/use_live";
import { Icon } from "../../widgets/icon";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { Spark } from "../../widgets/spark";
import { toast } from "../../widgets/toast";
import { useKeys } from "../../widgets/use_keys";
import { VirtualList } from "../../widgets/virtual_list";
import { GroupingView } from "./grouping_view";

const rowHeight = 48;
const pageSize = 100;
const states = ["active", "snoozed", "resolved", "muted", "archived", "any"] as const;
/** Who snoozed an error does not want to see it among the active ones. */
const filterOf = (state: string): { state?: string; snoozed?: string } =>
  state === "any" ? {} : state === "snoozed" ? { snoozed: "true" } : state === "active" ? { state, snoozed: "false" } : { state };
const sorts = { last_seen: "Last seen", first_seen: "First seen", occurrences: "Occurrences", people: "People" } as const;

export function ErrorsView() {
  return place.value.params.view === "rules" ? <GroupingView /> : <ErrorTable />;
}

function ErrorTable() {
  const { params } = place.value;
  const [changes, setChanges] = useState(0);
  const traces = useLive("traces", true);
  const logs = useLive("logs", true);
  const state = params.state ?? "active";
  const limit = Math.min(1000, Number(params.limit) || pageSize);
  const { answer, failure } = useAnswer<ErrorList>(
    apiUrl("errors", { q: params.q, ...filterOf(state), level: params.level, service: params.service, sort: params.sort, limit }),
    `${changes} ${traces} ${logs}`,
  );
  const errors = answer?.errors ?? [];
  const marked = useSignal<ReadonlySet<number>>(new Set());
  const current = useListKeys("Errors", errors.length, (index) => go(`/errors/${errors[index]!.id}`));
  const toggle = (id: number): void => {
    const next = new Set(marked.value);
    if (!next.delete(id)) next.add(id);
    marked.value = next;
  };
  const chosen = (): number[] => (marked.value.size > 0 ? [...marked.value] : current !== undefined && errors[current] ? [errors[current].id] : []);
  const act = async (does: string, work: (ids: number[]) => Promise<unknown>): Promise<void> => {
    const ids = chosen();
    if (ids.length === 0) return;
    try {
      await work(ids);
      toast(`${does} ${ids.length === 1 ? "1 error" : `${ids.length} errors`}`);
      marked.value = new Set();
      setChanges((count) => count + 1);
    } catch (problem) {
      toast(problem instanceof Error ? problem.message : String(problem));
    }
  };
  const setState = (to: ErrorState, does: string) => (): void => void act(does, (ids) => Promise.all(ids.map((id) => changeError(id, { state: to }))));
  const snooze = (): void => void act("Snoozed", (ids) => Promise.all(ids.map((id) => changeError(id, { snooze_s: 24 * 3600 }))));
  const merge = (): void => void act("Merged", ([first, ...others]) => (others.length > 0 ? mergeErrors(first!, others) : Promise.reject(new Error("Mark two errors or more to merge them"))));
  useKeys(
    () => ({
      title: "Errors that are marked",
      actions: [
        { keys: ["x"], does: "mark", act: () => current !== undefined && errors[current] && toggle(errors[current].id) },
        { keys: ["r"], does: "resolve", act: setState("resolved", "Resolved") },
        { keys: ["m"], does: "mute", act: setState("muted", "Muted") },
        { keys: ["u"], does: "make active again", act: setState("active", "Made active") },
      ],
    }),
    [current, errors],
  );
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Errors</h1>
        <span class="soft" role="status">
          {answer && (answer.total > errors.length ? `${formatCount(errors.length)} of ${formatCount(answer.total)}` : formatCount(errors.length))} {answer && (state === "any" ? "in any state" : state)}
        </span>
        {answer && answer.total > errors.length && limit < 1000 && (
          <button class="small" onClick={() => change({ limit: String(Math.min(1000, limit * 4)) })}>
            Show {Math.min(1000, limit * 4)}
          </button>
        )}
        <span class="grow" />
        <button class="small" onClick={() => change({ view: "rules" })}>
          Grouping rules
        </button>
      </div>
      <div class="filter-bar">
        <form
          class="error-search"
          role="search"
          aria-label="Errors"
          onSubmit={(event) => {
            event.preventDefault();
            change({ q: String(new FormData(event.currentTarget as HTMLFormElement).get("q") ?? "").trim() || undefined });
          }}
        >
          <Icon name="search" size={13} />
          <input name="q" key={params.q} data-search type="search" defaultValue={params.q ?? ""} placeholder="Words, level:critical, person:ada, #12" aria-label="Find errors" title="Words of title, type and place; level: state: environment: service: version: framework: person: assigned: type: is:assigned is:unassigned #number" />
        </form>
        <span class="picture-tabs" role="group" aria-label="State">
          {states.map((each) => (
            <button key={each} class="small" aria-pressed={state === each} onClick={() => change({ state: each === "active" ? undefined : each })}>
              {each}
            </button>
          ))}
        </span>
        {params.service && (
          <button class="filter-chip" onClick={() => change({ service: undefined })}>
            <span class="faint">service</span> {params.service} <Icon name="close" size={12} />
          </button>
        )}
        <label>
          <span class="faint">by</span>{" "}
          <select value={params.sort ?? "last_seen"} aria-label="Order" onChange={(event) => change({ sort: event.currentTarget.value === "last_seen" ? undefined : event.currentTarget.value })}>
            {Object.entries(sorts).map(([sort, title]) => (
              <option key={sort} value={sort}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {marked.value.size > 0 && (
        <p class="marked-says" role="status">
          {formatCount(marked.value.size)} marked
          <button class="small" title="r" onClick={setState("resolved", "Resolved")}>Resolve</button>
          <button class="small" title="m" onClick={setState("muted", "Muted")}>Mute</button>
          <button class="small" title="u" onClick={setState("active", "Made active")}>Make active</button>
          <button class="small" onClick={snooze}>Snooze for a day</button>
          <button class="small" onClick={merge}>Merge</button>
          <button class="small plain" onClick={() => (marked.value = new Set())}>Unmark</button>
        </p>
      )}
      {failure && <Problem failure={failure} />}
      {answer && errors.length === 0 && <NoErrors isFiltered={Boolean(params.q || params.service || params.level)} state={state} />}
      {errors.length > 0 && (
        <>
          <div class="table-head error-columns" aria-hidden="true">
            <span />
            <span>Error</span>
            <span>Last {answer!.hours_each * 24} hours</span>
            <span class="number">Occurrences</span>
            <span class="number">People</span>
            <span>Last seen</span>
          </div>
          <VirtualList
            label="Errors"
            count={errors.length}
            rowHeight={rowHeight}
            current={current}
            row={(index) => <ErrorRow key={errors[index]!.id} item={errors[index]!} isCurrent={index === current} isMarked={marked.value.has(errors[index]!.id)} onMark={() => toggle(errors[index]!.id)} />}
          />
        </>
      )}
    </div>
  );
}

function ErrorRow({ item, isCurrent, isMarked, onMark }: { item: ErrorItem; isCurrent: boolean; isMarked: boolean; onMark: () => void }) {
  const last = moment(item.last_seen_ns);
  return (
    <div class={`table-row error-columns is-link${isCurrent ? " is-current" : ""}`} role="listitem">
      <input class="error-mark-box" type="checkbox" checked={isMarked} aria-label={`Mark ${item.title}`} onChange={onMark} />
      <span class="error-title">
        <a class="whole-row clip" href={`/errors/${item.id}`}>
          {item.title}
        </a>
        <span class="faint clip">
          <span class={`chip level-${item.level}`}>{item.level}</span> <ServiceTag name={item.service || null} /> {item.environment && <span class="soft">{item.environment}</span>} {item.culprit}
          {item.state !== "active" && <span class="chip">{item.state}</span>}
          {item.snoozed && <span class="chip">snoozed</span>}
          {item.assignee && <span class="chip">{item.assignee}</span>}
          {item.reactivations > 0 && <span class="chip warning">came back</span>}
        </span>
      </span>
      <Spark values={item.counts} />
      <span class="number">{formatCount(item.occurrences)}</span>
      <span class="number">{item.people > 0 ? formatCount(item.people) : "–"}</span>
      <span class="faint" title={describeMoment(last)}>
        {formatAgo(last, now())}
      </span>
    </div>
  );
}

function NoErrors({ isFiltered, state }: { isFiltered: boolean; state: string }) {
  return (
    <Empty title={isFiltered ? "No error matches" : state === "active" ? "No error is active" : `No error is ${state}`}>
      {!isFiltered && <p>Errors come from Rollbar's clients, from exceptions on spans and from log records with an exception.</p>}
      <div class="actions">
        {isFiltered && (
          <button class="primary" onClick={() => change({ q: undefined, service: undefined, level: undefined })}>
            Remove the filter
          </button>
        )}
        {state !== "any" && <button onClick={() => change({ state: "any" })}>Look at those in any state</button>}
        <a href="/arrivals">What arrives</a>
      </div>
    </Empty>
  );
}
