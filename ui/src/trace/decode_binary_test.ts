import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBinaryOutline } from "./decode_binary";
import { spanIdText } from "./outline";
import { binaryOutline } from "./outline_test_support";

const columns = {
  span_id: new BigUint64Array([1n, 0xfedcba9876543210n]),
  start_offset_ns: new Float64Array([0, 250]),
  duration_ns: new Float64Array([1000, 10]),
  parent: new Int32Array([-1, 0]),
  name: new Uint32Array([0, 1]),
  service: new Uint32Array([0, 0]),
  event_count: new Uint16Array([0, 1]),
  link_count: new Uint16Array(2),
  log_count: new Uint16Array([2, 0]),
  kind: new Uint8Array([2, 3]),
  flags: new Uint8Array([1, 0]),
  "events.offset_ns": new Float64Array([255]),
  "events.span": new Uint32Array([1]),
  "events.exception": new Uint8Array([0]),
  "logs.offset_ns": new Float64Array([1, 2]),
  "logs.span": new Uint32Array([0, 0]),
};

test("columns lie upon the bytes of the answer", () => {
  const bytes = binaryOutline(columns, { names: ["root", ""], services: [""] });
  const { header, outline } = decodeBinaryOutline(bytes);
  assert.equal(header.logs, 2);
  assert.equal(outline.rows, 2);
  assert.equal(spanIdText(outline.spanId[1]), "fedcba9876543210");
  assert.deepEqual([...outline.start], [0, 250]);
  assert.deepEqual([...outline.parent], [-1, 0]);
  assert.deepEqual(outline.names, ["root", "(no name)"]);
  assert.deepEqual(outline.services, ["no service.name"]);
  assert.deepEqual([...outline.logs.row], [0, 0]);
  assert.equal(outline.duration.buffer, bytes);
});

test("orphans get a provisional parent", () => {
  const { outline } = decodeBinaryOutline(binaryOutline({ ...columns, parent: new Int32Array([-1, -1]), flags: new Uint8Array([0, 4]) }, { names: ["a", "b"], services: ["s"] }));
  assert.equal(outline.rows, 3);
  assert.deepEqual([...outline.parent], [-1, -1, 1]);
  assert.deepEqual([...outline.events.row], [2]);
});

test("what is no outline, or one of another version, is told", () => {
  assert.throws(() => decodeBinaryOutline(new ArrayBuffer(3)), /not an outline/);
  assert.throws(() => decodeBinaryOutline(new TextEncoder().encode("<!doctype html>").buffer as ArrayBuffer), /not an outline/);
  const other = binaryOutline(columns, { names: [], services: [] });
  new DataView(other).setUint32(4, 2, true);
  assert.throws(() => decodeBinaryOutline(other), /version 2/);
  assert.throws(() => decodeBinaryOutline(binaryOutline({ ...columns, kind: new Uint16Array(2) }, { names: [], services: [] })), /no column kind of type u8/);
});
