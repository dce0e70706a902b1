// A sampling rule as it is typed, and as the API takes it. What a rule may be is decided by the API; here only what is
// not a number is told apart.

import type { SamplingRule } from "../api/xray";

export interface RuleField {
  name: keyof SamplingRule & string;
  label: string;
  kind: "text" | "number" | "percent";
  initial: string;
  hint: string;
}

export const defaultRule = "Default";

export const ruleFields: readonly RuleField[] = [
  { name: "RuleName", label: "Name", kind: "text", initial: "", hint: "up to 32 characters; cannot be changed later" },
  { name: "Priority", label: "Priority", kind: "number", initial: "1000", hint: "1 to 9999; the lowest that matches decides" },
  { name: "ReservoirSize", label: "Reservoir", kind: "number", initial: "1", hint: "requests a second, kept before the rate applies" },
  { name: "FixedRate", label: "Rate", kind: "percent", initial: "5", hint: "per cent of the others" },
  { name: "ServiceName", label: "Service", kind: "text", initial: "*", hint: "* and ? stand for any text and any character" },
  { name: "ServiceType", label: "Service type", kind: "text", initial: "*", hint: "AWS::ECS::Container, …" },
  { name: "Host", label: "Host", kind: "text", initial: "*", hint: "of the Host header" },
  { name: "HTTPMethod", label: "HTTP method", kind: "text", initial: "*", hint: "GET, POST, …" },
  { name: "URLPath", label: "URL path", kind: "text", initial: "*", hint: "/orders/*" },
  { name: "ResourceARN", label: "Resource ARN", kind: "text", initial: "*", hint: "of what the service runs on" },
];

/** Of the rule that is always there only these can be changed. */
export const fieldsOf = (rule: SamplingRule | undefined): readonly RuleField[] =>
  rule === undefined
    ? ruleFields
    : ruleFields.filter(({ name }) => (rule.RuleName === defaultRule ? name === "ReservoirSize" || name === "FixedRate" : name !== "RuleName"));

export function typedValue({ name, kind, initial }: RuleField, rule: SamplingRule | undefined): string {
  if (rule === undefined) return initial;
  return kind === "percent" ? String(Number((Number(rule[name]) * 100).toPrecision(12))) : String(rule[name]);
}

/** The members to send, or what is wrong. */
export function ruleOf(fields: readonly RuleField[], typed: (name: string) => string): { members: Record<string, string | number> } | { problem: string } {
  const members: Record<string, string | number> = {};
  for (const { name, label, kind } of fields) {
    const text = typed(name).trim();
    if (kind === "text") {
      members[name] = text;
      continue;
    }
    const number = Number(text);
    if (text === "" || !Number.isFinite(number)) return { problem: `${label} must be a number, not “${text}”` };
    members[name] = kind === "percent" ? Number((number / 100).toPrecision(12)) : number;
  }
  return { members };
}
