// What the palette offers for what was typed: pages, actions, services, boards, questions and, for an id, its trace.

import { parseReference } from "../base/ids";
import { ranked } from "../query/completion";
import { hrefOf } from "./location";

export interface Offer {
  kind: "trace" | "view" | "action" | "service" | "board" | "question" | "search";
  title: string;
  /** The key that does the same, or whatever tells it from others. */
  hint?: string;
  href?: string;
  act?: () => void;
}

const mostOffered = 14;

/** Best first. What was typed in the words of the question language can always be asked, anything else looked for. */
export function offersFor(typed: string, known: readonly Offer[]): Offer[] {
  const text = typed.trim();
  if (!text) return known.filter(({ kind }) => kind === "view" || kind === "board" || kind === "question").slice(0, mostOffered);
  const found = parseReference(text);
  const trace: Offer[] = found ? [{ kind: "trace", title: `Open trace ${found.traceId}`, href: hrefOf(`/t/${found.traceId}`, { span: found.spanId }) }] : [];
  const isQuestion = /^(COUNT|SUM|AVG|MIN|MAX|P\d+|HEATMAP|COUNT_DISTINCT|ROWS)\b/i.test(text) && /[\s(,]|^COUNT$/i.test(text);
  const ask: Offer[] = isQuestion ? [{ kind: "question", title: text, hint: "ask", href: hrefOf("/q", { q: text }) }] : [];
  const byTitle = new Map<string, Offer[]>();
  for (const offer of known) byTitle.set(offer.title, [...(byTitle.get(offer.title) ?? []), offer]);
  const matching = ranked([...byTitle.keys()], text, mostOffered).flatMap((title) => byTitle.get(title)!);
  const search: Offer[] = found || isQuestion ? [] : [{ kind: "search", title: `Spans named “${text}”`, hint: "traces", href: hrefOf("/traces", { q: `name contains ${JSON.stringify(text)}` }) }, { kind: "search", title: `Log lines with “${text}”`, hint: "logs", href: hrefOf("/logs", { q: `body contains ${JSON.stringify(text)}` }) }];
  return [...trace, ...ask, ...matching.slice(0, mostOffered - 2), ...search].slice(0, mostOffered);
}
