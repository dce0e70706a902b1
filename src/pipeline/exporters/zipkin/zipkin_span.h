// ZipkinSpan: a span as Zipkin has it (version 2), and its two encodings.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/ids.h"

namespace clew::pipeline {

enum class ZipkinKind : uint8_t { none = 0, client = 1, server = 2, producer = 3, consumer = 4 };
enum class ZipkinFormat : uint8_t { json, proto };

struct ZipkinEndpoint {
  std::string service_name;
  std::string address;  // as text, IPv4 or IPv6; empty: not known
  uint16_t port = 0;    // 0: not known
  bool empty() const { return service_name.empty() && address.empty(); }
};

struct ZipkinAnnotation {
  uint64_t microseconds = 0;
  std::string value;
};

struct ZipkinSpan {
  TraceId trace_id;
  SpanId id;
  SpanId parent_id;  // zero: none
  ZipkinKind kind = ZipkinKind::none;
  std::string_view name;
  uint64_t start_microseconds = 0;  // since 1970; 0: not known
  uint64_t microseconds = 0;        // 0: not known
  ZipkinEndpoint local;
  ZipkinEndpoint remote;
  std::vector<ZipkinAnnotation> annotations;
  std::map<std::string, std::string, std::less<>> tags;
};

// Appends one element of a list: an object, or a field of ListOfSpans.
void append_zipkin_json(std::string& out, const ZipkinSpan& span);
void append_zipkin_proto(std::string& out, const ZipkinSpan& span);

}  // namespace clew::pipeline
