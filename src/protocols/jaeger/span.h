// Span: a span of Jaeger as it was read, with its texts where they came from.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/ids.h"

namespace clew::jaeger {

enum class TagType : uint8_t { text, boolean, integer, floating, bytes };

struct Tag {
  std::string_view key;
  TagType type = TagType::text;
  std::string_view text;  // bytes too
  int64_t integer = 0;
  double floating = 0;
  bool boolean = false;

  bool is_text(std::string_view wanted) const { return type == TagType::text && text == wanted; }
};

struct Reference {
  TraceId trace_id;
  SpanId span_id;
  bool follows_from = false;  // otherwise it is a child of that
};

struct Log {
  uint64_t time = 0;      // nanoseconds since 1970
  size_t fields_end = 0;  // in Span::log_fields; they begin where those of the log before end
};

struct Process {
  std::string_view service_name;
  std::vector<Tag> tags;
};

struct Span {
  TraceId trace_id;
  SpanId id;
  SpanId parent_id;  // zero: as the references say
  std::string_view name;
  std::vector<Reference> references;
  uint64_t start = 0;  // nanoseconds since 1970
  uint64_t duration = 0;
  std::vector<Tag> tags;
  std::vector<Log> logs;
  std::vector<Tag> log_fields;

  // For the next one, keeping the memory.
  void clear() {
    trace_id = {};
    id = parent_id = {};
    name = {};
    start = duration = 0;
    references.clear();
    tags.clear();
    logs.clear();
    log_fields.clear();
  }
};

}  // namespace clew::jaeger
