#include "query/derived_columns.h"

#include <array>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnType;

constexpr std::array kDerivedColumns = {
    DerivedColumn{"duration_ms", Derivation::milliseconds, names::kDuration, ColumnType::float64,
                  "Duration of the span in milliseconds"},
    DerivedColumn{"type", Derivation::stored, names::kSpanKind, ColumnType::string,
                  "The kind of span: server, client, …"},
    DerivedColumn{"is_root", Derivation::missing, names::kParentId, ColumnType::boolean,
                  "Whether the span has no parent"},
    DerivedColumn{"meta.signal_type", Derivation::signal_name, names::kTime, ColumnType::string,
                  "What the row belongs to: trace, log or metric"},
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

}  // namespace clew::query
