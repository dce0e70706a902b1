// Who asked and changed what lately, gathered by person and key.

import type { JournalEntry } from "../api/journal";
import { moment } from "../base/time";

export interface Person {
  /** What they call themselves; empty: nothing. */
  name: string;
  /** That they presented; undefined: none was needed. */
  key: string | undefined;
  latest: string;
  asked: JournalEntry | undefined;
  changed: JournalEntry | undefined;
}

/** Whoever did something last comes first. */
export function peopleOf(entries: readonly JournalEntry[]): Person[] {
  const people = new Map<string, Person>();
  for (const entry of [...entries].sort((left, right) => (moment(left.at_ns) > moment(right.at_ns) ? -1 : 1))) {
    const id = `${entry.key?.id ?? ""} ${entry.person}`;
    const person = people.get(id) ?? { name: entry.person, key: entry.key && (entry.key.name || entry.key.id), latest: entry.at_ns, asked: undefined, changed: undefined };
    people.set(id, person);
    if (entry.kind === "question") person.asked ??= entry;
    else person.changed ??= entry;
  }
  return [...people.values()];
}

/** "Ann, with the key ops"; a personal key is called like its person */
export function whoText({ person, key }: Pick<JournalEntry, "person" | "key">): string {
  const name = person || "somebody";
  return key && key.name !== person ? `${name}, with the key ${key.name || key.id}` : name;
}
