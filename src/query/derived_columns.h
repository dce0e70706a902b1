// Derived columns: names that are computed from stored columns row by row. One list.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/segment.h"
#include "telemetry/batch.h"

namespace clew::query {

enum class Derivation : uint8_t {
  stored,        // not derived: the column as it is
  milliseconds,  // of a duration
  missing,       // boolean: whether the source has no value, for rows that are spans
  signal_name,   // the same string for every row of a segment
  log_of_span,   // in segments of log records: "span_event" where the source has a value
  zero,          // int64: 0 where the source has a value; what is stored under the name comes before it
  library,       // boolean: true where the source is the name of an instrumentation library
  calculated,    // computed_column.h
};

struct DerivedColumn {
  std::string_view name;
  Derivation derivation;
  std::string_view source;  // an intrinsic column
  store::ColumnType type;
  std::string_view help;
};

// They rank as intrinsic columns when a name is looked up; of two with the same name the first that has a
// value counts.
std::span<const DerivedColumn> derived_columns();

// "trace", "log" or "metric".
std::string_view signal_name_in_rows(Signal signal);

// Whether an instrumentation scope of this name is one of the published instrumentation libraries.
bool is_instrumentation_library(std::string_view scope);

// What the rows of a segment are: a snapshot may be of several signals together. `otherwise` is for segments
// that have none of the columns that tell.
Signal signal_of(const store::Segment& segment, Signal otherwise);

}  // namespace clew::query
