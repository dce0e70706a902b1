import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerStatus } from "../../api/answers";
import { addressesOf, recipesFor, testTrace } from "./setup_lines";

const page = { protocol: "http:", hostname: "clew.lan", host: "clew.lan:2539", port: "2539" };
const door = (port: number, purpose: string, overrides = {}) => ({ address: `0.0.0.0:${port}`, port, purpose, tls: false, ...overrides });
const usualDoors = [door(2539, "page and API"), door(4317, "OTLP over gRPC"), door(4318, "OTLP over HTTP")];
const vendorDoors = [door(2000, "AWS X-Ray, UDP too"), door(9411, "Zipkin"), door(14268, "Jaeger, Thrift over HTTP"), door(6831, "Jaeger, UDP compact")];
const status = (overrides: Partial<ServerStatus>): ServerStatus =>
  ({
    doors: usualDoors,
    environment: { id: 0, name: "default", keys_required: false },
    ...overrides,
  }) as ServerStatus;
const made = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7", nowNs: 1_770_000_000_000_000_000n };

test("the addresses are the ones by which this server is reached", () => {
  assert.deepEqual(addressesOf(status({}), page, undefined), {
    http: "http://clew.lan:4318",
    grpc: "http://clew.lan:4317",
    grpcTarget: "clew.lan:4317",
    api: "http://clew.lan:2539",
    zipkin: "http://clew.lan:2539",
    jaeger: "http://clew.lan:2539",
    xray: undefined,
    key: undefined,
  });
  const local = { protocol: "http:", hostname: "localhost", host: "localhost:2539", port: "2539" };
  assert.equal(addressesOf(status({}), local, undefined).http, "http://localhost:4318");
  const loopback = usualDoors.map((one) => ({ ...one, address: `127.0.0.1:${one.port}` }));
  assert.equal(addressesOf(status({ doors: loopback }), local, undefined).http, "http://127.0.0.1:4318");
  assert.equal(addressesOf(status({}), { ...page, hostname: "::1", host: "[::1]:2539" }, undefined).http, "http://[::1]:4318");
});

test("vendors have the doors at which their clients look, where these are open", () => {
  const all = addressesOf(status({ doors: [...usualDoors, ...vendorDoors] }), page, undefined);
  assert.deepEqual([all.api, all.zipkin, all.jaeger, all.xray], ["http://clew.lan:2539", "http://clew.lan:9411", "http://clew.lan:14268", "clew.lan:2000"]);
  const moved = addressesOf(status({ doors: [door(8080, "everything"), door(7000, "Jaeger, UDP too")] }), { ...page, host: "clew.lan:8080", port: "8080" }, undefined);
  assert.deepEqual([moved.http, moved.grpcTarget, moved.api, moved.zipkin, moved.jaeger], ["http://clew.lan:8080", "clew.lan:8080", "http://clew.lan:8080", "http://clew.lan:8080", "http://clew.lan:7000"]);
});

test("with a certificate every address is https", () => {
  const doors = [...usualDoors, ...vendorDoors].map((one) => ({ ...one, tls: !one.purpose.includes("UDP compact") }));
  const { xray, key, grpcTarget, ...addresses } = addressesOf(status({ doors }), { ...page, protocol: "https:" }, undefined);
  for (const [name, address] of Object.entries(addresses)) assert.match(address!, /^https:\/\/clew\.lan:\d+$/, name);
});

test("who comes through a proxy or a published port is given the address that is known to work", () => {
  const proxied = addressesOf(status({}), { protocol: "https:", hostname: "clew.example", host: "clew.example", port: "" }, undefined);
  for (const address of [proxied.http, proxied.grpc, proxied.api, proxied.zipkin, proxied.jaeger]) assert.equal(address, "https://clew.example");
  const published = addressesOf(status({}), { protocol: "http:", hostname: "localhost", host: "localhost:8080", port: "8080" }, undefined);
  for (const address of [published.http, published.api]) assert.equal(address, "http://localhost:8080");
});

test("a key is in every recipe when keys are wanted, and in none otherwise", () => {
  const open = recipesFor(addressesOf(status({}), page, undefined), made);
  const locked = recipesFor(addressesOf(status({ environment: { id: 1, name: "shop", keys_required: true } }), page, "k-123"), made);
  for (const { name, lines } of open) assert.ok(!/x-honeycomb-team|YOUR_API_KEY|keys create/.test(lines), name);
  for (const { name, lines } of locked) assert.ok(lines.includes(["AWS X-Ray", "CloudWatch Logs"].includes(name) ? "clew keys create --aws" : "k-123"), name);
});

test("OTLP goes to its own door, the APIs of vendors to that of the page", () => {
  const all = addressesOf(status({ doors: [...usualDoors, ...vendorDoors] }), page, undefined);
  const ports: Record<string, string[]> = { Zipkin: ["9411"], Jaeger: ["14268"], Honeycomb: ["2539", "4318"], "AWS X-Ray": ["2000", "2539"] };
  for (const vendor of ["libhoney, Beelines", "CloudWatch Logs", "Rollbar"]) ports[vendor] = ["2539"];
  for (const { name, lines } of recipesFor(all, made)) {
    const named = [...new Set([...lines.matchAll(/clew\.lan:(\d+)/g)].map(([, port]) => port!))].sort();
    assert.deepEqual(named, ports[name] ?? ["4318"], name);
  }
});

test("the curl line carries a span that shells leave as it is", () => {
  const text = JSON.stringify(testTrace(made));
  assert.ok(!text.includes("'"));
  assert.ok(text.includes('"startTimeUnixNano":"1769999999880000000"'));
});
