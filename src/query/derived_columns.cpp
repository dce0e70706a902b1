#include "query/derived_columns.h"

#include <algorithm>
#include <array>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnType;

constexpr std::array kDerivedColumns = {
    DerivedColumn{"duration_ms", Derivation::milliseconds, names::kDuration, ColumnType::float64,
                  "Duration of the span in milliseconds"},
    DerivedColumn{"meta.time_since_span_start_ms", Derivation::milliseconds, names::kTimeSinceStart,
                  ColumnType::float64, "How long after the start of its span a span event happened"},
    DerivedColumn{"type", Derivation::stored, names::kSpanKind, ColumnType::string,
                  "The kind of span: server, client, …"},
    DerivedColumn{"is_root", Derivation::missing, names::kParentId, ColumnType::boolean,
                  "Whether the span has no parent"},
    DerivedColumn{"meta.signal_type", Derivation::signal_name, names::kTime, ColumnType::string,
                  "What the row belongs to: trace, log or metric"},
    DerivedColumn{names::kAnnotationType, Derivation::log_of_span, names::kTraceId, ColumnType::string,
                  "What the row is to its span: span_event or link; a span's log record is a span_event too"},
    DerivedColumn{names::kEventCount, Derivation::zero, names::kSpanId, ColumnType::int64,
                  "How many events the span has"},
    DerivedColumn{names::kLinkCount, Derivation::zero, names::kSpanId, ColumnType::int64,
                  "How many links the span has"},
    DerivedColumn{"flags", Derivation::stored, names::kFlags, ColumnType::int64,
                  "The flags of W3C's trace context"},
    DerivedColumn{"flags", Derivation::zero, names::kSeverity, ColumnType::int64,
                  "The flags of W3C's trace context"},
    DerivedColumn{"telemetry.instrumentation_library", Derivation::library, names::kLibraryName,
                  ColumnType::boolean, "true where a published instrumentation library made the row"},
};

constexpr std::array<std::string_view, 9> kLibraries = {"io.opentelemetry",
                                                        "opentelemetry.instrumentation",
                                                        "OpenTelemetry.Instrumentation",
                                                        "OpenTelemetry::Instrumentation",
                                                        "go.opentelemetry.io/contrib/instrumentation",
                                                        "@opentelemetry/instrumentation",
                                                        "io.opentelemetry.contrib.php",
                                                        "github.com/open-telemetry/opentelemetry-collector",
                                                        "@honeycombio/"};

}  // namespace

bool is_instrumentation_library(std::string_view scope) {
  return std::any_of(kLibraries.begin(), kLibraries.end(),
                     [&](std::string_view known) { return scope.starts_with(known); });
}

std::span<const DerivedColumn> derived_columns() {
  return kDerivedColumns;
}

std::string_view signal_name_in_rows(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return "trace";
    case Signal::logs:
      return "log";
    case Signal::metrics:
      return "metric";
  }
  return "";
}

Signal signal_of(const store::Segment& segment, Signal otherwise) {
  for (const store::ColumnInfo& column : segment.columns()) {
    if (column.scope != store::Scope::intrinsic) continue;
    if (column.name == names::kSpanKind) return Signal::traces;
    if (column.name == names::kSeverity) return Signal::logs;
    if (column.name == names::kMetricName) return Signal::metrics;
  }
  return otherwise;
}

}  // namespace clew::query
