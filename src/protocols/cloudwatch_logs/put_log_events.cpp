// PutLogEvents: takes a batch whole, or says what is wrong with it; events of the wrong age are left out.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/event_to_otlp.h"
#include "protocols/cloudwatch_logs/forwarding.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostEvents = 10'000;
constexpr size_t kMostBytes = 1'048'576;
constexpr int64_t kLongestSpan = 24 * 3'600'000;
constexpr int64_t kOldest = 14 * 24 * 3'600'000LL;
constexpr int64_t kNewest = 2 * 3'600'000;

// Which events of a batch are of an age that is stored.
struct AgeCheck {
  size_t first = 0;    // too old or expired are those before it
  size_t end = 0;      // too new are those from it on
  size_t too_old = 0;  // exclusive ends of the leading runs; 0: none
  size_t expired = 0;

  void write(JsonWriter& json, size_t events) const {
    if (too_old == 0 && expired == 0 && end == events) return;
    json.key("rejectedLogEventsInfo").begin_object();
    if (end < events) json.key("tooNewLogEventStartIndex").integer(end);
    if (too_old != 0) json.key("tooOldLogEventEndIndex").integer(too_old);
    if (expired != 0) json.key("expiredLogEventEndIndex").integer(expired);
    json.end_object();
  }
};

AgeCheck check_ages(const std::vector<PutEvent>& events, const LogGroup& group, UnixNanos now) {
  const int64_t at = now.count / 1'000'000;
  const int64_t expires = group.retention_days ? at - *group.retention_days * 24 * 3'600'000 : INT64_MIN;
  AgeCheck check;
  const auto first_from = [&](int64_t time) {
    const auto found = std::partition_point(events.begin(), events.end(),
                                            [&](const PutEvent& event) { return event.milliseconds < time; });
    return static_cast<size_t>(found - events.begin());
  };
  check.too_old = first_from(at - kOldest);
  const size_t kept = first_from(expires);
  // What both rules turn away is too old.
  check.expired = kept > check.too_old ? kept : 0;
  check.first = std::max(check.too_old, kept);
  check.end = std::max(check.first, first_from(at + kNewest + 1));
  return check;
}

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

// Whose events they are, when the caller says.
struct Entity {
  std::string service;
  std::string environment;
  std::string error;  // of rejectedEntityInfo
};

Entity read_entity(const JsonValue& input) {
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

struct Exchange {
  Call call;
  Reply reply;
  std::string answer;
  std::vector<PutEvent> events;  // views of what is in `call`
  std::string group;
  std::string stream;
  int64_t first_number = 0;
  bool forwards = false;

  void forward() const {
    call.context.forwarding.forward({.environment = call.environment,
                                     .region = call.region,
                                     .group = group,
                                     .stream = stream,
                                     .first_number = first_number,
                                     .ingested = call.now,
                                     .events = events});
  }
};

}  // namespace

void put_log_events(Call call, Reply reply) {
  Input input(call.input);
  const std::string group_name = input.required_text("logGroupName");
  const std::string stream_name = input.required_text("logStreamName");
  if (!input.ok()) return reply(input.error());
  if (group_name.size() > 512 || stream_name.size() > 512)
    return reply(
        invalid_parameter("Invalid LogGroup or LogStream, both must have length less than or equal to 512."));
  auto read = read_events_of(input);
  if (const auto* error = std::get_if<aws::Error>(&read)) return reply(*error);
  auto& events = std::get<std::vector<PutEvent>>(read);
  const Result<LogGroup> group = LogGroups(call.records(), call.environment).find(group_name);
  if (!group.ok()) return reply(error_of(group.status()));
  const Result<LogStream> stream = LogStreams(call.records(), call.environment, group_name).find(stream_name);
  if (!stream.ok()) return reply(error_of(stream.status()));

  const AgeCheck ages = check_ages(events, *group, call.now);
  const size_t in_all = events.size();
  events.erase(events.begin() + static_cast<ptrdiff_t>(ages.end), events.end());
  events.erase(events.begin(), events.begin() + static_cast<ptrdiff_t>(ages.first));
  if (!events.empty() && events.back().milliseconds - events.front().milliseconds > kLongestSpan)
    return reply(invalid_parameter(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."));
  if (events.size() < in_all) {
    count(Counter::cloudwatch_events_refused, in_all - events.size());
    call.options().arrivals->noted(
        call.environment, call.sender, "Log events too old, too new or expired were left out",
        "Look at the sender's clock; CloudWatch Logs takes what is at most 14 days old");
  }
  const Entity entity = read_entity(call.input);
  const int64_t number = call.context.numbers.take(std::max<size_t>(events.size(), 1));
  JsonWriter json;
  json.begin_object().key("nextSequenceToken").string(EventPlace{call.now.count / 1'000'000, number}.text());
  ages.write(json, in_all);
  if (!entity.error.empty())
    json.key("rejectedEntityInfo").begin_object().key("errorType").string(entity.error).end_object();
  json.end_object();
  if (events.empty()) return reply(json.take());

  Batch batch{.signal = Signal::logs,
              .environment = call.environment,
              .otlp = SharedBytes(events_to_otlp({.group = group_name,
                                                  .stream = stream_name,
                                                  .region = call.region,
                                                  .service = entity.service,
                                                  .environment = entity.environment},
                                                 events, number, call.now))};
  const bool forwards = call.context.forwarding.is_wanted(call.environment, group_name);
  pipeline::Consumer& consumer = *call.options().consumer;
  auto exchange =
      std::make_shared<Exchange>(Exchange{std::move(call), std::move(reply), json.take(), std::move(events),
                                          group_name, stream_name, number, forwards});
  consumer.consume(std::move(batch), [exchange](const pipeline::Outcome& outcome) {
    if (!outcome.status.ok()) return exchange->reply(error_of(outcome.status));
    const Call& put = exchange->call;
    put.options().arrivals->accepted(put.environment, put.sender, exchange->events.size(), put.bytes);
    exchange->reply(std::move(exchange->answer));
    if (exchange->forwards) put.context.forwarding.later([exchange] { exchange->forward(); });
  });
}

}  // namespace clew::cloudwatch_logs
