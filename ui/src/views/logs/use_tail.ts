// Log lines as they come: asked for again at every arrival, put before those that are there, and held back while somebody
// reads further down.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Logs } from "../../api/answers";
import { apiUrl, type ApiFailure } from "../../api/client";
import { lastOutage } from "../../api/connection";
import { useAnswer } from "../../state/answer";
import { emptyTail, withNewer, type Tail } from "../../logs/tail";

export interface ShownTail {
  tail: Tail;
  total: number;
  /** Lines that came while the list was held. */
  waiting: number;
  answer?: Logs;
  failure?: ApiFailure;
}

/** `held`: what arrives waits. A new question begins a new list. */
export function useTail(parameters: Record<string, string | number | undefined>, tick: number, isHeld: boolean): ShownTail {
  const question = apiUrl("logs", parameters);
  const { answer, failure } = useAnswer<Logs>(question, tick);
  const [shown, setShown] = useState<{ question: string; tail: Tail }>({ question, tail: emptyTail });
  const latest = useRef(shown.tail);
  const asked = useRef(question);
  const known = useRef(lastOutage.peek());
  const [, repaint] = useState(0);
  useEffect(() => {
    if (!answer) return;
    if (asked.current !== question) latest.current = emptyTail;
    asked.current = question;
    const outage = lastOutage.peek();
    latest.current = withNewer(latest.current, answer.logs, answer.total, outage === known.current ? undefined : outage);
    known.current = outage;
    const isAnother = shown.question !== question;
    if (!isHeld || isAnother || shown.tail.records.length === 0) setShown({ question, tail: latest.current });
    else repaint((count) => count + 1);
  }, [answer]);
  useEffect(() => {
    if (!isHeld && latest.current !== shown.tail && asked.current === question) setShown({ question, tail: latest.current });
  }, [isHeld]);
  return {
    tail: shown.tail,
    total: answer?.total ?? 0,
    waiting: asked.current === question ? Math.max(0, latest.current.arrived - shown.tail.arrived) : 0,
    ...(answer ? { answer } : {}),
    ...(failure ? { failure } : {}),
  };
}
