import assert from "node:assert/strict";
import { test } from "node:test";
import { textBlocks, textPieces } from "./text_blocks";

test("blank lines part paragraphs, signs at the beginning make headings and lists", () => {
  const text = "# What to do\nFirst call Ann.\nThen Ben.\n\n- restart cart\n  slowly\n* look at the queue\n\nDone.";
  assert.deepEqual(textBlocks(text), [
    { kind: "heading", text: "What to do" },
    { kind: "paragraph", text: "First call Ann.\nThen Ben." },
    { kind: "list", items: ["restart cart slowly", "look at the queue"] },
    { kind: "paragraph", text: "Done." },
  ]);
  assert.deepEqual(textBlocks("#tag is no heading\n-1 is no item"), [{ kind: "paragraph", text: "#tag is no heading\n-1 is no item" }]);
  assert.deepEqual(textBlocks(""), []);
});

test("addresses and code are told apart; what ends a sentence is no part of an address", () => {
  assert.deepEqual(textPieces("See https://wiki.example.com/a?b=1. Run `clew status` (http://x.example)."), [
    { kind: "words", text: "See " },
    { kind: "link", text: "https://wiki.example.com/a?b=1" },
    { kind: "words", text: ". Run " },
    { kind: "code", text: "clew status" },
    { kind: "words", text: " (" },
    { kind: "link", text: "http://x.example" },
    { kind: "words", text: ")." },
  ]);
  assert.deepEqual(textPieces("<b>javascript:alert(1)</b>"), [{ kind: "words", text: "<b>javascript:alert(1)</b>" }]);
});
