// A span of Zipkin's version 1, which has both halves of a call and tells them apart by the endpoints of its
// annotations; and how it becomes one or more of version 2.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "protocols/zipkin/span.h"

namespace clew::zipkin {

struct V1Annotation {
  uint64_t timestamp = 0;  // microseconds since 1970
  std::string_view value;
  Endpoint endpoint;  // empty: not said
};

struct V1BinaryAnnotation {
  std::string_view key;
  std::string_view value;
  bool is_address = false;  // "ca", "sa" or "ma": the endpoint is the other side's
  Endpoint endpoint;
};

struct V1Span {
  TraceId trace_id;
  SpanId id;
  SpanId parent_id;
  std::string_view name;
  uint64_t timestamp = 0;
  uint64_t duration = 0;
  std::vector<V1Annotation> annotations;
  std::vector<V1BinaryAnnotation> binary_annotations;
  bool debug = false;

  void clear() {
    trace_id = {};
    id = parent_id = {};
    name = {};
    timestamp = duration = 0;
    annotations.clear();
    binary_annotations.clear();
    debug = false;
  }
};

// True for "sa", "ca" and "ma".
bool is_address_key(std::string_view key);

class V1Converter {
 public:
  explicit V1Converter(SpanSink& sink) : sink_(sink) {}
  // Gives one span to the sink for each side that took part.
  void take(const V1Span& span);

 private:
  struct Core;  // the annotations with a meaning

  Span& side_of(const V1Span& source, const Endpoint& endpoint);
  Span& new_side(const V1Span& source, const Endpoint& endpoint);
  void take_annotations(const V1Span& source, Core& core);
  void set_times_of_call(const V1Span& source, Core& core);
  void set_times_of_message(const V1Span& source, const Core& core);
  void set_times(const V1Span& source, const V1Annotation& begin, const V1Annotation* end);
  void take_binary_annotations(const V1Span& source, const Core& core);

  SpanSink& sink_;
  std::deque<Span> sides_;  // the first `used_`; the others keep their memory
  size_t used_ = 0;
};

}  // namespace clew::zipkin
