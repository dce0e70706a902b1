// One stream that tells when data has arrived or a sender was turned away. It rests while the tab is hidden.

import { signal } from "@preact/signals";
import type { Signal } from "./answers";
import { apiUrlWithKey } from "./client";
import { connectBy, isLost, isOpen, isRefused, rest, tryNow } from "./connection";

export type Rows = Record<Signal, number>;

/** Rows stored; nothing until the server has told. */
export const storedRows = signal<Rows | undefined>(undefined);
/** Grows by one whenever something arrived for the signal. */
export const arrivalCount = { traces: signal(0), logs: signal(0), metrics: signal(0) };
export const refusedRequests = signal(0);
/** When not live, lists stay as they are until asked again. */
export const isLive = signal(true);

let source: EventSource | undefined;

function connect(): void {
  source?.close();
  const mine = new EventSource(apiUrlWithKey("stream"));
  source = mine;
  source.onopen = isOpen;
  source.onerror = () => {
    mine.close(); // the browser's own attempts come at one pace for ever
    void isTurnedAway().then((is) => source === mine && (is ? isRefused() : isLost()));
  };
  source.addEventListener("hello", (event) => takeRows(event, true));
  source.addEventListener("arrived", (event) => takeRows(event, false));
  source.addEventListener("refused", (event) => {
    refusedRequests.value = (JSON.parse((event as MessageEvent<string>).data) as { refused: number }).refused;
  });
}

/** Of a stream that did not come about a page cannot tell whether nobody was there or somebody said no. */
async function isTurnedAway(): Promise<boolean> {
  const abort = new AbortController();
  try {
    const { status } = await fetch(apiUrlWithKey("stream"), { signal: abort.signal });
    return status === 401 || status === 403;
  } catch {
    return false;
  } finally {
    abort.abort();
  }
}

function takeRows(event: Event, isHello: boolean): void {
  const told = JSON.parse((event as MessageEvent<string>).data) as { rows: Rows; signals?: Signal[]; last_arrival_ms?: number };
  const known = storedRows.value;
  storedRows.value = told.rows;
  const grown = !isHello ? told.signals : known ? grownSince(known, told.rows) : mayHaveGrown(told.last_arrival_ms) ? signals : [];
  for (const name of grown ?? []) arrivalCount[name].value += 1;
}

const signals = Object.keys(arrivalCount) as Signal[];

/** After a break the greeting says what was missed. */
const grownSince = (known: Rows, rows: Rows): Signal[] => signals.filter((name) => rows[name] > known[name]);

/** What arrived while the page was loading came too late for its first questions, or too early for an event. */
function mayHaveGrown(lastArrivalMs: number | undefined): boolean {
  const onItsWay = 1000;
  return lastArrivalMs !== undefined && lastArrivalMs < performance.now() + onItsWay;
}

export function startLive(): void {
  connectBy(connect);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = undefined;
      rest();
    } else tryNow();
  });
}
