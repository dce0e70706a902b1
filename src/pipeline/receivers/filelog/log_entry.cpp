#include "pipeline/receivers/filelog/log_entry.h"

#include <fmt/format.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"
#include "telemetry/utf8.h"

namespace clew::pipeline {
namespace {

void write_members(ProtobufWriter& to, uint32_t field, const JsonValue& object);

// The fields of an AnyValue message.
void write_any_value(ProtobufWriter& to, const JsonValue& value) {
  if (const auto* text = value.string()) {
    to.bytes(otlp::any_value::string, *text);
  } else if (const auto* boolean = value.boolean()) {
    to.boolean(otlp::any_value::boolean, *boolean);
  } else if (const auto* integer = value.integer()) {
    to.varint(otlp::any_value::integer, static_cast<uint64_t>(*integer));
  } else if (const auto number = value.number()) {
    to.floating(otlp::any_value::floating, *number);
  } else if (const auto* array = value.array()) {
    const auto list = to.begin_message(otlp::any_value::array);
    for (const JsonValue& one : *array) {
      const auto item = to.begin_message(otlp::array_value::values);
      write_any_value(to, one);
      to.end_message(item);
    }
    to.end_message(list);
  } else if (value.object()) {
    const auto map = to.begin_message(otlp::any_value::map);
    write_members(to, otlp::array_value::values, value);
    to.end_message(map);
  }
}

void write_members(ProtobufWriter& to, uint32_t field, const JsonValue& object) {
  if (!object.object()) return;
  for (const JsonValue::Member& member : *object.object()) {
    const auto key_value = to.begin_message(field);
    to.bytes(otlp::key_value::key, member.name);
    const auto value = to.begin_message(otlp::key_value::value);
    write_any_value(to, member.value);
    to.end_message(value);
    to.end_message(key_value);
  }
}

void write_record(ProtobufWriter& to, const LogEntry& entry) {
  if (entry.time) to.fixed64(otlp::log_record::time, static_cast<uint64_t>(entry.time->count));
  to.fixed64(otlp::log_record::observed_time, static_cast<uint64_t>(entry.observed.count));
  if (entry.severity != 0) to.int32(otlp::log_record::severity_number, entry.severity);
  if (!entry.severity_text.empty()) to.bytes(otlp::log_record::severity_text, entry.severity_text);
  if (!entry.body.is_null()) {
    const auto body = to.begin_message(otlp::log_record::body);
    write_any_value(to, entry.body);
    to.end_message(body);
  }
  write_members(to, otlp::log_record::attributes, entry.attributes);
  if (entry.trace_flags != 0) to.fixed32(otlp::log_record::flags, entry.trace_flags);
  if (!entry.trace_id.empty()) to.bytes(otlp::log_record::trace_id, entry.trace_id);
  if (!entry.span_id.empty()) to.bytes(otlp::log_record::span_id, entry.span_id);
}

bool is_plain_key_character(char c) {
  return c != '.' && c != '[' && c != ']' && c != '"' && c != '\'';
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
  const auto refuse = [&] {
    return Status(
        ErrorKind::bad_input,
        fmt::format("expected a field, as in body.user or attributes[\"user.id\"], got '{}'", text));
  };
  size_t at = 0;
  const auto word = [&] {
    const size_t begin = at;
    while (at < text.size() && is_plain_key_character(text[at])) ++at;
    return text.substr(begin, at - begin);
  };
  const std::string_view root = word();
  FieldPath path(Root::body, {});
  if (root == "attributes")
    path.root_ = Root::attributes;
  else if (root == "resource")
    path.root_ = Root::resource;
  else if (root != "body")
    return refuse();
  while (at < text.size()) {
    std::string_view key;
    if (text[at] == '.') {
      ++at;
      key = word();
    } else if (text[at] == '[' && at + 2 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\'')) {
      const size_t end = text.find(std::string{text[at + 1], ']'}, at + 2);
      if (end == std::string_view::npos) return refuse();
      key = text.substr(at + 2, end - at - 2);
      at = end + 2;
    }
    if (key.empty()) return refuse();
    path.keys_.emplace_back(key);
  }
  path.text_ = text;
  return path;
}

JsonValue& FieldPath::root_of(LogEntry& entry) const {
  return root_ == Root::body ? entry.body : root_ == Root::attributes ? entry.attributes : entry.resource;
}

const JsonValue* FieldPath::find(const LogEntry& entry) const {
  const JsonValue* value = &root_of(const_cast<LogEntry&>(entry));
  for (const std::string& key : keys_) {
    value = value->find(key);
    if (value == nullptr) return nullptr;
  }
  return value;
}

void FieldPath::set(LogEntry& entry, JsonValue value) const {
  JsonValue* place = &root_of(entry);
  if (is_root_map()) {
    if (!value.object()) return;
    for (JsonValue::Member& member : *value.object()) (*place)[member.name] = std::move(member.value);
    return;
  }
  for (const std::string& key : keys_) {
    if (!place->object()) *place = JsonValue(JsonValue::Object{});
    place = &(*place)[key];
  }
  *place = std::move(value);
}

std::optional<JsonValue> FieldPath::take(LogEntry& entry) const {
  JsonValue* place = &root_of(entry);
  if (keys_.empty()) {
    JsonValue taken = std::move(*place);
    *place = root_ == Root::body ? JsonValue() : JsonValue(JsonValue::Object{});
    return taken;
  }
  for (size_t i = 0; i + 1 < keys_.size(); ++i) {
    place = place->find(keys_[i]);
    if (place == nullptr) return std::nullopt;
  }
  return place->take(keys_.back());
}

std::string request_of(const std::vector<LogEntry>& entries) {
  std::string request;
  ProtobufWriter writer(request);
  for (size_t at = 0; at < entries.size();) {
    const auto resource_logs = writer.begin_message(otlp::request::resources);
    const auto resource = writer.begin_message(otlp::resource_items::resource);
    write_members(writer, otlp::resource::attributes, entries[at].resource);
    writer.end_message(resource);
    const auto scope_logs = writer.begin_message(otlp::resource_items::scopes);
    const JsonValue& shared = entries[at].resource;
    do {
      const auto record = writer.begin_message(otlp::scope_items::items);
      write_record(writer, entries[at]);
      writer.end_message(record);
    } while (++at < entries.size() && entries[at].resource == shared);
    writer.end_message(scope_logs);
    writer.end_message(resource_logs);
  }
  return request;
}

std::string valid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  const auto mended = parse_json(JsonValue(text).text());
  return mended.ok() && mended->string() ? *mended->string() : std::string();
}

}  // namespace clew::pipeline
