// What to set, for each language and tool, with the address of this very server filled in.

import type { ServerStatus } from "../../api/answers";

export interface Addresses {
  /** As senders of OTLP over HTTP name it: http://host:4318 */
  http: string;
  /** As senders over gRPC name it: http://host:4317 */
  grpc: string;
  /** Host and port of the gRPC door. */
  grpcTarget: string;
  /** Where the APIs of vendors are looked for: http://host:2539 */
  api: string;
  zipkin: string;
  jaeger: string;
  /** Host and port of X-Ray's daemon; nothing when that door is not open. */
  xray: string | undefined;
  /** Shown in place of a key; nothing when none is needed. */
  key: string | undefined;
}

export interface Page {
  protocol: string;
  hostname: string;
  host: string;
  port: string;
}

export interface Recipe {
  name: string;
  language: "shell" | "javascript" | "yaml";
  lines: string;
  note: string;
}

/**
 * The host as this page reached it, the ports as the server has them. A door on 127.0.0.1 is named so: "localhost" may
 * mean ::1 to a sender. Who reached the page through something in between (a proxy with a certificate, a port that a
 * container publishes) knows of one address that works, and every door takes everything.
 */
export function addressesOf(status: ServerStatus, page: Page, key: string | undefined): Addresses {
  const isBareIpv6 = page.hostname.includes(":") && !page.hostname.startsWith("[");
  const reached = isBareIpv6 ? `[${page.hostname}]` : page.hostname;
  const host = reached === "localhost" && status.doors.every((door) => door.address.startsWith("127.")) ? "127.0.0.1" : reached;
  const own = status.doors.find((door) => String(door.port) === page.port && door.tls === (page.protocol === "https:"));
  const doors = own ? status.doors : [];
  const find = (usual: number, purpose: RegExp) => doors.find((door) => door.port === usual) ?? doors.find((door) => purpose.test(door.purpose));
  const address = (door: { port: number; tls: boolean } | undefined): string =>
    door ? `${door.tls ? "https" : "http"}://${host}:${door.port}` : `${page.protocol}//${page.host}`;
  const grpc = find(4317, /^OTLP over gRPC/);
  const xray = status.doors.find((door) => /^AWS X-Ray/.test(door.purpose));
  const api = address(find(2539, /^page/) ?? own);
  return {
    http: address(find(4318, /^OTLP over HTTP/) ?? own),
    grpc: address(grpc ?? own),
    grpcTarget: grpc ? `${host}:${grpc.port}` : page.host,
    api,
    zipkin: address(find(9411, /^Zipkin/) ?? find(2539, /^page/) ?? own),
    jaeger: address(find(14268, /^Jaeger, (Thrift over HTTP|UDP too)/) ?? find(2539, /^page/) ?? own),
    xray: xray && `${host === "localhost" ? "127.0.0.1" : host}:${xray.port}`,
    key: status.environment.keys_required ? (key ?? "YOUR_API_KEY") : undefined,
  };
}

export function recipesFor(to: Addresses, test: { traceId: string; spanId: string; nowNs: bigint }): Recipe[] {
  const otlpKey = to.key ? [`export OTEL_EXPORTER_OTLP_HEADERS="x-honeycomb-team=${to.key}"`] : [];
  const environment = (service: string): string[] => [
    `export OTEL_SERVICE_NAME=${service}`,
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${to.http}`,
    "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ...otlpKey,
  ];
  const lines = (...parts: (string | string[])[]): string => parts.flat().join("\n");
  const aws = to.key
    ? ["# AWS clients sign with a key of their own. On the server: clew keys create --aws --name cli", "export AWS_ACCESS_KEY_ID=WHAT_IT_PRINTED AWS_SECRET_ACCESS_KEY=WHAT_IT_PRINTED"]
    : ["# Where the client has none: any region and credentials do", "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"];
  const awsEnvironment = [...aws, "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1"];
  const token = to.key ?? "any-token";
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
      note: "Spans leave in batches, every 5 seconds. Set OTEL_LOG_LEVEL=info to see what the exporter says; without it Node is silent. An app of ES modules wants --import in place of --require.",
    },
    {
      name: "Python",
      language: "shell",
      lines: lines("pip install opentelemetry-distro opentelemetry-exporter-otlp", "opentelemetry-bootstrap -a install", environment("my-python-app"), "opentelemetry-instrument python app.py"),
      note: `For gRPC leave the protocol line out and use the address ${to.grpc}.`,
    },
    {
      name: "Go",
      language: "shell",
      lines: lines("go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp", environment("my-go-app"), "go run ."),
      note: "In code: otlptracehttp.New(ctx) reads these variables by itself; leave WithEndpoint out, and call the provider's Shutdown before the program ends.",
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
      note: "In code: builder.Services.AddOpenTelemetry().WithTracing(t => t.AddAspNetCoreInstrumentation().AddOtlpExporter()). Leave Endpoint out there: over HTTP it would be taken as it is, without /v1/traces.",
    },
    {
      name: "Ruby",
      language: "shell",
      lines: lines("bundle add opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all", environment("my-ruby-app"), "bundle exec ruby app.rb"),
      note: "In code, before anything else: require 'opentelemetry/sdk', 'opentelemetry-exporter-otlp' and 'opentelemetry/instrumentation/all'; then OpenTelemetry::SDK.configure { |c| c.use_all }.",
    },
    {
      name: "PHP",
      language: "shell",
      lines: lines("pecl install opentelemetry   # then extension=opentelemetry.so in php.ini", "composer require open-telemetry/sdk open-telemetry/exporter-otlp php-http/guzzle7-adapter open-telemetry/opentelemetry-auto-slim", "export OTEL_PHP_AUTOLOAD_ENABLED=true", environment("my-php-app"), "php -S localhost:8080 app.php"),
      note: "There is an auto-instrumentation package for each framework: opentelemetry-auto-laravel, -symfony, -wordpress and more.",
    },
    {
      name: "Rust",
      language: "shell",
      lines: lines("cargo add opentelemetry opentelemetry_sdk opentelemetry-otlp tracing tracing-subscriber tracing-opentelemetry", environment("my-rust-app"), "cargo run"),
      note: "In code: SpanExporter::builder().with_http().build() reads these variables by itself; give it to SdkTracerProvider::builder().with_batch_exporter, and call shutdown before the program ends.",
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
      lines: browserCode(to),
      note: "Pages of any origin may send. A page served over https sends to https alone: give clew a certificate, or send through the page's own server. The key is seen by whoever sees the page: make one that only sends.",
    },
    {
      name: "Honeycomb",
      language: "shell",
      lines: lines(
        "# OpenTelemetry as Honeycomb sets it up",
        `export OTEL_EXPORTER_OTLP_ENDPOINT=${to.http}`,
        otlpKey,
        "# Honeycomb's own distributions of it, and Terraform's provider",
        `export HONEYCOMB_API_ENDPOINT=${to.api}`,
        to.key ? [`export HONEYCOMB_API_KEY=${to.key}`] : [],
        "# Refinery",
        `export REFINERY_HONEYCOMB_API=${to.api}`,
      ),
      note: "The host changes, everything else stays. Keys that applications have already can be kept: clew keys create --key.",
    },
    {
      name: "libhoney, Beelines",
      language: "javascript",
      lines: lines(
        "// npm install libhoney",
        "// Beelines and other languages take the same three: apiHost, api_host in Python and Ruby, APIHost in Go",
        'import Libhoney from "libhoney";',
        `const honey = new Libhoney({ apiHost: "${to.api}", writeKey: "${token}", dataset: "my-app" });`,
        'honey.sendNow({ name: "hello", duration_ms: 12 });',
      ),
      note: "They read no variable for the host: it is set where they are made. Any dataset will do.",
    },
    {
      name: "AWS X-Ray",
      language: "shell",
      lines: lines(
        to.xray ? ["# The SDKs", `export AWS_XRAY_DAEMON_ADDRESS=${to.xray}`] : ["# The SDKs, once clew was started with --xray-listen 0.0.0.0:2000, or clew daemon beside the application", "export AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000"],
        "# The CLI and boto3, asking clew in place of the service",
        `export AWS_ENDPOINT_URL_XRAY=${to.api}`,
        awsEnvironment,
        `aws --endpoint-url ${to.api} xray get-trace-summaries --start-time $(($(date +%s) - 3600)) --end-time $(date +%s)`,
      ),
      note: "AWS_ENDPOINT_URL_XRAY is read by clients of 2024 and later; --endpoint-url works with all. From other machines: clew serve --xray-listen 0.0.0.0:2000, or clew daemon where the application runs.",
    },
    {
      name: "CloudWatch Logs",
      language: "shell",
      lines: lines(
        "# The SDKs, watchtower, winston-cloudwatch",
        `export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=${to.api}`,
        awsEnvironment,
        "# The CLI, to see a line arrive",
        `aws --endpoint-url ${to.api} logs create-log-group --log-group-name hello`,
        `aws --endpoint-url ${to.api} logs create-log-stream --log-group-name hello --log-stream-name first`,
        `aws --endpoint-url ${to.api} logs put-log-events --log-group-name hello --log-stream-name first --log-events timestamp=$(date +%s)000,message=hello`,
      ),
      note: "The variable is read by clients of 2024 and later; older SDKs take the endpoint where the client is made. Groups and streams are made as AWS makes them.",
    },
    {
      name: "Rollbar",
      language: "javascript",
      lines: lines(
        "// npm install rollbar",
        'import Rollbar from "rollbar";',
        `const rollbar = new Rollbar({ accessToken: "${token}", endpoint: "${to.api}/api/1/item/" });`,
        'rollbar.error("hello");',
        `// Python: rollbar.init("${token}", "development", endpoint="${to.api}/api/1/")`,
      ),
      note: "Items join the same list of errors as exceptions of spans and stacks in logs.",
    },
    {
      name: "Zipkin",
      language: "shell",
      lines: lines("# Reporters, Brave, Envoy, zipkin-js: this address; on this machine they look at port 9411 anyway", `export OTEL_EXPORTER_ZIPKIN_ENDPOINT=${withPassword(to.zipkin, to.key)}/api/v2/spans`),
      note: "JSON, protobuf and Thrift, of version 2 and 1.",
    },
    {
      name: "Jaeger",
      language: "shell",
      lines: lines("# Clients that send to an agent on this machine, over UDP: nothing to set", `export JAEGER_ENDPOINT=${to.jaeger}/api/traces`, to.key ? [`export JAEGER_USER=any JAEGER_PASSWORD=${to.key}`] : []),
      note: "From other machines: clew serve --jaeger-listen 0.0.0.0. Clients that ask how much to sample are told to keep everything.",
    },
    {
      name: "Collector",
      language: "yaml",
      lines: collectorYaml(to),
      note: "Add the exporter to the pipelines you have; nothing else changes. clew collect runs the same file.",
    },
  ];
}

// Clients that can set no header have the key as the password of the address.
function withPassword(address: string, key: string | undefined): string {
  return key ? address.replace("://", `://any:${key}@`) : address;
}

function curlLine(to: Addresses, test: { traceId: string; spanId: string; nowNs: bigint }): string {
  const header = to.key ? ` -H 'x-honeycomb-team: ${to.key}'` : "";
  return `curl ${to.http}/v1/traces -H 'content-type: application/json'${header} -d '${JSON.stringify(testTrace(test))}'`;
}

function browserCode(to: Addresses): string {
  const headers = to.key ? `, headers: { "x-honeycomb-team": "${to.key}" }` : "";
  return `// npm install @opentelemetry/sdk-trace-web @opentelemetry/exporter-trace-otlp-http @opentelemetry/resources
//   @opentelemetry/instrumentation @opentelemetry/auto-instrumentations-web
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { getWebAutoInstrumentations } from "@opentelemetry/auto-instrumentations-web";

const exporter = new OTLPTraceExporter({ url: "${to.http}/v1/traces"${headers} });
new WebTracerProvider({
  resource: resourceFromAttributes({ "service.name": "my-page" }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
}).register();
registerInstrumentations({ instrumentations: [getWebAutoInstrumentations()] });`;
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
