#include "protocols/cloudwatch_logs/insights_row.h"

#include <charconv>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/line_links.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostFields = 200;
constexpr size_t kDeepest = 16;

// The first JSON object in a message: Lambda puts words before it.
std::shared_ptr<const JsonValue> json_in(std::string_view message) {
  const size_t begin = message.find('{');
  const size_t end = message.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return nullptr;
  Result<JsonValue> parsed = parse_json(message.substr(begin, end - begin + 1));
  return parsed.ok() ? std::make_shared<const JsonValue>(*std::move(parsed)) : nullptr;
}

std::optional<size_t> index_in(std::string_view text) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(index) : std::nullopt;
}

// "a.b.0" or "a.b[0]"; a member whose own name has dots goes before.
const JsonValue* at_path(const JsonValue& json, std::string_view path, size_t depth = 0) {
  if (path.empty()) return &json;
  if (depth > kDeepest) return nullptr;
  if (const JsonValue* whole = json.find(path)) return whole;
  const size_t end = std::min(path.find_first_of(".["), path.size());
  if (path[0] == '[') {
    const size_t close = path.find(']');
    const auto index = close == std::string_view::npos ? std::nullopt : index_in(path.substr(1, close - 1));
    if (!index || json.array() == nullptr || *index >= json.array()->size()) return nullptr;
    std::string_view rest = path.substr(close + 1);
    if (rest.starts_with('.')) rest.remove_prefix(1);
    return at_path((*json.array())[*index], rest, depth + 1);
  }
  const std::string_view step = path.substr(0, end);
  std::string_view rest = path.substr(end);
  if (rest.starts_with('.')) rest.remove_prefix(1);
  if (json.array() != nullptr) {
    const auto index = index_in(step);
    if (!index || *index >= json.array()->size()) return nullptr;
    return at_path((*json.array())[*index], rest, depth + 1);
  }
  // A name may hold the dots itself: the longest that there is counts.
  for (size_t length = path.size(); length > 0; length = path.rfind('.', length - 1)) {
    if (length == std::string_view::npos) break;
    const JsonValue* member = json.find(path.substr(0, length));
    if (member != nullptr && length < path.size())
      return at_path(*member, path.substr(length + 1), depth + 1);
  }
  const JsonValue* member = json.find(step);
  return member == nullptr ? nullptr : at_path(*member, rest, depth + 1);
}

struct Labelled {
  std::string_view field;
  std::string_view label;  // in the lines that Lambda writes at the end of a call
};
constexpr Labelled kLambda[] = {
    {"@requestId", "RequestId: "},
    {"@duration", "\tDuration: "},
    {"@billedDuration", "Billed Duration: "},
    {"@memorySize", "Memory Size: "},
    {"@maxMemoryUsed", "Max Memory Used: "},
    {"@initDuration", "Init Duration: "},
    {"@xrayTraceId", "XRAY TraceId: "},
    {"@xraySegmentId", "SegmentId: "},
};

Value lambda_field(std::string_view message, std::string_view name) {
  constexpr std::string_view kTypes[] = {"START", "END", "REPORT"};
  std::string_view type;
  for (const std::string_view one : kTypes)
    if (message.starts_with(one) && message.substr(one.size()).starts_with(" RequestId:")) type = one;
  if (name == "@type") return type.empty() ? Value() : Value(std::string(type));
  if (type.empty()) return {};
  for (const Labelled& one : kLambda) {
    if (one.field != name) continue;
    const size_t at = message.find(one.label);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = message.substr(at + one.label.size());
    std::string text(rest.substr(0, rest.find_first_of(" \t\n")));
    const std::optional<double> number = to_number(text);
    // Memory is told in MB, and counted in bytes.
    if (number && one.label.find("Memory") != std::string_view::npos) return *number * 1e6;
    return number ? Value(*number) : Value(std::move(text));
  }
  return {};
}

void flatten(const JsonValue& json, const std::string& prefix, std::map<std::string, std::string>& into,
             size_t depth) {
  if (into.size() >= kMostFields || depth > kDeepest) return;
  const std::string dot = prefix.empty() ? "" : prefix + ".";
  if (json.object() != nullptr) {
    for (const JsonValue::Member& member : *json.object())
      flatten(member.value, dot + member.name, into, depth + 1);
  } else if (json.array() != nullptr) {
    for (size_t i = 0; i < json.array()->size(); ++i)
      flatten((*json.array())[i], dot + std::to_string(i), into, depth + 1);
  } else if (!json.is_null()) {
    into.emplace(prefix.starts_with('@') ? "@" + prefix : prefix, to_text(value_of(json)));
  }
}

}  // namespace

Value Row::field(const std::string& name) const {
  if (const auto found = given_.find(name); found != given_.end()) return found->second;
  if (const size_t dot = name.find('.'); !sides_.empty() && dot != std::string::npos) {
    const auto side = sides_.find(name.substr(0, dot));
    if (side != sides_.end())
      return side->second == nullptr ? Value() : side->second->field(name.substr(dot + 1));
  }
  if (const std::optional<Value> within = within_given(name)) return *within;
  if (event_ == nullptr) return {};
  if (name.starts_with('@')) {
    if (name == "@message") return event_->message;
    if (name == "@timestamp") return Moment{event_->place.milliseconds};
    if (name == "@ingestionTime") return Moment{event_->ingested.count / 1'000'000};
    if (name == "@logStream") return event_->stream;
    if (name == "@log") return log_name(event_->group);
    if (name == "@ptr") return event_->place.text();
    if (name == "@traceId" || name == "@xrayTraceId") {
      Value own = lambda_field(event_->message, name);
      if (!is_missing(own)) return own;
      const LineLinks links = links_in(event_->message);
      return links.trace ? Value(links.trace->to_hex()) : Value();
    }
    if (!name.starts_with("@@")) return lambda_field(event_->message, name);
  }
  if (!looked_) {
    looked_ = true;
    json_ = json_in(event_->message);
  }
  if (json_ == nullptr) return {};
  const JsonValue* value = at_path(*json_, name.starts_with("@@") ? std::string_view(name).substr(1) : name);
  return value == nullptr ? Value() : value_of(*value);
}

// "map.key" and "list[0]" of a map or a list that a command gave.
std::optional<Value> Row::within_given(const std::string& name) const {
  for (size_t end = name.find_first_of(".["); end != std::string::npos;
       end = name.find_first_of(".[", end + 1)) {
    const auto found = given_.find(name.substr(0, end));
    if (found == given_.end()) continue;
    const auto* json = std::get_if<JsonValue>(&found->second);
    if (json == nullptr) continue;
    const JsonValue* value = at_path(*json, std::string_view(name).substr(name[end] == '.' ? end + 1 : end));
    return value == nullptr ? Value() : value_of(*value);
  }
  return std::nullopt;
}

const JsonValue* member_at(const JsonValue& json, std::string_view path) {
  return at_path(json, path);
}

std::string log_name(std::string_view group) {
  return std::string(kAccount) + ":" + std::string(group);
}

Row Row::joined(const std::string& left, const std::string& right, const Row* other) const {
  Row row = *this;
  row.sides_[left] = std::make_shared<const Row>(*this);
  row.sides_[right] = other == nullptr ? nullptr : std::make_shared<const Row>(*other);
  return row;
}

std::map<std::string, std::string> fields_of(const Event& event) {
  const Row row(event);
  std::map<std::string, std::string> fields;
  for (const char* name : {"@message", "@timestamp", "@ingestionTime", "@logStream", "@log", "@ptr", "@type",
                           "@requestId", "@duration", "@billedDuration", "@memorySize", "@maxMemoryUsed"}) {
    const Value value = row.field(name);
    if (!is_missing(value)) fields.emplace(name, to_text(value));
  }
  if (const auto json = json_in(event.message)) flatten(*json, "", fields, 0);
  return fields;
}

}  // namespace clew::cloudwatch_logs::insights
