// One comparison of an attribute, for traces that come out of a file: what is stored is asked of the server, which knows all conditions.

import type { Attribute, Span } from "../../api/answers";
import { textOfValue } from "../../api/values";

const operators: Record<string, (value: string, wanted: string) => boolean> = {
  "=": (value, wanted) => value === wanted,
  "!=": (value, wanted) => value !== wanted,
  ">": (value, wanted) => Number(value) > Number(wanted),
  ">=": (value, wanted) => Number(value) >= Number(wanted),
  "<": (value, wanted) => Number(value) < Number(wanted),
  "<=": (value, wanted) => Number(value) <= Number(wanted),
  contains: (value, wanted) => value.includes(wanted),
  "starts-with": (value, wanted) => value.startsWith(wanted),
  exists: () => true,
};

export function spansWith(spans: readonly Span[], condition: string): string[] {
  const match = /^\s*`?([^\s=<>!`]+)`?\s*(!=|>=|<=|=|>|<|\scontains\s|\sstarts-with\s|\sexists)\s*(?:"([^"]*)"|(\S*))\s*$/i.exec(condition);
  const fulfils = operators[match?.[2]?.trim().toLowerCase() ?? ""];
  if (!match || !fulfils) throw new Error('In a file one attribute is compared at a time: key = "value"');
  const [, key, , quoted, bare] = match;
  const isWanted = (attribute: Attribute): boolean => attribute.key === key && fulfils(textOfValue(attribute.value, attribute.type), quoted ?? bare ?? "");
  return spans.filter((span) => span.attributes.some(isWanted) || span.resource.attributes.some(isWanted) || span.events.some((event) => event.attributes.some(isWanted))).map((span) => span.span_id);
}
