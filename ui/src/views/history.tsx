// The questions that were asked, as the server keeps them: each leads to the answer it got, as it was, or is asked anew.

import { useEffect, useState } from "preact/hooks";
import { journalUrl, type Journal, type JournalEntry } from "../api/journal";
import { formatCount } from "../base/numbers";
import { describeMoment, formatAgo, formatDuration, milliseconds, moment, now } from "../base/time";
import { whoText } from "../journal/people";
import { useAnswer } from "../state/answer";
import { change, go, hrefOf, place } from "../state/location";
import { useListKeys } from "../widgets/list_keys";
import { Empty, Problem } from "../widgets/notice";

const parts = [
  { of: undefined, title: "Everybody's" },
  { of: "mine", title: "Mine" },
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
      <Asked isMine={params.of === "mine"} />
    </div>
  );
}

const mostAtOnce = 200;

function Asked({ isMine }: { isMine: boolean }) {
  const { params } = place.value;
  const { answer, failure } = useAnswer<Journal>(journalUrl({ kind: "question", words: params.find, isMine, before: params.before, limit: mostAtOnce }));
  const entries = answer?.entries ?? [];
  const me = answer?.you ?? "";
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
            <a href={hrefOfQuestion(entry)} class={current === index ? "is-current" : undefined} title={entry.answer ? "The answer, as it was" : "The answer was not kept: asks anew"}>
              <code class="clip">{entry.query}</code>
              <span class="grow" />
              <span class="soft">{entry.person === me ? "you" : whoText(entry)}</span>
              <Facts of={entry} />
            </a>
            <a class="button small" href={hrefOfQuestion({ ...entry, answer: undefined })} aria-label={`Ask anew: ${entry.query}`}>
              Ask anew
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

const hrefOfQuestion = ({ query, from, to, answer }: { [Name in "query" | "from" | "to" | "answer"]?: JournalEntry[Name] | undefined }): string =>
  hrefOf("/q", { q: query, from, to, answer });

function Facts({ of: { at_ns, rows = 0, rows_scanned = 0, elapsed_ms = 0, times } }: { of: JournalEntry }) {
  const at = moment(at_ns);
  return (
    <span class="faint history-facts" title={describeMoment(at)}>
      {formatCount(rows)} {rows === 1 ? "row" : "rows"} · <span class="cost">{formatCount(rows_scanned)} looked at · {formatDuration(milliseconds(elapsed_ms))} · </span>
      {times > 1 && `${formatCount(times)} times, `}
      {formatAgo(at, now())}
    </span>
  );
}
