// What somebody types to find lines: a condition of the query language, or simply words that the line has.

import { valueText } from "../query/short_form_text";

const name = String.raw`(?:\`[^\`]+\`|[A-Za-z_@][\w.@/-]*)`;
const operator = String.raw`(?:=~|!~|!=|>=|<=|=|<|>|\b(?:not-)?in\s*\(|\b(?:exists|contains|matches|does-not-(?:exist|contain|match)|(?:does-not-)?(?:starts?|ends?)-with)\b)`;
const beginsCondition = new RegExp(String.raw`^[\s(]*(?:not\s+\(*\s*)?${name}\s*${operator}`, "i");
const quoted = /^"([^"]+)"$/;

/** The condition that is meant; words between quotes are words, whatever they are. */
export function conditionOf(typed: string): string {
  const text = typed.trim();
  if (text === "" || beginsCondition.test(text)) return text;
  return `body contains ${valueText(quoted.exec(text)?.[1] ?? text, "string")}`;
}
