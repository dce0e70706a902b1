// One panel of a board: the answer to a question as a small chart or table, or a text.

import type { BoardPanel } from "../api/boards";
import { clausesOf, heatmapColumn } from "../query/clauses";
import { isEmptyAnswer } from "../query/result";
import { isLogarithmic } from "../query/shape";
import { hrefOf } from "../state/location";
import { useQuestion } from "../state/question";
import type { TimeRange } from "../state/time_range";
import { LineChart } from "./line_chart";
import { Problem } from "./notice";
import { ResultHeatmaps } from "./result_heatmaps";
import { ResultTable } from "./result_table";

export interface BoardPanelProps {
  panel: BoardPanel;
  range: TimeRange;
  tick: number;
}

export function BoardPanelContent({ panel, range, tick }: BoardPanelProps) {
  if (panel.type === "text") return <TextPanel text={panel.text_panel?.content ?? ""} />;
  const query = panel.query_panel?.query;
  if (panel.type === "query" && query) return <QuestionPanel query={query} style={panel.query_panel?.query_style} range={range} tick={tick} />;
  return <p class="soft panel-note">This panel was made through Honeycomb's API and is shown there ({panel.query_panel?.query_id ?? panel.slo_panel?.slo_id}).</p>;
}

/** Blank lines part paragraphs; addresses become links. Nothing else is read into a text. */
export function TextPanel({ text }: { text: string }) {
  return (
    <div class="text-panel">
      {text.split(/\n{2,}/).map((paragraph, index) => (
        <p key={index}>
          {paragraph.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) =>
            at % 2 === 1 ? (
              <a key={at} href={part} target="_blank" rel="noreferrer noopener">
                {part}
              </a>
            ) : (
              part
            ),
          )}
        </p>
      ))}
    </div>
  );
}

const nothing = (): void => {};

function QuestionPanel({ query, style, range, tick }: { query: string; style: string | undefined; range: TimeRange; tick: number }) {
  const isLog = isLogarithmic({ q: query });
  const asked = useQuestion({ query, ...range, series: true, ...(isLog ? { heatmap_steps: "logarithmic" as const } : {}) }, tick);
  const { answer, failure } = asked;
  const href = hrefOf("/q", { q: query, from: range.from, to: range.to });
  if (failure && failure.kind !== "cancelled") return <Problem failure={failure} />;
  if (!answer) return <div class="panel-waits" />;
  if (isEmptyAnswer(answer)) return <p class="soft panel-note">No row matches.</p>;
  const isTable = style === "table" || !answer.series || /^ROWS\b/i.test(query);
  return (
    <div class={`question-panel${asked.isRunning ? " is-old" : ""}`}>
      {!isTable && heatmapColumn(clausesOf(query)) !== undefined && (
        <ResultHeatmaps answer={answer} isLogarithmic={isLog} selection={undefined} onSelect={nothing} isSingle />
      )}
      {!isTable && <LineChart answer={answer} pointed={undefined} onPoint={nothing} isStacked={style === "stacked"} />}
      {isTable && <ResultTable answer={answer} pointed={undefined} onPoint={nothing} onCell={() => location.assign(href)} onGroup={nothing} />}
    </div>
  );
}
