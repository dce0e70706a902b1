import assert from "node:assert/strict";
import { test } from "node:test";
import { errorNumber } from "./error_number";

test("an error is named by its number, with or without its title", () => {
  for (const [text, number] of [["12", 12], [" #12 ", 12], ["#12 TypeError: 7 of 9", 12], ["TypeError 12", undefined], ["12a", undefined], ["", undefined]] as const) {
    assert.equal(errorNumber(text), number, text);
  }
});
