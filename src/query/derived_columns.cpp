#include "query/derived_columns.h"

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
};

}  // namespace

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
