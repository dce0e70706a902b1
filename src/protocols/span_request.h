// SpanRequest: an export request of OTLP being written span by span, for protocols whose spans each say
// where they come from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "telemetry/protobuf_writer.h"

namespace clew {

// An attribute in field `list` of the message being written.
void write_text(ProtobufWriter& to, uint32_t list, std::string_view name, std::string_view value);
void write_bytes(ProtobufWriter& to, uint32_t list, std::string_view name, std::string_view value);
void write_integer(ProtobufWriter& to, uint32_t list, std::string_view name, int64_t value);
void write_floating(ProtobufWriter& to, uint32_t list, std::string_view name, double value);
void write_boolean(ProtobufWriter& to, uint32_t list, std::string_view name, bool value);

class SpanRequest {
 public:
  // Where to append spans (`scope_items::items`) of this resource and instrumentation scope, both as the
  // bytes of their messages, which may be empty. Valid until the next call.
  std::string& spans_of(std::string_view resource, std::string_view scope);

  // The request; empty when there were no spans. Nothing is left in here.
  std::string take();

 private:
  struct Group {
    std::string resource;
    std::string scope;
    std::string spans;
  };
  void write_out();

  std::vector<Group> groups_;
  std::unordered_map<std::string, size_t> places_;  // of groups, by resource and scope
  size_t latest_ = 0;
  std::string written_;
};

}  // namespace clew
