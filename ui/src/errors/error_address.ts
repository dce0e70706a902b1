// From a row that is an occurrence of an error, a span's exception or a log line, to that very occurrence.

import type { Attribute } from "../api/answers";
import { hrefOf } from "../state/location";

const valueOf = (attributes: readonly Attribute[], key: string): string | undefined => {
  const value = attributes.find((attribute) => attribute.key === key)?.value;
  return value === undefined || value === null || value === "" ? undefined : String(value);
};

/** Nothing when the row is none. One that was never counted leads to the errors of its kind. */
export function errorHref(attributes: readonly Attribute[]): string | undefined {
  const group = valueOf(attributes, "error.group");
  if (group !== undefined) return hrefOf(`/errors/of/${encodeURIComponent(group)}`, { occurrence: valueOf(attributes, "error.occurrence") });
  const kind = valueOf(attributes, "exception.type");
  return kind === undefined ? undefined : hrefOf("/errors", { q: kind, state: "any" });
}
