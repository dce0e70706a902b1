import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "../base/time";
import { placeOf } from "../state/location";
import { nodeOf } from "./map_test_support";
import { conditionOfCall, tracesOfCall, tracesOfNode } from "./ways";

const paramsOf = (href: string | undefined): Record<string, string> => {
  const { path, params } = placeOf(href!);
  return { path, ...params };
};
const web = nodeOf("web");

test("a service by its name, with range and filter of the map", () => {
  assert.deepEqual(paramsOf(tracesOfNode(web, { from: "now-6h", q: "a = 1" })), { path: "/traces", service: "web", from: "now-6h", q: "a = 1" });
});

test("who calls from outside: the roots", () => {
  const outside = nodeOf("web", 0, "client");
  assert.deepEqual(paramsOf(tracesOfNode(outside, {})), { path: "/traces", service: "web", q: "is_root = true" });
  assert.equal(tracesOfCall(outside, web, {}), tracesOfNode(outside, {}));
});

test("a call between services by the service of the parent, beside the filter of the map", () => {
  assert.deepEqual(paramsOf(tracesOfCall(web, nodeOf('the "cart"'), { to: "now-5m" })), { path: "/traces", service: 'the "cart"', q: 'parent.service.name = "web"', to: "now-5m" });
  assert.equal(paramsOf(tracesOfCall(nodeOf('the "web"'), nodeOf("cart"), { q: "a = 1 OR b = 2" })).q, '(a = 1 OR b = 2) AND parent.service.name = "the \\"web\\""');
});

test("a database by product, name and host, and by who asks it", () => {
  assert.equal(paramsOf(tracesOfNode(nodeOf("redis", 1, "database", "redis"), {})).q, 'db.system.name = "redis" OR db.system = "redis"');
  assert.equal(
    paramsOf(tracesOfNode(nodeOf("sales@pg1", 1, "database", "postgresql"), {})).q,
    '(db.system.name = "postgresql" OR db.system = "postgresql") AND (db.namespace = "sales" OR db.name = "sales") AND (server.address = "pg1" OR net.peer.name = "pg1")',
  );
  assert.equal(paramsOf(tracesOfCall(web, nodeOf("redis", 1, "database", "redis"), {})).service, "web");
});

test("queues, tables and the rest of a cloud", () => {
  assert.equal(paramsOf(tracesOfNode(nodeOf("jobs", 1, "queue", "kafka"), {})).q, 'messaging.destination.name = "jobs" OR messaging.destination = "jobs"');
  assert.equal(paramsOf(tracesOfNode(nodeOf("jobs", 1, "cloud", "AWS::SQS::Queue"), {})).q, 'aws.queue_url ends-with "/jobs" OR aws.sqs.queue.url ends-with "/jobs"');
  assert.match(paramsOf(tracesOfNode(nodeOf("KMS", 1, "cloud", "AWS::KMS"), {})).q!, /rpc\.service = "KMS".*name = "KMS" AND aws\.xray\.namespace = "aws"/);
});

test("a call that took so long, as a filter of its traces and as a question", () => {
  const took = { min: milliseconds(12.5), max: milliseconds(300) };
  assert.equal(paramsOf(tracesOfCall(web, nodeOf("cart"), { q: "a = 1" }, took)).q, 'a = 1 AND duration_ms >= 12.5 AND duration_ms < 300 AND parent.service.name = "web"');
  assert.equal(paramsOf(tracesOfCall(nodeOf("web", 0, "client"), web, {}, { max: milliseconds(3) })).q, "duration_ms < 3 AND is_root = true");
  assert.equal(conditionOfCall(web, nodeOf("cart")), 'service.name = "cart" AND parent.service.name = "web"');
  assert.equal(conditionOfCall(web, nodeOf("redis", 1, "database", "redis")), 'service.name = "web" AND (db.system.name = "redis" OR db.system = "redis")');
  assert.equal(conditionOfCall(web, nodeOf("(others)")), undefined);
});

test("nodes put together have no traces of their own", () => {
  assert.equal(tracesOfNode(nodeOf("(others)"), {}), undefined);
  assert.equal(tracesOfCall(web, nodeOf("(others)", 1, "remote"), {}), undefined);
});
