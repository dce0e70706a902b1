#include "control/errors/error_glance.h"

#include <cstdint>
#include <cstring>

#include "query/substring_search.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_fields.h"

namespace clew::control::errors {
namespace {

constexpr uint64_t kSeverityError = 17;
constexpr std::string_view kPrefix = "exception.";

struct Field {
  uint64_t number = 0;
  uint64_t integer = 0;    // of a varint
  std::string_view bytes;  // of a length-delimited field
};

bool take_varint(const uint8_t*& at, const uint8_t* end, uint64_t& value) {
  if (at == end) return false;
  value = *at++;
  if (value < 128) return true;
  value &= 127;
  for (unsigned shift = 7; shift < 64 && at != end; shift += 7) {
    const uint64_t byte = *at++;
    value |= (byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
}

// Whether one of the fields is what `is_it` looks for. Bytes that are no fields may be anything.
template <typename IsIt>
bool any_field(std::string_view message, const IsIt& is_it) {
  const auto* at = reinterpret_cast<const uint8_t*>(message.data());
  const uint8_t* const end = at + message.size();
  while (at != end) {
    uint64_t tag = 0;
    Field field;
    if (!take_varint(at, end, tag)) return true;
    field.number = tag >> 3;
    uint64_t size = 0;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::varint:
        if (!take_varint(at, end, field.integer)) return true;
        break;
      case WireType::fixed64:
        size = 8;
        break;
      case WireType::fixed32:
        size = 4;
        break;
      case WireType::bytes:
        if (!take_varint(at, end, size)) return true;
        break;
      default:
        return true;
    }
    if (size > static_cast<uint64_t>(end - at)) return true;
    field.bytes = {reinterpret_cast<const char*>(at), size};
    at += size;
    if (is_it(field)) return true;
  }
  return false;
}

// An attribute's key is its first field, wherever people's libraries write attributes; elsewhere it is looked
// for.
bool is_about_exception(std::string_view attribute) {
  constexpr char kKeyTag = otlp::key_value::key << 3 | static_cast<char>(WireType::bytes);
  if (attribute.size() < 2 + kPrefix.size()) return false;
  if (attribute[0] == kKeyTag) return attribute.substr(2).starts_with(kPrefix);
  return any_field(attribute, [](const Field& field) {
    return field.number == otlp::key_value::key && field.bytes.starts_with(kPrefix);
  });
}

}  // namespace

void ExceptionWords::find() {
  const char* const end = from_next_.data() + from_next_.size();
  const char* const next = query::find_in(from_next_.data(), end, kPrefix);
  from_next_ = {next, static_cast<size_t>(end - next)};
}

bool span_may_have_error(std::string_view span) {
  return any_field(span, [](const Field& field) {
    return field.number == otlp::span::events && event_may_be_error(field.bytes);
  });
}

bool event_may_be_error(std::string_view event) {
  return any_field(event, [](const Field& field) {
    return field.number == otlp::event::attributes && is_about_exception(field.bytes);
  });
}

bool log_record_may_be_error(std::string_view record) {
  uint64_t severity = 0;
  std::string_view body;
  const bool is_told = any_field(record, [&](const Field& field) {
    if (field.number == otlp::log_record::severity_number) severity = field.integer;
    if (field.number == otlp::log_record::body) body = field.bytes;
    return field.number == otlp::log_record::attributes && is_about_exception(field.bytes);
  });
  if (is_told) return true;
  // A stack has at least two lines.
  return (severity == 0 || severity >= kSeverityError) && any_field(body, [](const Field& value) {
           return value.number == otlp::any_value::string && !value.bytes.empty() &&
                  std::memchr(value.bytes.data(), '\n', value.bytes.size()) != nullptr;
         });
}

bool may_have_occurrences(const Batch& batch) {
  if (batch.signal == Signal::metrics) return false;
  const bool is_trace = batch.signal == Signal::traces;
  // Few spans have the word, and searching for it takes less than half of stepping over their fields.
  const std::string_view bytes = batch.otlp.view();
  ExceptionWords words(is_trace ? bytes : std::string_view());
  if (is_trace && !words.in(bytes)) return false;
  return any_field(bytes, [&](const Field& resource) {
    return resource.number == otlp::request::resources && any_field(resource.bytes, [&](const Field& scope) {
             return scope.number == otlp::resource_items::scopes &&
                    any_field(scope.bytes, [&](const Field& item) {
                      return item.number == otlp::scope_items::items &&
                             (is_trace ? words.in(item.bytes) && span_may_have_error(item.bytes)
                                       : log_record_may_be_error(item.bytes));
                    });
           });
  });
}

}  // namespace clew::control::errors
