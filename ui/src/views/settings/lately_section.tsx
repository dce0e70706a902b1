// What people did lately: whoever asked or changed something, with what that was last, and the latest changes.

import type { Journal } from "../../api/journal";
import { journalUrl } from "../../api/journal";
import { peopleOf, whoText } from "../../journal/people";
import { useAnswer } from "../../state/answer";
import { hrefOf } from "../../state/location";
import { Ago } from "./ago";

const mostLookedAt = 500;
const mostShown = 15;

export function LatelySection({ changes }: { changes: number }) {
  const { answer: questions } = useAnswer<Journal>(journalUrl({ kind: "question", limit: mostLookedAt }), changes);
  const { answer: deeds } = useAnswer<Journal>(journalUrl({ kind: "change", limit: mostLookedAt }), changes);
  if (!questions || !deeds) return null;
  const people = peopleOf([...questions.entries, ...deeds.entries]);
  if (people.length === 0) return null;
  return (
    <section aria-label="Lately">
      <h2>Who did what lately</h2>
      <div class="action-table" tabIndex={0} role="region" aria-label="Who did what, a table">
        <table class="plain-table" aria-label="Who did what">
          <thead>
            <tr>
              <th>Who</th>
              <th>Asked last</th>
              <th>Changed last</th>
            </tr>
          </thead>
          <tbody>
            {people.slice(0, mostShown).map(({ name, key, asked, changed }) => (
              <tr key={`${key} ${name}`}>
                <td>{whoText({ person: name, ...(key ? { key: { id: key, name: key } } : {}) })}</td>
                <td>
                  {asked && (
                    <>
                      <a class="mono" href={hrefOf("/q", { q: asked.query, from: asked.from, to: asked.to, answer: asked.answer })}>
                        {asked.query}
                      </a>{" "}
                      <span class="faint">
                        <Ago at={asked.at_ns} />
                      </span>
                    </>
                  )}
                </td>
                <td>
                  {changed && (
                    <>
                      {changed.what}{" "}
                      <span class="faint">
                        <Ago at={changed.at_ns} />
                      </span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {people.length > mostShown && <p class="soft">The {mostShown} who did something last, of {people.length}.</p>}
      {deeds.entries.length > 0 && (
        <details>
          <summary>The latest changes</summary>
          <ul class="changes" aria-label="The latest changes">
            {deeds.entries.slice(0, 50).map((entry) => (
              <li key={entry.id}>
                {whoText(entry)} {entry.what}
                {entry.times > 1 && ` ${entry.times} times`}{" "}
                <span class="faint">
                  <Ago at={entry.at_ns} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
