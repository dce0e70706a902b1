// People: whoever asked or changed something, with what they did last, and the latest changes.

import type { Journal } from "../../api/journal";
import { journalUrl } from "../../api/journal";
import { peopleOf, whoText } from "../../journal/people";
import { useAnswer } from "../../state/answer";
import { hrefOf } from "../../state/location";
import { Ago } from "./ago";

const mostLookedAt = 500;
const mostShown = 15;

export function PeopleSection({ changes }: { changes: number }) {
  const { answer: questions } = useAnswer<Journal>(journalUrl({ kind: "question", limit: mostLookedAt }), changes);
  const { answer: deeds } = useAnswer<Journal>(journalUrl({ kind: "change", limit: mostLookedAt }), changes);
  if (!questions || !deeds) return null;
  const people = peopleOf([...questions.entries, ...deeds.entries]);
  return (
    <section aria-label="People">
      <h2>People</h2>
      <p class="soft">Who asks and changes is known by the key, and by the name that a browser gives (below). There are no accounts: a key is all that opens a door.</p>
      {people.length > 0 && (
        <table class="plain-table" aria-label="People">
          <thead>
            <tr>
              <th>Name</th>
              <th>Key</th>
              <th>Asked last</th>
              <th>Changed last</th>
            </tr>
          </thead>
          <tbody>
            {people.slice(0, mostShown).map(({ name, key, asked, changed }) => (
              <tr key={`${key} ${name}`}>
                <td>{name || <span class="faint">no name</span>}</td>
                <td>{key ?? <span class="faint">none needed</span>}</td>
                <td>
                  {asked && (
                    <>
                      <a class="mono" href={hrefOf("/q", { q: asked.query, from: asked.from, to: asked.to })}>
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
      )}
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
