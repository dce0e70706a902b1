import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleRules, readRules, trialLines, writeRules } from "./grouping_rules";

test("rules are a list", () => {
  assert.deepEqual(readRules(""), { rules: [] });
  assert.equal("rules" in readRules(exampleRules), true);
  assert.deepEqual(readRules("{}"), { fault: "Rules are a list: […]" });
  assert.ok("fault" in readRules("[{]"));
  assert.deepEqual(readRules(writeRules([{ title: "a" }])), { rules: [{ title: "a" }] });
});

const group = (title: string, occurrences: number, items: number[]) => ({ fingerprint: title, reason: "stack", hashed: "", title, occurrences, items });

test("what joins errors or takes them apart comes first", () => {
  const lines = trialLines({
    occurrences: 60, moved: 12, items_before: 4, groups_after: 4,
    groups: [group("stays", 40, [1]), group("joined", 5, [2, 3]), group("a part", 6, [4]), group("the other part", 9, [4])],
  });
  assert.deepEqual(lines.map(({ title, isChange }) => [title, isChange]), [["the other part", true], ["a part", true], ["joined", true], ["stays", false]]);
});
