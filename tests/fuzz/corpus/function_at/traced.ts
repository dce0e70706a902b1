// Records its error on a span and on a log record: node traced.js ENDPOINT TOKEN VERSION
import { SpanStatusCode, context, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { checkout } from "./checkout";

const [url, token, version] = process.argv.slice(2);
const resource = resourceFromAttributes({ "service.name": "till", "service.version": version, "deployment.environment.name": "production" });
const headers = { "x-honeycomb-team": token! };
const spans = new NodeTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces`, headers }))] });
const logs = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${url}/v1/logs`, headers }) })] });
const logger = logs.getLogger("till");

function serve(): void {
  const span = spans.getTracer("till").startSpan("POST /pay");
  try {
    checkout(["bobbin"]);
  } catch (error) {
    const { name, message, stack } = error as Error;
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    const within = trace.setSpan(context.active(), span);
    const attributes = { "exception.type": name, "exception.message": message, "exception.stacktrace": stack! };
    logger.emit({ severityNumber: SeverityNumber.ERROR, body: "payment failed", attributes, context: within });
    logger.emit({ severityNumber: SeverityNumber.ERROR, body: `cannot pay: ${stack}`, context: within });
    console.log(span.spanContext().traceId);
  }
  span.end();
}

serve();
void Promise.all([spans.shutdown(), logs.shutdown()]);
