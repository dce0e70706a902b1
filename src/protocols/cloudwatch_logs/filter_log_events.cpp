// FilterLogEvents: events of a group that match a pattern.
#include <algorithm>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostBytes = 1'048'576;  // of a page
// After so many rows a page ends, with a token, whatever it found.
constexpr size_t kMostLookedAt = 200'000;

// The streams asked for, each since it was made; all of them when none is named.
std::variant<query::Filter, aws::Error> filter_of_streams(const Call& call, const LogGroup& group,
                                                          const std::vector<std::string>& names,
                                                          const std::optional<std::string>& prefix) {
  const auto streams = LogStreams(call.records(), call.environment, group.name).list();
  if (!streams.ok()) return error_of(streams.status());
  std::vector<query::Value> whole;  // of which all events count
  std::vector<query::Filter> any;
  for (const LogStream& stream : *streams) {
    if (prefix && !stream.name.starts_with(*prefix)) continue;
    if (!names.empty() && std::find(names.begin(), names.end(), stream.name) == names.end()) continue;
    whole.emplace_back(stream.name);
    any.push_back(events_of(group, stream));
  }
  for (const std::string& name : names) {
    const bool known =
        std::any_of(streams->begin(), streams->end(), [&](const auto& one) { return one.name == name; });
    if (!known) return no_such_stream();
  }
  if (any.empty()) return query::any_of({});
  // One condition for each of many streams would be slow; that a stream was deleted and made anew is rare.
  constexpr size_t kFew = 50;
  if (any.size() <= kFew) return query::any_of(std::move(any));
  return query::all_of(
      {events_of(group), query::comparison(column::stream(), query::Operator::in, std::move(whole))});
}

}  // namespace

Answer filter_log_events(const Call& call) {
  Input input(call.input);
  const std::string group_name = group_name_of(input);
  const std::vector<std::string> names = input.texts("logStreamNames", {1, 100});
  const std::optional<std::string> prefix = input.text("logStreamNamePrefix", {1, 512});
  const std::optional<UnixNanos> start = input.milliseconds("startTime"), end = input.milliseconds("endTime");
  const std::string pattern_text = input.text("filterPattern", {0, 1024}).value_or("");
  const auto limit =
      static_cast<size_t>(input.integer("limit", 1, query::kMostRows).value_or(query::kMostRows));
  const std::optional<std::string> token = input.text("nextToken", {1, SIZE_MAX});
  if (!input.ok()) return input.error();
  if (!names.empty() && prefix)
    return invalid_parameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  std::optional<EventPlace> after;
  if (token && !(after = EventPlace::parse(*token))) return invalid_token();
  const Result<FilterPattern> pattern = FilterPattern::parse(pattern_text);
  if (!pattern.ok()) return error_of(pattern.status());
  const auto found = group_of(call, group_name);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const auto& group = std::get<LogGroup>(found);
  auto of_streams = filter_of_streams(call, group, names, prefix);
  if (const auto* error = std::get_if<aws::Error>(&of_streams)) return *error;

  const query::Filter condition = query::all_of({std::get<query::Filter>(of_streams), pattern->bound()});
  // The end is inclusive, to the millisecond.
  const TimeRange range{std::max(start.value_or(UnixNanos{INT64_MIN}), group.oldest(call.now)),
                        end ? *end + milliseconds(1) : UnixNanos{INT64_MAX}};
  JsonWriter json;
  json.begin_object().key("events").begin_array();
  size_t written = 0, bytes = 0, looked_at = 0;
  bool more = range.from < range.to;
  while (more && written < limit && bytes < kMostBytes && looked_at < kMostLookedAt) {
    EventsWanted wanted{.range = range, .filter = condition};
    if (after) {
      wanted.filter = query::all_of({condition, events_after(*after)});
      wanted.range.from = std::max(range.from, UnixNanos{after->milliseconds * 1'000'000});
      if (wanted.range.from >= wanted.range.to) break;
    }
    // Where the store decides, as many as are missing; else more, for many may not match.
    wanted.limit = std::clamp<size_t>(limit - written, 1'000, query::kMostRows);
    const Result<Events> read = read_events(call, wanted);
    if (!read.ok()) return error_of(read.status());
    looked_at += read->events.size();
    more = read->events.size() == wanted.limit;
    for (const Event& event : read->events) {
      const bool fits = pattern->matches(event.message);
      if (fits && (written == limit || (written > 0 && bytes + event.message.size() > kMostBytes))) {
        more = true;
        bytes = kMostBytes;
        break;
      }
      after = event.place;
      if (!fits) continue;
      json.begin_object().key("logStreamName").string(event.stream);
      json.key("timestamp").integer(event.place.milliseconds).key("message").string(event.message);
      json.key("ingestionTime").integer(event.ingested.count / 1'000'000);
      json.key("eventId").string(event.place.text()).end_object();
      ++written;
      bytes += event.message.size() + kBytesBesideMessage;
    }
  }
  json.end_array().key("searchedLogStreams").begin_array().end_array();
  if (more && after) json.key("nextToken").string(after->text());
  return json.end_object().take();
}

}  // namespace clew::cloudwatch_logs
