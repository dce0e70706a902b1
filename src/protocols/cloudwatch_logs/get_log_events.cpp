// GetLogEvents: a page of one stream, with a token for each direction.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostBytes = 1'048'576;  // of a page

// "f/<56 digits>/s": what lies behind the place; "b/…": what lies before it.
struct Token {
  bool forward = true;
  EventPlace place;

  static std::optional<Token> parse(std::string_view text) {
    if (!text.starts_with("f/") && !text.starts_with("b/")) return std::nullopt;
    const bool forward = text.front() == 'f';
    text.remove_prefix(2);
    if (text.ends_with("/s")) text.remove_suffix(2);
    const std::optional<EventPlace> place = EventPlace::parse(text);
    if (!place) return std::nullopt;
    return Token{forward, *place};
  }
  std::string text() const { return fmt::format("{}/{}/s", forward ? 'f' : 'b', place.text()); }
};

// As many as fit into a page, from the end at which it begins.
void cut_to_page(std::vector<Event>& events, bool forward) {
  size_t bytes = 0, kept = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    const Event& event = forward ? events[i] : events[events.size() - 1 - i];
    bytes += event.message.size() + kBytesBesideMessage;
    if (bytes > kMostBytes && kept > 0) break;
    ++kept;
  }
  const auto surplus = static_cast<ptrdiff_t>(events.size() - kept);
  if (forward) {
    events.erase(events.end() - surplus, events.end());
  } else {
    events.erase(events.begin(), events.begin() + surplus);
  }
}

}  // namespace

Answer get_log_events(const Call& call) {
  Input input(call.input);
  const std::string group_name = group_name_of(input);
  const std::string stream_name = input.required_text("logStreamName", {1, SIZE_MAX});
  const std::optional<UnixNanos> start = input.milliseconds("startTime"), end = input.milliseconds("endTime");
  const std::optional<std::string> token_text = input.text("nextToken", {1, SIZE_MAX});
  const auto limit = input.integer("limit", 1, query::kMostRows).value_or(query::kMostRows);
  const bool from_head = input.flag("startFromHead").value_or(false);
  if (!input.ok()) return input.error();
  if (stream_name.size() > 512)
    return invalid_parameter(
        "Invalid LogGroup or LogStream, both must have length less than or equal to 512.");
  std::optional<Token> token;
  if (token_text) {
    token = Token::parse(*token_text);
    if (!token) return invalid_token();
  }
  const auto found = group_of(call, group_name);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const auto& group = std::get<LogGroup>(found);
  const auto stream = LogStreams(call.records(), call.environment, group.name).find(stream_name);
  if (!stream.ok()) return error_of(stream.status());

  EventsWanted wanted{.range = {std::max(start.value_or(UnixNanos{INT64_MIN}), group.oldest(call.now)),
                                end.value_or(UnixNanos{INT64_MAX})},
                      .filter = events_of(group, *stream),
                      .direction = query::Direction::ascending,
                      .limit = static_cast<size_t>(limit)};
  const bool forward = token ? token->forward : from_head;
  if (token)
    wanted.filter = query::all_of(
        {wanted.filter, token->forward ? events_after(token->place) : events_before(token->place)});
  if (!forward) wanted.direction = query::Direction::descending;
  Events read;
  if (wanted.range.from < wanted.range.to) {
    Result<Events> events = read_events(call, wanted);
    if (!events.ok()) return error_of(events.status());
    read = *std::move(events);
    cut_to_page(read.events, forward);
  }
  // At an end the tokens stay where they are, which is how a client sees that it is one.
  EventPlace first, last;
  if (!read.events.empty()) {
    first = read.events.front().place;
    last = read.events.back().place;
  } else if (token) {
    first = last = token->place;
  } else {
    // Nothing yet: what comes lies behind the beginning of what was asked for, and nothing before it.
    const int64_t at = start.value_or(UnixNanos{0}).count / 1'000'000;
    first = last = {.milliseconds = std::max<int64_t>(at, 0), .number = 0};
  }
  JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (const Event& event : read.events) {
    json.begin_object().key("timestamp").integer(event.place.milliseconds);
    json.key("message").string(event.message);
    json.key("ingestionTime").integer(event.ingested.count / 1'000'000).end_object();
  }
  json.end_array();
  json.key("nextForwardToken").string(Token{true, last}.text());
  json.key("nextBackwardToken").string(Token{false, first}.text());
  return json.end_object().take();
}

}  // namespace clew::cloudwatch_logs
