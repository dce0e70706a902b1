// A table whose rows are things that something can be done with: keys, people, rules, recipients, triggers. What cannot be
// taken back asks once more, in its place; while something is under way its button waits; what fails is told.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toast } from "./toast";

export interface ActionColumn<Row> {
  title: string;
  isNumber?: boolean;
  cell: (row: Row) => ComponentChildren;
}

export interface RowAction {
  title: string;
  /** What is spoken; begins with the title. */
  label: string;
  /** Pressed once, it says this and wants to be pressed again. */
  sure?: string;
  act: () => unknown;
}

export interface ActionTableProps<Row> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly ActionColumn<Row>[];
  actions: (row: Row) => readonly RowAction[];
  /** Rows that are there, but do not count at the moment. */
  isDimmed?: (row: Row) => boolean;
}

export function ActionTable<Row>({ label, rows, keyOf, columns, actions, isDimmed }: ActionTableProps<Row>) {
  const hasActions = rows.some((row) => actions(row).length > 0);
  return (
    <div class="action-table" tabIndex={0} role="region" aria-label={`${label}, a table`}>
      <table class="plain-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} class={isNumber ? "number" : undefined}>
                {title}
              </th>
            ))}
            {hasActions && (
              <th>
                <span class="for-screen-readers">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={isDimmed?.(row) ? "is-disabled" : undefined}>
              {columns.map(({ title, isNumber, cell }) => (
                <td key={title} class={isNumber ? "number" : undefined}>
                  {cell(row)}
                </td>
              ))}
              {hasActions && (
                <td class="row-actions">
                  {actions(row).map((action) => (
                    <ActionButton key={action.title} {...action} />
                  ))}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** So long a second press counts. */
const sureForMs = 6_000;

function ActionButton({ title, label, sure, act }: RowAction) {
  const [isSure, setSure] = useState(false);
  const [isUnderWay, setUnderWay] = useState(false);
  useEffect(() => {
    if (!isSure) return;
    const timer = setTimeout(() => setSure(false), sureForMs);
    return () => clearTimeout(timer);
  }, [isSure]);
  const press = (): void => {
    if (isUnderWay) return;
    if (sure && !isSure) return setSure(true);
    setSure(false);
    setUnderWay(true);
    Promise.resolve()
      .then(act)
      .catch((problem: unknown) => toast(problem instanceof Error ? problem.message : String(problem)))
      .finally(() => setUnderWay(false));
  };
  const shown = isSure ? sure! : title;
  return (
    <button class={`small${isSure ? " is-sure" : ""}`} aria-disabled={isUnderWay} aria-label={`${shown}${label.slice(title.length)}`} onClick={press} onBlur={() => setSure(false)}>
      {shown}
    </button>
  );
}
