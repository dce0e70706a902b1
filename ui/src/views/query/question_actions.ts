// What can be done with a part of an answer: the items of the menus that open on cells, lines, bars and points.

import type { Answer, AnswerColumn, Value } from "../../api/answers";
import { ask } from "../../api/client";
import { between, type Moment } from "../../base/time";
import { conditionOfGroup, traceRule, type Point } from "../../query/point";
import { clausesOf, signalOf, withCondition, withGroup } from "../../query/clauses";
import { cellText } from "../../query/result";
import { all, isEqual, isNotEqual, nameText } from "../../query/short_form_text";
import { change, go, hrefOf, place } from "../../state/location";
import type { MenuItem } from "../../widgets/menu";
import { copyText, toast } from "../../widgets/toast";

const question = (): string => place.value.params.q ?? "";

/** Another question: what was selected on the former answer means nothing on the next. */
export const askAnew = (text: string): void => change({ q: text, sel: undefined, answer: undefined });

export function actionsOfValue(name: string, value: Value, type: AnswerColumn["type"]): MenuItem[] {
  const condition = value === null ? `${nameText(name)} does-not-exist` : isEqual(name, value, type);
  const opposite = value === null ? `${nameText(name)} exists` : isNotEqual(name, value, type);
  return [
    { title: "Filter to this", note: condition, act: () => askAnew(withCondition(question(), condition)) },
    { title: "Exclude this", note: opposite, act: () => askAnew(withCondition(question(), opposite)) },
    { title: `Group by ${name}`, act: () => askAnew(withGroup(question(), name)) },
  ];
}

export function actionsOfCell(answer: Answer, row: number, position: number): MenuItem[] {
  const column = answer.columns[position]!;
  const value = answer.rows[row]![position]!;
  const copied = value === null ? "" : String(value);
  return [
    ...actionsOfValue(column.name, value, column.type),
    ...(column.role === "group" ? actionsOfTraces(answer, row) : []),
    { title: "Copy", note: cellText(value, column), act: () => void copyText(copied, "the value") },
  ];
}

/** Of a line or a bar: its groups together. */
export function actionsOfGroup(answer: Answer, row: number): MenuItem[] {
  const condition = conditionOfGroup(answer, row);
  const groups = answer.columns.flatMap((column, position) => (column.role === "group" ? [position] : []));
  const only = groups.length === 1 ? groups[0]! : undefined;
  return [
    ...(condition ? [{ title: "Filter to this group", note: condition, act: () => askAnew(withCondition(question(), condition)) }] : []),
    ...(only !== undefined ? actionsOfValue(answer.columns[only]!.name, answer.rows[row]![only]!, answer.columns[only]!.type).slice(1, 2) : []),
    ...actionsOfTraces(answer, row),
  ];
}

function actionsOfTraces(answer: Answer, row: number): MenuItem[] {
  const href = tracesBehind(answer);
  return href ? [{ title: "The traces behind it", href: href(row) }] : [];
}

/** Where the traces of a row are listed; nothing for what is not about spans. */
export function tracesBehind(answer: Answer): ((row: number) => string) | undefined {
  const { params } = place.value;
  const clauses = clausesOf(question());
  if (signalOf(clauses) !== "traces") return undefined;
  return (row) => hrefOf("/traces", { q: all([clauses.where, conditionOfGroup(answer, row)]), from: params.from, to: params.to });
}

export function actionsOfPoint(answer: Answer, point: Point): MenuItem[] {
  const rule = traceRule(question(), answer, point);
  const range = { from: String(point.from), to: String(point.to) };
  const q = all([clausesOf(question()).where, conditionOfGroup(answer, point.row)]);
  return [
    ...(rule ? [{ title: "Open a trace of this point", note: rule.rule, act: () => void openTrace(rule.question, range) }] : []),
    ...(rule ? [{ title: "All traces of this step", href: hrefOf("/traces", { q, ...range }) }] : []),
    { title: "Zoom in on this time", act: () => zoomAround(answer, point.from, point.to) },
    ...(point.row >= 0 ? actionsOfGroup(answer, point.row).filter(({ href }) => !href) : []),
  ];
}

async function openTrace(text: string, range: { from: string; to: string }): Promise<void> {
  try {
    const found = await ask({ query: text, ...range }, {}, new AbortController().signal);
    const [trace, span] = found.rows[0] ?? [];
    if (typeof trace === "string") go(hrefOf(`/t/${trace}`, { span: typeof span === "string" ? span : undefined }));
    else toast("No span of these belongs to a trace");
  } catch (problem) {
    toast(problem instanceof Error ? problem.message : String(problem));
  }
}

function zoomAround(answer: Answer, from: Moment, to: Moment): void {
  const shown = Number(BigInt(answer.range.to_ns) - BigInt(answer.range.from_ns));
  const half = BigInt(Math.round(Math.max(between(from, to) * 2, Math.min(1800e9, shown / 20))));
  change({ from: String(from - half), to: String(to + half), sel: undefined });
}
