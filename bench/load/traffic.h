// Synthetic trace traffic of a shop: 20 services, traces of 3 to 62 spans, 8 resource attributes and 7 to 10
// span attributes, two per cent errors with an exception event, about 430 bytes a span.
//
// Bodies are encoded once. Before each sending, the ids and times inside are overwritten in place, so that
// the generator takes little of the machine it measures and no span is ever sent twice.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace clew::load {

// Where in a body an id or a time stands.
struct Patch {
  enum class Kind : uint8_t { trace_id, span_id, time };
  Kind kind;
  uint32_t at = 0;      // offset of the 16 or 8 bytes
  uint32_t number = 0;  // which trace or span of the body
  uint64_t after = 0;   // for a time: nanoseconds after the body's own time
};

// What the traffic is like. The zeros mean: as usual in the shop.
struct Shape {
  std::string_view name;
  std::string_view path = "/v1/traces";
  uint32_t attribute_names = 0;  // span attributes take their names from so many
  uint32_t distinct_values = 0;  // one more attribute has so many different values
  uint32_t spans_of_trace = 0;
  uint32_t log_bytes = 0;  // log records with bodies of this size instead of spans
};
// nullptr when there is none of that name.
const Shape* shape_named(std::string_view name);

// One export request.
struct Body {
  std::string bytes;
  std::vector<Patch> patches;
  uint32_t items = 0;  // spans or log records
  uint32_t traces = 0;
};

Body make_body(std::mt19937_64& random, uint32_t items, const Shape& shape);

// Gives the body new ids (another set for each `run`) and moves its spans to `unix_nanoseconds`.
void refresh(Body& body, uint64_t run, uint64_t unix_nanoseconds);

}  // namespace clew::load
