// Span: a span of Zipkin (version 2) as it was read, with its texts where they came from.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "telemetry/ids.h"

namespace clew::zipkin {

enum class Kind : uint8_t { none = 0, client = 1, server = 2, producer = 3, consumer = 4 };

struct Endpoint {
  std::string_view service_name;
  std::string_view ipv4;  // as text
  std::string_view ipv6;
  int32_t port = 0;  // 0: not known
  bool empty() const { return service_name.empty() && ipv4.empty() && ipv6.empty() && port == 0; }
};

struct Annotation {
  uint64_t timestamp = 0;  // microseconds since 1970
  std::string_view value;
};

struct Tag {
  std::string_view key;
  std::string_view value;
};

struct Span {
  TraceId trace_id;
  SpanId id;
  SpanId parent_id;  // zero: none
  Kind kind = Kind::none;
  std::string_view name;
  uint64_t timestamp = 0;  // microseconds since 1970; 0: not known
  uint64_t duration = 0;   // microseconds; 0: not known
  Endpoint local;
  Endpoint remote;
  std::vector<Annotation> annotations;
  std::vector<Tag> tags;
  bool debug = false;
  bool shared = false;  // the server's half of a span that its client reports under the same id

  // For the next one, keeping the memory.
  void clear() {
    trace_id = {};
    id = parent_id = {};
    kind = Kind::none;
    name = {};
    timestamp = duration = 0;
    local = remote = {};
    annotations.clear();
    tags.clear();
    debug = shared = false;
  }
};

// Ids as Zipkin takes them: 1 to 32 hex digits, filled up with zeros from the left; of a span's id those
// beyond 16 do not count. Zero when it is no such text.
TraceId read_trace_id(std::string_view hex);
SpanId read_span_id(std::string_view hex);

// Who wants the spans of a list, one after the other. A span lives until the next.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void take(const Span& span) = 0;
};

}  // namespace clew::zipkin
