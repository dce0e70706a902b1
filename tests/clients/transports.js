// Every way in which the SDK's exporters speak OTLP.
import {OTLPLogExporter as GrpcLogs} from '@opentelemetry/exporter-logs-otlp-grpc';
import {OTLPLogExporter as JsonLogs} from '@opentelemetry/exporter-logs-otlp-http';
import {OTLPLogExporter as ProtobufLogs} from '@opentelemetry/exporter-logs-otlp-proto';
import {OTLPMetricExporter as GrpcMetrics} from '@opentelemetry/exporter-metrics-otlp-grpc';
import {OTLPMetricExporter as JsonMetrics} from '@opentelemetry/exporter-metrics-otlp-http';
import {OTLPMetricExporter as ProtobufMetrics} from '@opentelemetry/exporter-metrics-otlp-proto';
import {OTLPTraceExporter as GrpcTraces} from '@opentelemetry/exporter-trace-otlp-grpc';
import {OTLPTraceExporter as JsonTraces} from '@opentelemetry/exporter-trace-otlp-http';
import {OTLPTraceExporter as ProtobufTraces} from '@opentelemetry/exporter-trace-otlp-proto';
import {CompressionAlgorithm} from '@opentelemetry/otlp-exporter-base';
import {Metadata} from '@grpc/grpc-js';

const timeoutMillis = 5000;

function overHttp(traces, logs, metrics) {
  const options = (signal, {address, headers, compression}) => ({url: `${address}/v1/${signal}`, headers, compression, timeoutMillis});
  return {
    traces: (to) => new traces(options('traces', to)),
    logs: (to) => new logs(options('logs', to)),
    metrics: (to) => new metrics(options('metrics', to)),
  };
}

function overGrpc() {
  const options = ({address, headers = {}, compression}) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return {url: address, metadata, compression, timeoutMillis};
  };
  return {
    traces: (to) => new GrpcTraces(options(to)),
    logs: (to) => new GrpcLogs(options(to)),
    metrics: (to) => new GrpcMetrics(options(to)),
  };
}

export const transports = {
  'http/protobuf': overHttp(ProtobufTraces, ProtobufLogs, ProtobufMetrics),
  'http/json': overHttp(JsonTraces, JsonLogs, JsonMetrics),
  grpc: overGrpc(),
};
export const gzip = CompressionAlgorithm.GZIP;

// What the exporter makes of sending `items`: {code: 0} or {code: 1, error}.
export async function send(exporter, items) {
  try {
    return await new Promise((done) => exporter.export(items, done));
  } finally {
    await exporter.shutdown();
  }
}
