// The table of an answer: groups and calculations, or raw rows.

import { useState } from "preact/hooks";
import type { Answer, AnswerColumn, Value } from "../api/answers";
import { asCsv, cellText, changeText, isNumeric, sameRow } from "../query/result";
import { lineHues } from "./line_hue";
import { copyText } from "./toast";

export interface ResultTableProps {
  answer: Answer;
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
  /** An earlier period that the figures are compared with, and what it is called. */
  before?: { answer: Answer; title: string } | undefined;
  /** Of a cell that holds a value of a column. */
  onCell: (row: number, position: number, event: MouseEvent) => void;
  /** Of the colour at the beginning of a row. */
  onGroup: (row: number, event: MouseEvent) => void;
  /** The address of the traces behind a row; none where there are no traces. */
  tracesOf?: ((row: number) => string) | undefined;
}

/** As many rows are drawn at first; a table of ten thousand is seldom read to its end. */
const firstRows = 200;

export function ResultTable({ answer, pointed, onPoint, before, onCell, onGroup, tracesOf }: ResultTableProps) {
  const [shown, setShown] = useState(firstRows);
  const hasGroups = answer.columns.some((column) => column.role === "group");
  const hasLines = answer.series !== null && hasGroups;
  const hues = lineHues(answer);
  // A heat map stands above; there is no cell for it.
  const positions = answer.columns.flatMap((column, position) => (column.type === "heatmap" ? [] : [position]));
  if (positions.length === 0) return null;
  return (
    <>
      <div class="result-table" tabIndex={0} role="region" aria-label="The answer as a table">
        <table>
          <thead>
            <tr>
              {hasLines && <th><span class="for-screen-readers">Line</span></th>}
              {positions.map((position) => {
                const column = answer.columns[position]!;
                return (
                  <>
                    <th key={column.name} class={isNumeric(column) ? "number" : undefined}>
                      {column.name}
                    </th>
                    {before && column.role === "calculation" && <th class="number">{before.title}</th>}
                  </>
                );
              })}
              {tracesOf && hasGroups && <th><span class="for-screen-readers">Traces</span></th>}
            </tr>
          </thead>
          <tbody>
            {answer.rows.slice(0, shown).map((row, index) => {
              const hue = hues.get(index);
              const earlier = before && sameRow(answer, row, before.answer);
              return (
                <tr key={index} class={pointed === index ? "is-pointed" : undefined} onPointerEnter={() => onPoint(index)} onPointerLeave={() => onPoint(undefined)}>
                  {hasLines && (
                    <td class="swatch">
                      <button class="plain" aria-label={`What to do with line ${index + 1}`} title="Filter, exclude, traces" onClick={(event) => onGroup(index, event)}>
                        {hue !== undefined && <span style={{ "--hue": String(hue) }} />}
                      </button>
                    </td>
                  )}
                  {positions.map((position) => {
                    const column = answer.columns[position]!;
                    return (
                      <>
                        <td key={position} class={isNumeric(column) ? "number" : undefined}>
                          <Cell value={row[position]!} column={column} onOpen={(event) => onCell(index, position, event)} />
                        </td>
                        {before && column.role === "calculation" && <EarlierCell now={row[position]!} earlier={earlier?.[position]} column={column} />}
                      </>
                    );
                  })}
                  {tracesOf && hasGroups && (
                    <td>
                      <a href={tracesOf(index)}>traces</a>
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

function Cell({ value, column, onOpen }: { value: Value; column: AnswerColumn; onOpen: (event: MouseEvent) => void }) {
  if (column.type === "trace_id" && value !== null && value !== "") {
    return (
      <a class="mono" href={`/t/${value}`}>
        {value}
      </a>
    );
  }
  const text = cellText(value, column);
  const shown = text === "" ? <span class="faint">–</span> : <span class={column.role === "raw" ? "mono clip-cell" : "clip-cell"}>{text}</span>;
  if (column.role === "calculation" || column.name === "time") return shown;
  return (
    <button class="plain cell" title={text.length > 60 ? text : "Filter, exclude, group"} onClick={onOpen}>
      {shown}
    </button>
  );
}

function EarlierCell({ now, earlier, column }: { now: Value; earlier: Value | undefined; column: AnswerColumn }) {
  return (
    <td class="number soft">
      {earlier === undefined || earlier === null ? "–" : cellText(earlier, column)} <span class="faint change">{changeText(now, earlier)}</span>
    </td>
  );
}
