import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadOut, summaryOf } from "./line_summary";

test("of an object the message comes first, then what no column shows", () => {
  assert.deepEqual(summaryOf('{"level":"error","msg":"card denied","user":{"id":"u1","plan":null},"ms":12,"traceId":"5759e988bd862e3fe1be46a994272793","tags":["a"],"ok":true}'), { message: "card denied", rest: 'user.id=u1 ms=12 tags=["a"] ok=true' });
  assert.deepEqual(summaryOf('{"path":"/cart","status":200}'), { message: "", rest: "path=/cart status=200" });
});

test("what is no object, or has nothing to show, stays as it is", () => {
  for (const text of ["plain words", "{broken", "[1,2]", '{"level":"info"}', "{}", ""]) assert.deepEqual(summaryOf(text), { message: text, rest: "" });
});

test("numbers that a double does not hold are not rounded", () => {
  const text = '{"msg":"paid","id":9007199254740993}';
  assert.deepEqual(summaryOf(text), { message: text, rest: "" });
  assert.equal(spreadOut(text), '{\n  "msg": "paid",\n  "id": 9007199254740993\n}');
});

test("spread out, an object has a line for each member; nothing else changes", () => {
  assert.equal(spreadOut("plain {a: 1}"), "plain {a: 1}");
  assert.equal(spreadOut('{"a":{"b":[1,{"c":"x: {y},\\" z"}]},"d":[],"e":{ }}'), '{\n  "a": {\n    "b": [\n      1,\n      {\n        "c": "x: {y},\\" z"\n      }\n    ]\n  },\n  "d": [],\n  "e": { }\n}');
});
