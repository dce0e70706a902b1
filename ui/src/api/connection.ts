// Whether clew answers. When it does not, the live stream tries again after ever longer pauses; once it is back, whatever
// failed meanwhile asks again by itself.

import { batch, signal } from "@preact/signals";
import { pauseAfter } from "../base/back_off";
import { now, type Moment } from "../base/time";

/** "refused" while a key is wanted. */
export const connection = signal<"connecting" | "open" | "lost" | "refused">("connecting");

export interface Outage {
  from: Moment;
  to: Moment;
}

/** The last time that clew was gone and came back; nothing before it did. */
export const lastOutage = signal<Outage | undefined>(undefined);
/** When the next attempt is due, by performance.now(); nothing while one is under way. */
export const nextAttempt = signal<number | undefined>(undefined);

/** Whoever answers for so long is back for good, and is not waited for as long as before when it is lost again. */
const settledAfter = 10_000;
const pauseWhenRefused = 15_000;

let connect: () => void = () => {};
let failures = 0;
let openSince = 0;
let lostAt: Moment | undefined;
let timer: number | undefined;

/** How a connection is begun; it tells whether it came about through isOpen() and isLost(). */
export function connectBy(begin: () => void): void {
  connect = begin;
  tryNow();
}

export function tryNow(): void {
  clearTimeout(timer);
  nextAttempt.value = undefined;
  connect();
}

export function isOpen(): void {
  openSince = performance.now();
  batch(() => {
    connection.value = "open";
    nextAttempt.value = undefined;
    if (lostAt !== undefined) lastOutage.value = { from: lostAt, to: now() };
  });
  lostAt = undefined;
}

export function isLost(): void {
  if (connection.peek() === "open" && performance.now() - openSince > settledAfter) failures = 0;
  failures += 1;
  lostAt ??= now();
  const pause = pauseAfter(failures);
  batch(() => {
    connection.value = "lost";
    nextAttempt.value = performance.now() + pause;
  });
  clearTimeout(timer);
  timer = window.setTimeout(tryNow, pause);
}

/** clew is there, but lets nobody look without a key. Whoever gives one reloads the page. */
export function isRefused(): void {
  connection.value = "refused";
  clearTimeout(timer);
  timer = window.setTimeout(tryNow, pauseWhenRefused);
}

/** Nobody looks: no attempts until tryNow(). */
export function rest(): void {
  clearTimeout(timer);
  nextAttempt.value = undefined;
}

/** A question found nobody there; the stream may not have noticed yet, or may hang. */
export function suspectLoss(): void {
  if (connection.peek() === "open") isLost();
}
