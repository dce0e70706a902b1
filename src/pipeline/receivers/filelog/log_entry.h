// LogEntry: one entry of a log file on its way to becoming a log record, and the places in it that settings
// name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/time.h"

namespace clew::pipeline {

struct LogEntry {
  JsonValue body;
  JsonValue attributes{JsonValue::Object{}};
  JsonValue resource{JsonValue::Object{}};
  std::optional<UnixNanos> time;
  UnixNanos observed;
  int severity = 0;  // a SeverityNumber
  std::string severity_text;
  std::string trace_id;  // 16 bytes, or empty
  std::string span_id;   // 8 bytes, or empty
  uint8_t trace_flags = 0;
};

// A place in an entry: body, body.user.id, attributes["http.status"], resource.host.
class FieldPath {
 public:
  // bad_input with a sentence.
  static Result<FieldPath> parse(std::string_view text);
  static FieldPath body() { return FieldPath(Root::body, {}); }
  static FieldPath attributes() { return FieldPath(Root::attributes, {}); }

  // Null when there is nothing.
  const JsonValue* find(const LogEntry& entry) const;
  // What stands in the way becomes a map. An object given to all attributes is joined with those.
  void set(LogEntry& entry, JsonValue value) const;
  std::optional<JsonValue> take(LogEntry& entry) const;
  // Whether a map is needed there: all attributes, the whole resource.
  bool is_root_map() const { return keys_.empty() && root_ != Root::body; }
  const std::string& text() const { return text_; }

 private:
  enum class Root : uint8_t { body, attributes, resource };
  FieldPath(Root root, std::vector<std::string> keys) : root_(root), keys_(std::move(keys)) {}
  JsonValue& root_of(LogEntry& entry) const;

  Root root_;
  std::vector<std::string> keys_;
  std::string text_;
};

// An export request of log records. Neighbours with the same resource share it.
std::string request_of(const std::vector<LogEntry>& entries);

// Text as OTLP wants it: what is not UTF-8 becomes U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace clew::pipeline
