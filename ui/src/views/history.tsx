// The questions that were asked in this browser, each with the answer it got.

import { useEffect, useState } from "preact/hooks";
import { formatCount } from "../base/numbers";
import { describeMoment, formatAgo, formatDuration, milliseconds, momentOfDate, now } from "../base/time";
import { go, hrefOf, placeOf } from "../state/location";
import { forgetQuestions } from "../state/history";
import { forgetRuns, keptRuns, runsKept, type RunSummary } from "../state/runs";
import { useListKeys } from "../widgets/list_keys";
import { Empty } from "../widgets/notice";

const hrefOfRun = (run: RunSummary): string => {
  const { path, params } = placeOf(run.href);
  return hrefOf(path, { ...params, run: String(run.id) });
};

export function HistoryView() {
  const [runs, setRuns] = useState<readonly RunSummary[] | undefined>();
  const [search, setSearch] = useState("");
  // The answer that was on display a moment ago may be on its way into the list.
  const kept = runsKept.value;
  useEffect(() => void keptRuns().then(setRuns), [kept]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (runs ?? []).filter(({ question }) => words.every((word) => question.toLowerCase().includes(word)));
  const current = useListKeys("History", found.length, (index) => go(hrefOfRun(found[index]!)));
  return (
    <div class="view-page scrolls">
      <div class="view-head">
        <h1>History</h1>
        <span class="soft">{runs && `${formatCount(found.length)} answers, kept in this browser`}</span>
        <span class="grow" />
        {runs && runs.length > 0 && (
          <button class="small" onClick={() => { forgetQuestions(); void forgetRuns().then(() => setRuns([])); }}>
            Forget all
          </button>
        )}
      </div>
      <div class="filter-bar">
        <input data-search type="search" value={search} placeholder="Find a question" aria-label="Find a question" onInput={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {runs?.length === 0 && (
        <Empty title="Nothing was asked yet">
          <p>Every answer to a question is kept here, as it was when it was given.</p>
          <div class="actions"><a href="/q">Ask something</a></div>
        </Empty>
      )}
      <ul class="board-list">
        {found.map((run, index) => (
          <li key={run.id}>
            <a href={hrefOfRun(run)} class={current === index ? "is-current" : undefined}>
              <code class="clip">{run.question}</code>
              <span class="grow" />
              <span class="faint" title={describeMoment(momentOfDate(new Date(run.at)))}>
                {formatCount(run.rows)} {run.rows === 1 ? "row" : "rows"} · {formatCount(run.rowsScanned)} looked at · {formatDuration(milliseconds(run.elapsedMs))} · {formatAgo(momentOfDate(new Date(run.at)), now())}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
