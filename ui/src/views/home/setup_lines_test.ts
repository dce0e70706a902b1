import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerStatus } from "../../api/answers";
import { addressesOf, recipesFor, testTrace } from "./setup_lines";

const page = { protocol: "http:", hostname: "clew.lan", host: "clew.lan:2539" };
const status = (overrides: Partial<ServerStatus>): ServerStatus =>
  ({
    doors: [
      { address: "0.0.0.0:2539", port: 2539, purpose: "Web page and every HTTP API", tls: false },
      { address: "0.0.0.0:4317", port: 4317, purpose: "OTLP over gRPC", tls: false },
      { address: "0.0.0.0:4318", port: 4318, purpose: "OTLP over HTTP", tls: false },
    ],
    environment: { id: 0, name: "default", keys_required: false },
    ...overrides,
  }) as ServerStatus;

test("the addresses are the ones by which this server is reached", () => {
  const usual = addressesOf(status({}), page, undefined);
  assert.deepEqual(usual, { http: "http://clew.lan:4318", grpc: "http://clew.lan:4317", grpcTarget: "clew.lan:4317", key: undefined });
  const moved = addressesOf(status({ doors: [{ address: "x", port: 9001, purpose: "OTLP over gRPC", tls: true }, { address: "x", port: 9002, purpose: "OTLP over HTTP", tls: true }] }), page, undefined);
  assert.equal(moved.http, "https://clew.lan:9002");
  assert.equal(moved.grpcTarget, "clew.lan:9001");
  const alone = addressesOf(status({ doors: [] }), page, undefined);
  assert.equal(alone.http, "http://clew.lan:2539");
  const local = { protocol: "http:", hostname: "localhost", host: "localhost:2539" };
  assert.equal(addressesOf(status({}), local, undefined).http, "http://localhost:4318");
  assert.equal(addressesOf(status({ doors: [{ address: "127.0.0.1:4318", port: 4318, purpose: "OTLP over HTTP", tls: false }] }), local, undefined).http, "http://127.0.0.1:4318");
  assert.equal(addressesOf(status({}), { ...page, hostname: "::1" }, undefined).http, "http://[::1]:4318");
});

test("a key is in every recipe when keys are wanted, and in none otherwise", () => {
  const made = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7", nowNs: 1_770_000_000_000_000_000n };
  const open = recipesFor(addressesOf(status({}), page, undefined), made);
  const locked = recipesFor(addressesOf(status({ environment: { id: 1, name: "shop", keys_required: true } }), page, "k-123"), made);
  for (const recipe of open) assert.ok(!recipe.lines.includes("x-honeycomb-team"), recipe.name);
  for (const recipe of locked) assert.ok(recipe.lines.includes(["AWS X-Ray", "CloudWatch Logs"].includes(recipe.name) ? "clew keys create --aws" : "k-123"), recipe.name);
  for (const recipe of open) assert.ok(recipe.lines.includes("http://clew.lan:4318"), recipe.name);
});

test("the curl line carries a span that shells leave as it is", () => {
  const text = JSON.stringify(testTrace({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7", nowNs: 1_770_000_000_000_000_000n }));
  assert.ok(!text.includes("'"));
  assert.ok(text.includes('"startTimeUnixNano":"1769999999880000000"'));
});
