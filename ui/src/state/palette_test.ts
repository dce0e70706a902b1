import assert from "node:assert/strict";
import { test } from "node:test";
import { offersFor, type Offer } from "./palette";

const known: Offer[] = [
  { kind: "view", title: "Traces", href: "/traces" },
  { kind: "service", title: "checkout", href: "/traces?service=checkout" },
  { kind: "action", title: "pause or resume live", act: () => {} },
];

test("an id leads to its trace, however it is written", () => {
  const offers = offersFor("00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01", known);
  assert.equal(offers[0]!.href, "/t/0af7651916cd43dd8448eb211c80319c?span=00f067aa0ba902b7");
});

test("a question can be asked", () => {
  assert.equal(offersFor("P95(duration_ms) GROUP BY name", known)[0]!.href, "/q?q=P95%28duration_ms%29+GROUP+BY+name");
  assert.equal(offersFor("counter", known).some(({ kind }) => kind === "question"), false);
});

test("what begins with the words comes first; anything can be looked for", () => {
  const offers = offersFor("che", known);
  assert.deepEqual(offers.map(({ kind }) => kind), ["service", "search", "search"]);
  assert.equal(offers[1]!.href, "/traces?q=name+contains+%22che%22");
  assert.deepEqual(offersFor("", known).map(({ title }) => title), ["Traces"]);
});
