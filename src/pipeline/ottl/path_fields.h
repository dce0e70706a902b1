// The fields that paths may name, by context: where each is in its message, and how it is read and written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/ottl/subject.h"
#include "pipeline/ottl/value.h"

namespace clew::pipeline::ottl {

enum class FieldKind : uint8_t {
  text,
  id,       // bytes
  id_text,  // the same as hexadecimal text
  integer,  // a varint
  boolean,
  nanos,  // a time as an integer
  time,   // the same as a time
  any,    // an AnyValue
  any_text,
  attributes,
  status_code,
  status_message,
  span_kind_text,
  trace_state,
  as_double,
  as_int,
  fixed_integer,
  floating,
  signed_integer,  // zigzag
  metric_type,
  temporality,
  monotonic,
  event_index,
  cache,
  // Lists, which can only be read, or emptied:
  events,
  links,
  exemplars,
  quantiles,
  counts,
  bounds,
};

struct PathField {
  Context context;
  std::string_view name;
  FieldKind kind;
  uint32_t number = 0;
  // Of points, whose kinds number their fields differently; 0: has none.
  uint32_t in_histogram = 0, in_exponential = 0, in_summary = 0;
};

std::span<const PathField> path_fields();
// Null when the context has no such field.
const PathField* path_field(Context context, std::string_view name);
std::vector<std::string> path_names(Context context);
// Whether keys may follow: attributes["a"].
bool has_keys(FieldKind kind);
bool is_read_only(FieldKind kind);

Value read_field(const PathField& field, Subject& subject);
Status write_field(const PathField& field, Subject& subject, const Value& value);

// SPAN_KIND_SERVER, STATUS_CODE_ERROR, SEVERITY_NUMBER_WARN …; null when unknown.
const int64_t* constant_named(std::string_view name);
std::vector<std::string> constant_names();

}  // namespace clew::pipeline::ottl
