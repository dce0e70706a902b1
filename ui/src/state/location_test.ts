import assert from "node:assert/strict";
import { test } from "node:test";
import { hrefOf, placeOf } from "./location";

test("an address survives being read and written", () => {
  for (const href of ["/", "/traces?service=api&from=now-6h", "/t/0af7651916cd43dd8448eb211c80319c?span=00f067aa0ba902b7", "/q?q=COUNT+WHERE+name+%3D+%22a+b%22"]) {
    const { path, params } = placeOf(href);
    assert.equal(hrefOf(path, params), href);
  }
});

test("parameters without a value are left out", () => {
  assert.equal(hrefOf("/traces", { service: undefined, q: "", errors: "1" }), "/traces?errors=1");
});
