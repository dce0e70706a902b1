import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../state/location";
import { callHref, callOf, isCall } from "./call_address";
import { edgeOf, nodeOf } from "./map_test_support";

const [web, cart, redis] = [nodeOf("web"), nodeOf("redis"), nodeOf("redis", 1, "database", "redis")];
const part = { nodes: [web, cart, redis], edges: [edgeOf(0, 1), edgeOf(0, 2)] };

test("a call is found again from the address, a service and a database of one name apart", () => {
  const { path, params } = placeOf(callHref({ from: "now-6h", min: "3ms" }, web, redis));
  assert.deepEqual([path, params.from, params.min], ["/map", "now-6h", undefined]);
  assert.deepEqual(callOf(part, params), part.edges[1]);
  assert.deepEqual([isCall(params, web, redis), isCall(params, web, cart), isCall(params, redis, web)], [true, false, false]);
});

test("without one in the address, or when it is gone, there is none", () => {
  assert.equal(callOf(part, {}), undefined);
  assert.equal(callOf({ ...part, edges: [] }, placeOf(callHref({}, web, cart)).params), undefined);
});
