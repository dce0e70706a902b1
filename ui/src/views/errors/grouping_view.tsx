// Grouping rules: written, tried on what has come, and put in force.

import { useState } from "preact/hooks";
import { setGroupingRules, tryGroupingRules, type GroupingTrial } from "../../api/errors";
import { apiUrl } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { exampleRules, readRules, trialLines, writeRules } from "../../errors/grouping_rules";
import { useAnswer } from "../../state/answer";
import { change } from "../../state/location";
import { Problem } from "../../widgets/notice";
import { toast } from "../../widgets/toast";
import { useKeys } from "../../widgets/use_keys";

const mostLines = 100;
const days = { 1: "the last day", 7: "the last week", 30: "the last 30 days" } as const;

export function GroupingView() {
  const { answer: kept, failure } = useAnswer<{ rules: unknown[] }>(apiUrl("error-rules/grouping"));
  useKeys(() => ({ title: "Grouping rules", actions: [{ keys: ["Escape"], shown: "esc", does: "back to the list", act: () => change({ view: undefined }) }] }), []);
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Grouping rules</h1>
        <span class="soft">the first whose condition holds decides what is one error; without one, the stack does</span>
        <span class="grow" />
        <button class="small" title="esc" onClick={() => change({ view: undefined })}>
          Back to the errors
        </button>
      </div>
      {failure && <Problem failure={failure} />}
      {kept && <RulesForm kept={kept.rules} />}
    </div>
  );
}

function RulesForm({ kept }: { kept: readonly unknown[] }) {
  const [text, setText] = useState(writeRules(kept));
  const [span, setSpan] = useState<keyof typeof days>(7);
  const [said, setSaid] = useState<string>();
  const [tried, setTried] = useState<{ text: string; trial: GroupingTrial }>();
  const run = async (work: (rules: unknown[]) => Promise<void>): Promise<void> => {
    const read = readRules(text);
    setSaid("fault" in read ? read.fault : undefined);
    if ("fault" in read) return;
    try {
      await work(read.rules);
    } catch (problem) {
      setSaid(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <div class="grouping-rules">
      <label>
        <span class="soft">A list of rules, as JSON</span>
        <textarea class="mono" rows={14} spellcheck={false} value={text} placeholder={exampleRules} aria-label="Rules" onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {said && (
        <p class="rules-fault" role="alert">
          {said}
        </p>
      )}
      <div class="actions">
        <button class="primary" onClick={() => void run(async (rules) => setTried({ text, trial: await tryGroupingRules(rules, span * 24) }))}>
          Try on
        </button>
        <select value={String(span)} aria-label="What to try them on" onChange={(event) => setSpan(Number(event.currentTarget.value) as keyof typeof days)}>
          {Object.entries(days).map(([count, name]) => (
            <option key={count} value={count}>
              {name}
            </option>
          ))}
        </select>
        <button
          disabled={text === writeRules(kept)}
          onClick={() =>
            void run(async (rules) => {
              await setGroupingRules(rules);
              toast("In force for what arrives from now on");
            })
          }
        >
          Put in force
        </button>
        <button class="plain" onClick={() => setText(exampleRules)}>
          An example
        </button>
      </div>
      {tried && <Trial trial={tried.trial} isOld={tried.text !== text} />}
    </div>
  );
}

function Trial({ trial, isOld }: { trial: GroupingTrial; isOld: boolean }) {
  const lines = trialLines(trial);
  return (
    <section class="trial" aria-label="What the rules would make">
      <p role="status">
        Of <strong>{formatCount(trial.occurrences)}</strong> occurrences <strong>{formatCount(trial.moved)}</strong> would go to another error: {formatCount(trial.items_before)} errors now,{" "}
        {formatCount(trial.groups_after)} then. Nothing was changed.
        {isOld && <span class="faint"> The rules have been edited since.</span>}
      </p>
      <table>
        <thead>
          <tr>
            <th>Error</th>
            <th>Grouped by</th>
            <th class="number">Occurrences</th>
            <th>Are now in</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, mostLines).map((line, index) => (
            <tr key={index} class={line.isChange ? "is-change" : ""}>
              <td>{line.title}</td>
              <td class="soft">{line.reason}</td>
              <td class="number">{formatCount(line.occurrences)}</td>
              <td>
                {line.items.slice(0, 12).map((item) => (
                  <a key={item} href={`/errors/${item}`}>
                    #{item}{" "}
                  </a>
                ))}
                {line.items.length > 12 && <span class="faint">and {formatCount(line.items.length - 12)} more</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > mostLines && <p class="faint">and {formatCount(lines.length - mostLines)} more</p>}
    </section>
  );
}
