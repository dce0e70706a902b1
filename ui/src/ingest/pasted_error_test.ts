import assert from "node:assert/strict";
import { test } from "node:test";
import { remedyFor } from "./pasted_error";

const doors = { http: "http://clew:4318", grpc: "http://clew:4317" };

// As the exporters print them.
for (const [text, cause, line] of [
  ["traces export: Post \"https://clew:4318/v1/traces\": http: server gave HTTP response to HTTPS client", /speaks TLS/, /=http:\/\/clew:4318$/],
  ["Error: write EPROTO 0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number", /speaks TLS/, /4318/],
  ["tls: failed to verify certificate: x509: certificate signed by unknown authority", /who signed/, /CERTIFICATE=/],
  ['net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00\\x00\\x06\\x04"', /over HTTP has reached/, /4318$/],
  ["gRPC status code 2. Error message: FRAME_SIZE_ERROR: 4740180", /over gRPC has reached/, /4317$/],
  ["OTLP exporter received http.code=404 for uri: '/v1/v1/traces'", /there twice/, /4318$/],
  ["Error: connect ECONNREFUSED 127.0.0.1:4318", /container/, /4318$/],
  ["dial tcp 10.0.0.7:4317: connect: connection refused", /takes connections/, /4318$/],
  ["DNS resolution failed for http://localhost:4317: C-ares status is not ARES_SUCCESS", /host and port alone/, /=clew:4317$/],
  ["No connection adapters were found for 'localhost:4318/v1/traces'", /no scheme/, /http:\/\//],
  ["getaddrinfo ENOTFOUND collector", /no host of that name/, /clew/],
  ["invalid header key: x-honeycomb-team: abc", /name=value/, /x-honeycomb-team=KEY/],
  ["Failed to export batch code: 401, reason: unknown API key - check your credentials", /key is needed/, /KEY/],
  ["Failed to export batch code: 404, reason: 404 page not found", /path is wrong/, /\/v1\/traces$/],
  ["context deadline exceeded: DEADLINE_EXCEEDED", /in time/, /clew/],
] as const) {
  test(text, () => {
    const remedy = remedyFor(text, doors);
    assert.match(remedy?.cause ?? "nothing", cause);
    assert.match(remedy?.line ?? "nothing", line);
  });
}

test("what is not known is not guessed", () => assert.equal(remedyFor("the cat sat on the mat", doors), undefined));
