import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertSpell } from "../api/alerts";
import { moment } from "../base/time";
import { stripsOf } from "./spells";

const spell = (alert: string, standing: AlertSpell["standing"], began: number, ended?: number): AlertSpell => ({
  alert,
  kind: "trigger",
  dataset: "__all__",
  name: alert.toUpperCase(),
  standing,
  summary: "",
  began_ns: String(began),
  ...(ended === undefined ? {} : { ended_ns: String(ended) }),
});

test("each alert is a strip, its spells in the order of time and cut at the range", () => {
  const strips = stripsOf([spell("b", "triggered", 1_900), spell("a", "ok", 1_500, 1_750), spell("a", "triggered", 500, 1_500)], moment("1000"), moment("2000"));
  assert.deepEqual(
    strips.map(({ alert, timesTriggered, triggeredFor }) => [alert, timesTriggered, triggeredFor]),
    [
      ["b", 1, 100],
      ["a", 1, 500],
    ],
  );
  assert.deepEqual(
    strips[1]!.spells.map(({ standing, left, width }) => [standing, left, width]),
    [
      ["triggered", 0, 0.5],
      ["ok", 0.5, 0.25],
    ],
  );
});

test("what was removed is known as such", () => {
  assert.deepEqual(stripsOf([spell("a", "removed", 1_500), spell("a", "ok", 1_000, 1_500)], moment("1000"), moment("2000")).map(({ isRemoved }) => isRemoved), [true]);
});
