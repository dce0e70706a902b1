// GetLogRecord and GetLogGroupFields: the fields of one event, and which fields a group's events have.
#include <cmath>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/insights_row.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {

Answer get_log_record(const Call& call) {
  Input input(call.input);
  const std::string pointer = input.required_text("logRecordPointer");
  if (!input.ok()) return input.error();
  const std::optional<EventPlace> place = EventPlace::parse(pointer);
  if (!place) return invalid_parameter("The specified logRecordPointer is invalid.");
  const EventsWanted wanted{
      .range = {{place->milliseconds * 1'000'000}, {place->milliseconds * 1'000'000 + 1'000'000}},
      .filter = query::comparison(column::number(), query::Operator::equal, {place->number}),
      .direction = query::Direction::ascending,
      .limit = 1};
  const Result<Events> read = read_events(call, wanted);
  if (!read.ok()) return error_of(read.status());
  if (read->events.empty()) return not_found("The specified log record does not exist.");
  const Event& event = read->events.front();
  // What a deleted group had, or one has kept long enough, is not shown.
  const Result<LogGroup> group = LogGroups(call.records(), call.environment).find(event.group);
  const bool shown = group.ok() && event.place.number >= group->first_event &&
                     event.place.milliseconds >= group->oldest(call.now).count / 1'000'000;
  if (!shown) return not_found("The specified log record does not exist.");
  JsonWriter json;
  json.begin_object().key("logRecord").begin_object();
  for (const auto& [name, value] : insights::fields_of(event)) json.key(name).string(value);
  return json.end_object().end_object().take();
}

Answer get_log_group_fields(const Call& call) {
  constexpr size_t kSample = 1'000, kMostFields = 1'000;
  Input input(call.input);
  const std::string name = group_name_of(input);
  const std::optional<int64_t> at = input.integer("time", 0, INT64_MAX / 1'000'000'000 - 1'000);
  if (!input.ok()) return input.error();
  const auto found = group_of(call, name);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const auto& group = std::get<LogGroup>(found);
  TimeRange range{call.now - seconds(15 * 60), UnixNanos{INT64_MAX}};
  if (at)
    range = {UnixNanos{*at * 1'000'000'000} - seconds(480), UnixNanos{*at * 1'000'000'000} + seconds(480)};
  range.from = std::max(range.from, group.oldest(call.now));
  if (range.from >= range.to) return std::string("{\"logGroupFields\":[]}");
  const Result<Events> read = read_events(call, {.range = range,
                                                 .filter = events_of(group),
                                                 .direction = query::Direction::descending,
                                                 .limit = kSample});
  if (!read.ok()) return error_of(read.status());
  std::map<std::string, size_t> counts;
  for (const Event& event : read->events) {
    for (const auto& [field, value] : insights::fields_of(event))
      if (field != "@ptr" && (counts.size() < kMostFields || counts.contains(field))) ++counts[field];
  }
  JsonWriter json;
  json.begin_object().key("logGroupFields").begin_array();
  for (const auto& [field, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(read->events.size());
    json.begin_object()
        .key("name")
        .string(field)
        .key("percent")
        .integer(std::lround(share * 100))
        .end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace clew::cloudwatch_logs
