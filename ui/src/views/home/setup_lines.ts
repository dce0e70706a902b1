// What to set, for each language and tool, with the address of this very server filled in.

import type { ServerStatus } from "../../api/answers";

export interface Addresses {
  /** As senders over HTTP name it: http://host:4318 */
  http: string;
  /** As senders over gRPC name it: http://host:4317 */
  grpc: string;
  /** Host and port of the gRPC door. */
  grpcTarget: string;
  /** Shown in place of a key; nothing when none is needed. */
  key: string | undefined;
}

export interface Recipe {
  name: string;
  language: string;
  lines: string;
  note: string;
}

/**
 * The host as this page reached it, the ports as the server has them. A door on 127.0.0.1 is named so: "localhost" may
 * mean ::1 to a sender.
 */
export function addressesOf(status: ServerStatus, page: { protocol: string; hostname: string; host: string }, key: string | undefined): Addresses {
  const isBareIpv6 = page.hostname.includes(":") && !page.hostname.startsWith("[");
  const reached = isBareIpv6 ? `[${page.hostname}]` : page.hostname;
  const host = reached === "localhost" && status.doors.every((door) => door.address.startsWith("127.")) ? "127.0.0.1" : reached;
  const door = (wanted: RegExp, usual: number) =>
    status.doors.find((candidate) => candidate.port === usual) ?? status.doors.find((candidate) => wanted.test(candidate.purpose));
  const http = door(/http/i, 4318);
  const grpc = door(/grpc/i, 4317);
  const address = (found: { port: number; tls: boolean } | undefined): string =>
    found ? `${found.tls ? "https" : "http"}://${host}:${found.port}` : `${page.protocol}//${page.host}`;
  return {
    http: address(http),
    grpc: address(grpc),
    grpcTarget: grpc ? `${host}:${grpc.port}` : page.host,
    key: status.environment.keys_required ? (key ?? "YOUR_API_KEY") : undefined,
  };
}

export function recipesFor(to: Addresses, test: { traceId: string; spanId: string; nowNs: bigint }): Recipe[] {
  const headers = to.key ? [`export OTEL_EXPORTER_OTLP_HEADERS="x-honeycomb-team=${to.key}"`] : [];
  const environment = (service: string): string[] => [
    `export OTEL_SERVICE_NAME=${service}`,
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${to.http}`,
    "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ...headers,
  ];
  const lines = (...parts: (string | string[])[]): string => parts.flat().join("\n");
  return [
    {
      name: "curl",
      language: "shell",
      lines: curlLine(to, test),
      note: "Sends one real span. This page opens it as soon as it is stored.",
    },
    {
      name: "Node.js",
      language: "shell",
      lines: lines("npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node", environment("my-node-app"), "node --require @opentelemetry/auto-instrumentations-node/register app.js"),
      note: "Spans leave in batches, every 5 seconds. Set OTEL_LOG_LEVEL=info to see what the exporter says; without it Node is silent.",
    },
    {
      name: "Python",
      language: "shell",
      lines: lines("pip install opentelemetry-distro opentelemetry-exporter-otlp", "opentelemetry-bootstrap -a install", environment("my-python-app"), "opentelemetry-instrument python app.py"),
      note: "For gRPC leave the protocol line out and use the address " + to.grpc + ".",
    },
    {
      name: "Go",
      language: "shell",
      lines: lines("go get go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp", environment("my-go-app"), "go run ."),
      note: "In code: otlptracehttp.New(ctx) reads these variables by itself; call the provider's Shutdown before the program ends.",
    },
    {
      name: "Java",
      language: "shell",
      lines: lines("curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar", environment("my-java-app"), "java -javaagent:opentelemetry-javaagent.jar -jar app.jar"),
      note: "The agent instruments most frameworks without a change of code.",
    },
    {
      name: ".NET",
      language: "shell",
      lines: lines("dotnet add package OpenTelemetry.Extensions.Hosting", "dotnet add package OpenTelemetry.Exporter.OpenTelemetryProtocol", "dotnet add package OpenTelemetry.Instrumentation.AspNetCore", environment("my-dotnet-app"), "dotnet run"),
      note: "In code: builder.Services.AddOpenTelemetry().WithTracing(t => t.AddAspNetCoreInstrumentation().AddOtlpExporter()).",
    },
    {
      name: "Ruby",
      language: "shell",
      lines: lines("bundle add opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all", environment("my-ruby-app"), "bundle exec ruby app.rb"),
      note: "In code: OpenTelemetry::SDK.configure { |c| c.use_all }.",
    },
    {
      name: "PHP",
      language: "shell",
      lines: lines("pecl install opentelemetry   # then extension=opentelemetry.so in php.ini", "composer require open-telemetry/sdk open-telemetry/exporter-otlp open-telemetry/opentelemetry-auto-slim", "export OTEL_PHP_AUTOLOAD_ENABLED=true", environment("my-php-app"), "php -S localhost:8080 app.php"),
      note: "There is an auto-instrumentation package for each framework: opentelemetry-auto-laravel, -symfony, -wordpress and more.",
    },
    {
      name: "Rust",
      language: "shell",
      lines: lines("cargo add opentelemetry opentelemetry_sdk tracing tracing-opentelemetry", "cargo add opentelemetry-otlp --features http-proto,reqwest-client", environment("my-rust-app"), "cargo run"),
      note: "In code: SpanExporter::builder().with_http().build() reads these variables by itself.",
    },
    {
      name: "C++",
      language: "shell",
      lines: lines("# opentelemetry-cpp, built with -DWITH_OTLP_HTTP=ON", environment("my-cpp-app"), "./app"),
      note: "In code: OtlpHttpExporterFactory::Create() reads these variables by itself; flush the provider before the program ends.",
    },
    {
      name: "Browser",
      language: "javascript",
      lines: lines(
        "npm install @opentelemetry/sdk-trace-web @opentelemetry/exporter-trace-otlp-http @opentelemetry/auto-instrumentations-web",
        "// In the page:",
        `new OTLPTraceExporter({ url: "${to.http}/v1/traces"${to.key ? `, headers: { "x-honeycomb-team": "${to.key}" }` : ""} })`,
      ),
      note: "Pages of any origin may send. A page served over https sends to https alone: give clew a certificate, or send through the page's own server. The key is seen by whoever sees the page: make one that only sends.",
    },
    {
      name: "Honeycomb",
      language: "shell",
      lines: lines("# libhoney: new Libhoney({ apiHost: ADDRESS, … })", "# Beelines and Refinery:", `export HONEYCOMB_API_ENDPOINT=${to.http}`, ...(to.key ? [`export HONEYCOMB_API_KEY=${to.key}`] : [])),
      note: "Events, batches, markers: the host changes, everything else stays. Keys that applications have already can be kept: clew keys create --key.",
    },
    {
      name: "AWS X-Ray",
      language: "shell",
      lines: lines("# SDKs, on this machine: where they look anyway", "export AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000", "# AWS CLI and boto3", `export AWS_ENDPOINT_URL_XRAY=${to.http}`, ...(to.key ? ["# They sign with a key of their own; on the server: clew keys create --aws --name cli"] : [])),
      note: "From other machines: clew serve --xray-listen 0.0.0.0:2000, or clew daemon where the application runs.",
    },
    {
      name: "CloudWatch Logs",
      language: "shell",
      lines: lines("# SDKs, the CLI, watchtower, winston-cloudwatch", `export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=${to.http}`, "aws logs describe-log-groups", ...(to.key ? ["# They sign with a key of their own; on the server: clew keys create --aws --name cli"] : [])),
      note: "Groups and streams are made as AWS makes them. Any region, and without keys any credentials.",
    },
    {
      name: "Rollbar",
      language: "python",
      lines: lines("# Python", `rollbar.init("${to.key ?? "any token"}", "development", endpoint="${to.http}/api/1/")`, "// Node.js and browsers", `new Rollbar({ accessToken: "${to.key ?? "any token"}", endpoint: "${to.http}/api/1/item/" })`),
      note: "Items join the same list of errors as exceptions of spans and stacks in logs.",
    },
    {
      name: "Zipkin",
      language: "shell",
      lines: lines("# Reporters, Brave, Envoy, zipkin-js: this address; nothing on this machine that uses port 9411", `export OTEL_EXPORTER_ZIPKIN_ENDPOINT=${withPassword(to)}/api/v2/spans`),
      note: "JSON, protobuf and Thrift, of version 2 and 1.",
    },
    {
      name: "Jaeger",
      language: "shell",
      lines: lines("# Clients that send to an agent on this machine, over UDP: nothing", `export JAEGER_ENDPOINT=${to.http}/api/traces`, ...(to.key ? [`export JAEGER_USER=any JAEGER_PASSWORD=${to.key}`] : [])),
      note: "From other machines: clew serve --jaeger-listen 0.0.0.0. Clients that ask how much to sample are told to keep everything.",
    },
    {
      name: "Collector",
      language: "yaml",
      lines: collectorYaml(to),
      note: "Add the exporter to the pipelines you have; nothing else changes.",
    },
  ];
}

// Clients that can set no header have the key as the password of the address.
function withPassword(to: Addresses): string {
  return to.key ? to.http.replace("://", `://any:${to.key}@`) : to.http;
}

function curlLine(to: Addresses, test: { traceId: string; spanId: string; nowNs: bigint }): string {
  const header = to.key ? ` -H 'x-honeycomb-team: ${to.key}'` : "";
  return `curl ${to.http}/v1/traces -H 'content-type: application/json'${header} -d '${JSON.stringify(testTrace(test))}'`;
}

/** One span that took 120 ms and ended just now. */
export function testTrace(test: { traceId: string; spanId: string; nowNs: bigint }): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "hello" } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: test.traceId,
                spanId: test.spanId,
                name: "first span",
                kind: 2,
                startTimeUnixNano: String(test.nowNs - 120_000_000n),
                endTimeUnixNano: String(test.nowNs),
                attributes: [{ key: "greeting", value: { stringValue: "hello, clew" } }],
              },
            ],
          },
        ],
      },
    ],
  };
}

function collectorYaml(to: Addresses): string {
  const headers = to.key ? `\n    headers:\n      x-honeycomb-team: ${to.key}` : "";
  return `exporters:
  otlphttp/clew:
    endpoint: ${to.http}${headers}

service:
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [otlphttp/clew]
    logs:
      receivers: [otlp]
      exporters: [otlphttp/clew]
    metrics:
      receivers: [otlp]
      exporters: [otlphttp/clew]`;
}
