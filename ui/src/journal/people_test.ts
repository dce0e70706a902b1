import assert from "node:assert/strict";
import { test } from "node:test";
import type { JournalEntry } from "../api/journal";
import { peopleOf, whoText } from "./people";

const entry = (at: number, person: string, kind: JournalEntry["kind"], text: string, key?: string): JournalEntry => ({
  id: at,
  kind,
  person,
  at_ns: String(at),
  times: 1,
  ...(kind === "question" ? { query: text } : { what: text }),
  ...(key ? { key: { id: `id-${key}`, name: key } } : {}),
});

test("each person stands with what they asked and changed last, the latest first", () => {
  const people = peopleOf([entry(5, "ann", "question", "MAX(a)", "ops"), entry(4, "ben", "question", "COUNT"), entry(9, "ben", "change", "made the board x"), entry(2, "ann", "question", "COUNT", "ops"), entry(1, "ann", "question", "MIN(a)")]);
  assert.deepEqual(
    people.map(({ name, key, asked, changed }) => [name, key, asked?.query, changed?.what]),
    [
      ["ben", undefined, "COUNT", "made the board x"],
      ["ann", "ops", "MAX(a)", undefined],
      ["ann", undefined, "MIN(a)", undefined],
    ],
  );
});

test("who it was in words", () => {
  assert.equal(whoText(entry(1, "ann", "change", "x", "ops")), "ann, with the key ops");
  assert.equal(whoText(entry(1, "", "change", "x")), "somebody");
});
