import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoseconds } from "../base/time";
import { trailAfter } from "./trail";
import { wholeWindow, type TimeWindow } from "./viewport";

const extent = 1000;
const window = (from: number, to: number): TimeWindow => ({ from: nanoseconds(from), to: nanoseconds(to) });
const walk = (...windows: TimeWindow[]): readonly TimeWindow[] => windows.reduce<readonly TimeWindow[]>((trail, next) => trailAfter(trail, next, extent), []);

test("each zoom inwards is a step", () => assert.deepEqual(walk(window(100, 500), window(200, 300)), [window(100, 500), window(200, 300)]));
test("a small correction takes the place of the last step", () => assert.deepEqual(walk(window(100, 500), window(110, 480)), [window(110, 480)]));
test("zooming out drops what is no longer around", () => assert.deepEqual(walk(window(100, 500), window(200, 300), window(90, 520)), [window(90, 520)]));
test("moving elsewhere keeps only what lies around the new place", () => assert.deepEqual(walk(window(0, 800), window(100, 300), window(600, 700)), [window(0, 800), window(600, 700)]));
test("the whole trace ends the trail", () => assert.deepEqual(walk(window(100, 500), wholeWindow(extent)), []));
