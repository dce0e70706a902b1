// The history of alerts as it is read: a row for each alert, with the spells of its standing side by side in a strip of time.

import type { AlertSpell } from "../api/alerts";
import { between, moment, type Moment } from "../base/time";
import type { AlertStanding } from "./standing";

export interface Strip {
  alert: string;
  kind: AlertSpell["kind"];
  dataset: string;
  name: string;
  isRemoved: boolean;
  /** In the order of time. */
  spells: { standing: AlertStanding; summary: string; /** Shares of the whole range. */ left: number; width: number }[];
  timesTriggered: number;
  /** Nanoseconds within the range. */
  triggeredFor: number;
}

export const standingOfSpell = ({ standing }: Pick<AlertSpell, "standing">): AlertStanding => (standing === "failing" ? "failed" : standing);

export const endOfSpell = ({ ended_ns }: AlertSpell, now: Moment): Moment => (ended_ns === undefined ? now : moment(ended_ns));

/** `spells` are the latest first; so are the strips, by their latest change. */
export function stripsOf(spells: readonly AlertSpell[], from: Moment, to: Moment): Strip[] {
  const whole = Math.max(1, between(from, to));
  const strips = new Map<string, Strip>();
  for (const spell of spells) {
    const { alert, kind, dataset, name } = spell;
    const known = strips.get(alert) ?? { alert, kind, dataset, name, isRemoved: spell.standing === "removed", spells: [], timesTriggered: 0, triggeredFor: 0 };
    strips.set(alert, known);
    const began = moment(spell.began_ns) > from ? moment(spell.began_ns) : from;
    const ended = endOfSpell(spell, to) < to ? endOfSpell(spell, to) : to;
    const length = Math.max(0, between(began, ended));
    if (spell.standing === "triggered") {
      known.timesTriggered += 1;
      known.triggeredFor += length;
    }
    known.spells.unshift({ standing: standingOfSpell(spell), summary: spell.summary, left: between(from, began) / whole, width: length / whole });
  }
  return [...strips.values()];
}
