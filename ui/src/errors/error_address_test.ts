import assert from "node:assert/strict";
import { test } from "node:test";
import { errorHref } from "./error_address";

const text = (key: string, value: string) => ({ key, type: "string" as const, value });

test("an occurrence leads to itself, by the group that it was counted in", () => {
  assert.equal(errorHref([text("exception.type", "Oops"), text("error.group", "ab12"), text("error.occurrence", "48213")]), "/errors/of/ab12?occurrence=48213");
  assert.equal(errorHref([text("error.group", "ab12")]), "/errors/of/ab12");
});

test("an exception that nobody counted leads to those of its type, and what is none nowhere", () => {
  assert.equal(errorHref([text("exception.type", "Oops")]), "/errors?q=Oops&state=any");
  assert.equal(errorHref([text("http.route", "/pay"), text("error.group", "")]), undefined);
});
