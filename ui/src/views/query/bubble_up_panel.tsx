// BubbleUp: what sets the selected box of a heat map apart from all other rows, beside it, that which differs most first.

import type { BubbleUpColumn, BubbleUpQuestion } from "../../api/bubble_up";
import { formatCount, formatShortCount } from "../../base/numbers";
import { clausesOf, heatmapColumn, signalOf, withCondition, withGroup } from "../../query/clauses";
import { isFinding, typeOfValue } from "../../query/difference";
import { conditionOfSelection, type Selection } from "../../query/selection";
import { all, nameText } from "../../query/short_form_text";
import { useBubbleUp } from "../../state/bubble_up";
import { change, hrefOf, place } from "../../state/location";
import { rangeOf } from "../../state/time_range";
import { DifferenceCard } from "../../widgets/difference_card";
import { Icon } from "../../widgets/icon";
import { openMenu } from "../../widgets/menu";
import { Problem } from "../../widgets/notice";
import { useKeys } from "../../widgets/use_keys";
import { actionsOfValue, askAnew } from "./question_actions";

const mostColumns = 60;

export function BubbleUpPanel({ selection }: { selection: Selection }) {
  const { params } = place.value;
  const question = params.q ?? "";
  const clauses = clausesOf(question);
  const column = heatmapColumn(clauses) ?? "duration_ms";
  const asks: BubbleUpQuestion = {
    query: question,
    ...rangeOf(params),
    selection: {
      from: String(selection.from),
      to: String(selection.to),
      ...(selection.low === undefined && selection.high === undefined ? {} : { column }),
      ...(selection.low === undefined ? {} : { min: selection.low }),
      ...(selection.high === undefined ? {} : { max: selection.high }),
      ...(selection.group === undefined ? {} : { filter: selection.group }),
    },
    most_columns: mostColumns,
    most_values: 8,
  };
  const { answer, failure, isLoading } = useBubbleUp(asks);
  const close = (): void => change({ sel: undefined });
  useKeys(() => ({ title: "Selection", actions: [{ keys: ["Escape"], shown: "esc", does: "let go of the selection", act: close }] }), []);
  const values = conditionOfSelection(column, selection);
  const range = { from: String(selection.from), to: String(selection.to) };
  const findings = answer?.columns.filter(isFinding) ?? [];
  return (
    <aside class={`bubble-up${isLoading && answer ? " is-old" : ""}`} aria-label="What sets the selection apart">
      <header>
        <h2>What sets the selection apart</h2>
        <span class="grow" />
        <button class="plain small" aria-label="Let go of the selection" title="Let go of the selection (esc)" onClick={close}>
          <Icon name="close" size={12} />
        </button>
      </header>
      <p class="bubble-up-legend">
        <span class="of-selection" /> {selection.group ? <code>{selection.group}</code> : "selection"}{answer && ` ${formatShortCount(Math.round(answer.selected))}`}
        <span class="of-rest" /> the rest{answer && ` ${formatShortCount(Math.round(answer.rest))}`}
      </p>
      <p class="actions">
        {values && <button class="small" onClick={() => askAnew(withCondition(question, values))}>Filter to these values</button>}
        <button class="small" onClick={() => change({ ...range, sel: undefined })}>Only this time</button>
        {signalOf(clauses) === "traces" && (
          <a class="button small" href={hrefOf("/traces", { q: all([clauses.where, values]), ...range })}>
            Traces
          </a>
        )}
      </p>
      {failure && <Problem failure={failure} />}
      {answer && answer.selected_rows === 0 && <p class="soft">There is nothing in this box any more.</p>}
      {answer && answer.selected_rows > 0 && findings.length === 0 && (
        <p class="soft">In none of {formatCount(answer.columns_in_all)} columns does the selection differ from the rest by more than chance would explain. A larger box may say more.</p>
      )}
      {answer?.partial && <p class="chip warning">partial: {answer.partial_reason ?? "a limit was reached"}</p>}
      {findings.map((found) => (
        <DifferenceCard
          key={found.column}
          column={found}
          answer={answer!}
          onName={(event) => openMenu(event, found.column, [{ title: `Group by ${found.column}`, act: () => askAnew(withGroup(question, found.column)) }])}
          onValue={(value, event) => openMenu(event, found.column, actionsOfValue(found.column, value.value, typeOfValue(value)))}
          onSpan={(span, event) => openMenu(event, found.column, actionsOfSpan(question, found, span))}
        />
      ))}
      {answer && findings.length > 0 && <p class="faint">{formatCount(answer.columns_in_all)} columns were compared; those that differ only by chance are left out.</p>}
    </aside>
  );
}

function actionsOfSpan(question: string, { column }: BubbleUpColumn, { low, high, isLast }: { low: number; high: number; isLast: boolean }) {
  const name = nameText(column);
  const inside = `${name} >= ${low} AND ${name} ${isLast ? "<=" : "<"} ${high}`;
  const outside = `(${name} < ${low} OR ${name} ${isLast ? ">" : ">="} ${high})`;
  return [
    { title: "Filter to these", note: inside, act: () => askAnew(withCondition(question, inside)) },
    { title: "Exclude these", note: outside, act: () => askAnew(withCondition(question, outside)) },
  ];
}
