#include "protocols/cloudwatch_logs/put_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostEvents = 10'000;
constexpr size_t kMostBytes = 1'048'576;
constexpr int64_t kLongestSpan = 24 * 3'600'000;
constexpr int64_t kOldest = 14 * 24 * 3'600'000LL;
constexpr int64_t kNewest = 2 * 3'600'000;

std::variant<std::vector<PutEvent>, aws::Error> read_events_of(Input& input) {
  const JsonValue* list = input.list("logEvents");
  input.require("logEvents");
  if (!input.ok()) return input.error();
  const JsonValue::Array& items = *list->array();
  if (items.empty() || items.size() > kMostEvents)
    return invalid_parameter(
        fmt::format("1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member "
                    "must have length "
                    "{}",
                    items.empty() ? "greater than or equal to 1" : "less than or equal to 10000"));
  std::vector<PutEvent> events;
  events.reserve(items.size());
  size_t bytes = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    const JsonValue* time = items[i].find("timestamp");
    const JsonValue* message = items[i].find("message");
    const auto violates = [&](std::string_view member, std::string_view constraint) {
      return invalid_parameter(
          fmt::format("1 validation error detected: Value at 'logEvents.{}.member.{}' failed to satisfy "
                      "constraint: Member must {}",
                      i + 1, member, constraint));
    };
    if (time == nullptr || time->is_null()) return violates("timestamp", "not be null");
    if (message == nullptr || message->is_null()) return violates("message", "not be null");
    if (time->integer() == nullptr) return aws::serialization_failed("timestamp must be a whole number");
    if (message->string() == nullptr) return aws::serialization_failed("message must be a text");
    if (*time->integer() < 0 || *time->integer() > INT64_MAX / 1'000'000)
      return violates("timestamp", "have value greater than or equal to 0");
    const std::string& text = *message->string();
    if (text.empty()) return violates("message", "have length greater than or equal to 1");
    if (text.size() + kBytesBesideMessage > kMostBytes)
      return invalid_parameter(fmt::format("Log event too large: {} bytes exceeds limit of {}",
                                           text.size() + kBytesBesideMessage, kMostBytes));
    if (!events.empty() && *time->integer() < events.back().milliseconds)
      return invalid_parameter("Log events in a single PutLogEvents request must be in chronological order.");
    bytes += text.size() + kBytesBesideMessage;
    events.push_back({*time->integer(), text});
  }
  if (bytes > kMostBytes)
    return invalid_parameter(
        fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, kMostBytes));
  return events;
}

}  // namespace

std::variant<PutRequest, aws::Error> PutRequest::read(const JsonValue& json) {
  Input input(json);
  PutRequest put;
  put.group_ = input.required_text("logGroupName");
  put.stream_ = input.required_text("logStreamName");
  if (!input.ok()) return input.error();
  if (put.group_.size() > 512 || put.stream_.size() > 512)
    return invalid_parameter(
        "Invalid LogGroup or LogStream, both must have length less than or equal to 512.");
  auto events = read_events_of(input);
  if (const auto* error = std::get_if<aws::Error>(&events)) return *error;
  put.events_ = std::move(std::get<std::vector<PutEvent>>(events));
  put.in_all_ = put.ages_.end = put.events_.size();
  put.entity_ = entity_in(json);
  return put;
}

PutRequest::Entity PutRequest::entity_in(const JsonValue& input) {
  Entity entity;
  const JsonValue* given = input.find("entity");
  if (given == nullptr || given->is_null()) return entity;
  const JsonValue* keys = given->find("keyAttributes");
  if (keys == nullptr || keys->object() == nullptr) {
    entity.error = given->object() == nullptr ? "InvalidEntity" : "MissingRequiredFields";
    return entity;
  }
  const auto text = [&](std::string_view name) {
    const JsonValue* value = keys->find(name);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
  };
  if (keys->object()->size() < 2 || keys->object()->size() > 4) {
    entity.error = "InvalidKeyAttributes";
  } else if (text("Type").empty()) {
    entity.error = "MissingRequiredFields";
  } else if (text("Type") == "Service" || text("Type") == "RemoteService") {
    entity.service = text("Name");
    entity.environment = text("Environment");
  }
  return entity;
}

std::optional<aws::Error> PutRequest::keep_what_is_of_age(std::optional<int64_t> retention_days,
                                                          UnixNanos now) {
  const int64_t at = now.count / 1'000'000;
  const int64_t expires = retention_days ? at - *retention_days * 24 * 3'600'000 : INT64_MIN;
  const auto first_from = [&](int64_t time) {
    const auto found = std::partition_point(events_.begin(), events_.end(),
                                            [&](const PutEvent& event) { return event.milliseconds < time; });
    return static_cast<size_t>(found - events_.begin());
  };
  ages_.too_old = first_from(at - kOldest);
  const size_t kept = first_from(expires);
  // What both rules turn away is too old.
  ages_.expired = kept > ages_.too_old ? kept : 0;
  ages_.first = std::max(ages_.too_old, kept);
  ages_.end = std::max(ages_.first, first_from(at + kNewest + 1));
  events_.erase(events_.begin() + static_cast<ptrdiff_t>(ages_.end), events_.end());
  events_.erase(events_.begin(), events_.begin() + static_cast<ptrdiff_t>(ages_.first));
  if (!events_.empty() && events_.back().milliseconds - events_.front().milliseconds > kLongestSpan)
    return invalid_parameter(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  return std::nullopt;
}

std::string PutRequest::to_otlp(std::string_view region, int64_t first_number, UnixNanos now) const {
  return events_to_otlp({.group = group_,
                         .stream = stream_,
                         .region = region,
                         .service = entity_.service,
                         .environment = entity_.environment},
                        events_, first_number, now);
}

std::string PutRequest::output(int64_t first_number, UnixNanos now) const {
  JsonWriter json;
  json.begin_object().key("nextSequenceToken");
  json.string(EventPlace{now.count / 1'000'000, first_number}.text());
  if (left_out() > 0) {
    json.key("rejectedLogEventsInfo").begin_object();
    if (ages_.end < in_all_) json.key("tooNewLogEventStartIndex").integer(ages_.end);
    if (ages_.too_old != 0) json.key("tooOldLogEventEndIndex").integer(ages_.too_old);
    if (ages_.expired != 0) json.key("expiredLogEventEndIndex").integer(ages_.expired);
    json.end_object();
  }
  if (!entity_.error.empty())
    json.key("rejectedEntityInfo").begin_object().key("errorType").string(entity_.error).end_object();
  return json.end_object().take();
}

}  // namespace clew::cloudwatch_logs
