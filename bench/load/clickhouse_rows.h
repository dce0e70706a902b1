// The spans of an OTLP request as rows of the table that the OpenTelemetry Collector's ClickHouse exporter
// makes (otel_traces), in ClickHouse's RowBinary format.
#pragma once

#include <string>
#include <string_view>

namespace clew::load {

// Appends one row a span.
void append_clickhouse_rows(std::string& out, std::string_view trace_request);

}  // namespace clew::load
