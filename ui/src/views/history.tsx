// The questions that were asked: by everybody, as the server keeps them, and in this browser, each with the answer it got.

import { useEffect, useState } from "preact/hooks";
import { journalUrl, type Journal, type JournalEntry } from "../api/journal";
import { personName } from "../api/person";
import { formatCount } from "../base/numbers";
import { describeMoment, formatAgo, formatDuration, milliseconds, moment, momentOfDate, now, type Moment } from "../base/time";
import { whoText } from "../journal/people";
import { useAnswer } from "../state/answer";
import { forgetQuestions } from "../state/history";
import { change, go, hrefOf, place, placeOf } from "../state/location";
import { forgetRuns, keptRuns, runsKept, type RunSummary } from "../state/runs";
import { useListKeys } from "../widgets/list_keys";
import { Empty, Problem } from "../widgets/notice";

const parts = [
  { of: undefined, title: "Everybody's" },
  { of: "mine", title: "Mine" },
  { of: "kept", title: "Answers kept here" },
] as const;

export function HistoryView() {
  const { params } = place.value;
  const [search, setSearch] = useState(params.find ?? "");
  useEffect(() => setSearch(params.find ?? ""), [params.find]);
  return (
    <div class="view-page scrolls">
      <div class="view-head">
        <h1>History</h1>
        <nav class="parts" aria-label="History">
          {parts.map(({ of, title }) => (
            <a key={title} href={hrefOf("/history", { of, find: params.find })} aria-current={params.of === of ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </div>
      <div class="filter-bar">
        <input
          data-search
          type="search"
          value={search}
          placeholder="Find a question"
          aria-label="Find a question"
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            change({ find: event.currentTarget.value || undefined, before: undefined }, "trail");
          }}
        />
      </div>
      {params.of === "kept" ? <KeptAnswers words={(params.find ?? "").toLowerCase().split(/\s+/).filter(Boolean)} /> : <Asked isMine={params.of === "mine"} />}
    </div>
  );
}

const mostAtOnce = 200;

function Asked({ isMine }: { isMine: boolean }) {
  const { params } = place.value;
  const me = personName();
  // A question that was on display a moment ago is on its way into the list.
  const { answer, failure } = useAnswer<Journal>(journalUrl({ kind: "question", words: params.find, person: isMine ? me : undefined, before: params.before, limit: mostAtOnce }), runsKept.value);
  const entries = answer?.entries ?? [];
  const current = useListKeys("History", entries.length, (index) => go(hrefOfQuestion(entries[index]!)));
  return (
    <>
      {failure && <Problem failure={failure} />}
      {answer && entries.length === 0 && (
        <Empty title={params.find ? `No question has “${params.find}” in it` : isMine ? "You have asked nothing yet" : "Nothing was asked yet"}>
          <p>Every question that somebody asks in the page is kept on the server for all who may ask. {isMine && `You are called “${me}” there.`}</p>
          <div class="actions">
            {params.find || params.before ? <button onClick={() => change({ find: undefined, before: undefined })}>All of them</button> : <a href="/q">Ask something</a>}
            {isMine && <a href="/settings">Have another name</a>}
          </div>
        </Empty>
      )}
      <ul class="board-list" aria-label="Questions">
        {entries.map((entry, index) => (
          <li key={entry.id}>
            <a href={hrefOfQuestion(entry)} class={current === index ? "is-current" : undefined}>
              <code class="clip">{entry.query}</code>
              <span class="grow" />
              <span class="soft">{entry.person === me ? "you" : whoText(entry)}</span>
              <Facts at={moment(entry.at_ns)} rows={entry.rows ?? 0} scanned={entry.rows_scanned ?? 0} elapsedMs={entry.elapsed_ms ?? 0} times={entry.times} />
            </a>
          </li>
        ))}
      </ul>
      {entries.length === mostAtOnce && (
        <p class="actions list-more">
          <button onClick={() => change({ before: entries.at(-1)!.at_ns })}>Earlier ones</button>
        </p>
      )}
    </>
  );
}

const hrefOfQuestion = ({ query, from, to }: JournalEntry): string => hrefOf("/q", { q: query, from, to });

function Facts({ at, rows, scanned, elapsedMs, times = 1 }: { at: Moment; rows: number; scanned: number; elapsedMs: number; times?: number }) {
  return (
    <span class="faint history-facts" title={describeMoment(at)}>
      {formatCount(rows)} {rows === 1 ? "row" : "rows"} · {formatCount(scanned)} looked at · {formatDuration(milliseconds(elapsedMs))} · {times > 1 && `${formatCount(times)} times, `}
      {formatAgo(at, now())}
    </span>
  );
}

const hrefOfRun = (run: RunSummary): string => {
  const { path, params } = placeOf(run.href);
  return hrefOf(path, { ...params, run: String(run.id) });
};

function KeptAnswers({ words }: { words: readonly string[] }) {
  const [runs, setRuns] = useState<readonly RunSummary[] | undefined>();
  // The answer that was on display a moment ago may be on its way into the list.
  const kept = runsKept.value;
  useEffect(() => void keptRuns().then(setRuns), [kept]);
  const found = (runs ?? []).filter(({ question }) => words.every((word) => question.toLowerCase().includes(word)));
  const current = useListKeys("History", found.length, (index) => go(hrefOfRun(found[index]!)));
  return (
    <>
      {runs && runs.length > 0 && (
        <p class="list-note soft">
          {formatCount(found.length)} answers, kept in this browser as they were{" "}
          <button class="small" onClick={() => { forgetQuestions(); void forgetRuns().then(() => setRuns([])); }}>
            Forget all
          </button>
        </p>
      )}
      {runs?.length === 0 && (
        <Empty title="Nothing was asked yet">
          <p>Every answer to a question is kept here, as it was when it was given.</p>
          <div class="actions"><a href="/q">Ask something</a></div>
        </Empty>
      )}
      <ul class="board-list" aria-label="Answers">
        {found.map((run, index) => (
          <li key={run.id}>
            <a href={hrefOfRun(run)} class={current === index ? "is-current" : undefined}>
              <code class="clip">{run.question}</code>
              <span class="grow" />
              <Facts at={momentOfDate(new Date(run.at))} rows={run.rows} scanned={run.rowsScanned} elapsedMs={run.elapsedMs} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
