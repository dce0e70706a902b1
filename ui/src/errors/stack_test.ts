import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorFrame } from "../api/errors";
import { requestOf, telemetryOf } from "./rollbar_payload";
import { foldStack, stackText, withDetails } from "./stack";

const frame = (file: string, line: number, in_app: boolean): ErrorFrame => ({ file, line, in_app, method: "f", column: 0 });
const frames = [frame("pay.py", 7, true), frame("lib/a.py", 1, false), frame("lib/b.py", 2, false), frame("main.py", 3, true), frame("lib/c.py", 9, false)];

test("frames of libraries between the application's own are folded", () => {
  const parts = foldStack(frames);
  assert.deepEqual(parts.map((part) => (part.kind === "own" ? part.frame.file : part.frames.length)), ["pay.py", 2, "main.py", 1]);
});

test("without any of its own the innermost stay open", () => {
  const parts = foldStack(frames.map((each) => ({ ...each, in_app: false })));
  assert.deepEqual(parts.map((part) => (part.kind === "own" ? part.frame.file : part.frames.length)), ["pay.py", "lib/a.py", "lib/b.py", 2]);
});

const payload = {
  data: {
    body: {
      trace: {
        frames: [
          { filename: "main.py", lineno: 3, code: "run()" },
          { filename: "pay.py", lineno: 7, code: "charge(card)", locals: { card: "x-1", total: 12, deep: { a: 1 } }, context: { pre: ["def pay():"], post: ["return"] } },
        ],
      },
      telemetry: [
        { timestamp_ms: 20, level: "error", type: "network", body: { method: "GET", url: "/a", status_code: 500 } },
        { timestamp_ms: 10, level: "info", type: "navigation", body: { from: "/x", to: "/y" } },
        { timestamp_ms: 30, level: "info", type: "log", body: { message: "hello" } },
        "nonsense",
      ],
    },
    request: { url: "http://shop/pay", headers: {}, method: "POST" },
  },
};

test("what a client sent of a frame is put to it, by place", () => {
  const [pay, , , main] = withDetails(frames, payload);
  assert.deepEqual(pay!.locals, [["card", '"x-1"'], ["total", "12"], ["deep", '{\n "a": 1\n}']]);
  assert.deepEqual([pay!.before, pay!.code, pay!.after], [["def pay():"], "charge(card)", ["return"]]);
  assert.deepEqual([main!.code, main!.locals], ["run()", undefined]);
  assert.deepEqual(withDetails(frames, null), frames);
  const [told] = withDetails([{ ...frames[0]!, code: "mapped()", pre: ["a"], post: [], locals: { x: 1 } }], null);
  assert.deepEqual([told!.code, told!.before, told!.after, told!.locals], ["mapped()", ["a"], undefined, [["x", "1"]]], "a frame that says it itself");
  assert.deepEqual(withDetails(frames, { data: { body: { trace: { frames: "x" } } } }), frames);
});

test("telemetry is told in order of time, whatever it is", () => {
  assert.deepEqual(telemetryOf(payload).map(({ at, text }) => [at, text]), [[10, "/x → /y"], [20, "GET /a 500"], [30, "hello"]]);
  assert.deepEqual(telemetryOf({ body: { telemetry: 5 } }), []);
});

test("the request has what was sent of it", () => assert.deepEqual(requestOf(payload), [["url", "http://shop/pay"], ["method", "POST"]]));

test("as text to paste", () => assert.equal(stackText("Oops", "no", frames.slice(0, 1)), "Oops: no\n    at f (pay.py:7)"));
