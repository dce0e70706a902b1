// The messages of OTLP as one table: for each message its fields, with number, JSON name and kind. The JSON
// reader and the JSON writer are both driven by it; a field added here is known to both.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "telemetry/batch.h"

namespace clew::otlp {

enum class FieldKind : uint8_t {
  string,
  bytes,
  trace_id,
  span_id,
  boolean,
  floating,
  fixed32,
  fixed64,
  sfixed64,
  int32,
  int64,
  uint32,
  uint64,
  sint32,
  enumeration,
  message
};

enum class Presence : uint8_t {
  implicit,  // the default value means absent
  optional,  // present or not, whatever the value
  oneof,     // one of the message's alternatives (no OTLP message has two sets of them)
  repeated,  // numbers are packed
};

struct EnumValue {
  std::string_view name;  // "SPAN_KIND_SERVER"
  int32_t number;
};

struct Message;

struct Field {
  std::string_view json_name;  // "startTimeUnixNano"
  uint32_t number;
  FieldKind kind;
  Presence presence = Presence::implicit;
  const Message* message = nullptr;          // of FieldKind::message
  std::span<const EnumValue> enum_values{};  // of FieldKind::enumeration

  bool keeps_default() const { return presence == Presence::optional || presence == Presence::oneof; }
};

struct Message {
  std::string_view name;
  std::span<const Field> fields;

  const Field* field(uint32_t number) const;
  // By JSON name; snake_case ("start_time_unix_nano") is understood too, as other OTLP receivers do.
  const Field* field(std::string_view json_name) const;
};

// Export{Trace,Logs,Metrics}ServiceRequest and …Response.
const Message& export_request(Signal signal);
const Message& export_response(Signal signal);

namespace messages {
extern const Message any_value, array_value, key_value_list, key_value, resource, scope, span, event, link,
    span_status, log_record, metric, number_point, histogram_point, exponential_point, summary_point,
    exemplar;
extern const Message rpc_status;  // google.rpc.Status, without its details
}  // namespace messages

}  // namespace clew::otlp
