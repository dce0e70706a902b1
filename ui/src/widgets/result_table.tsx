// The table of an answer: groups and calculations, or raw rows.

import { useState } from "preact/hooks";
import type { Answer, AnswerColumn, Value } from "../api/answers";
import type { Moment } from "../base/time";
import { asCsv, cellText, isNumeric } from "../query/result";
import { isEqual } from "../query/short_form_text";
import { hrefOf, place } from "../state/location";
import { lineHues } from "./line_hue";
import { copyText } from "./toast";

export interface ResultTableProps {
  answer: Answer;
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
  to: Moment;
}

/** As many rows are drawn at first; a table of ten thousand is seldom read to its end. */
const firstRows = 200;

export function ResultTable({ answer, pointed, onPoint }: ResultTableProps) {
  const [shown, setShown] = useState(firstRows);
  const hasLines = answer.series !== null && answer.columns.some((column) => column.role === "group");
  const hues = lineHues(answer);
  return (
    <>
      <div class="result-table">
        <table>
          <thead>
            <tr>
              {hasLines && <th><span class="for-screen-readers">Line</span></th>}
              {answer.columns.map((column) => (
                <th key={column.name} class={isNumeric(column) ? "number" : undefined}>
                  {column.name}
                </th>
              ))}
              {hasLines && <th><span class="for-screen-readers">Traces</span></th>}
            </tr>
          </thead>
          <tbody>
            {answer.rows.slice(0, shown).map((row, index) => {
              const hue = hues.get(index);
              return (
                <tr key={index} class={pointed === index ? "is-pointed" : undefined} onPointerEnter={() => onPoint(index)} onPointerLeave={() => onPoint(undefined)}>
                  {hasLines && <td class="swatch">{hue !== undefined && <span style={{ "--hue": String(hue) }} />}</td>}
                  {row.map((value, position) => (
                    <td key={position} class={isNumeric(answer.columns[position]!) ? "number" : undefined}>
                      <Cell value={value} column={answer.columns[position]!} />
                    </td>
                  ))}
                  {hasLines && (
                    <td>
                      <a href={tracesBehind(answer, row)}>traces</a>
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="result-actions">
        {answer.rows.length > shown && (
          <button class="small" onClick={() => setShown(shown * 5)}>
            Show {Math.min(answer.rows.length, shown * 5)} rows
          </button>
        )}
        <button class="small" onClick={() => void copyText(asCsv(answer), "the table as CSV")}>
          Copy as CSV
        </button>
      </p>
    </>
  );
}

function Cell({ value, column }: { value: Value; column: AnswerColumn }) {
  if (value === null || value === "") return <span class="faint">–</span>;
  if (column.type === "trace_id") {
    return (
      <a class="mono" href={`/t/${value}`}>
        {value}
      </a>
    );
  }
  const text = cellText(value, column);
  return <span class={column.role === "raw" ? "mono clip-cell" : "clip-cell"} title={text.length > 60 ? text : undefined}>{text}</span>;
}

/** The traces of a row: those whose spans have its groups. */
function tracesBehind(answer: Answer, row: readonly Value[]): string {
  const { params } = place.value;
  const conditions = answer.columns.flatMap((column, position) =>
    column.role !== "group" || row[position] === null ? [] : [isEqual(column.name, row[position]!, column.type)],
  );
  return hrefOf("/traces", { q: conditions.join(" AND "), from: params.from, to: params.to });
}
