// The operations about log streams.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/erasures.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr int64_t kMostOfPage = 50;

struct Listed {
  LogStream stream;
  std::optional<StreamSpan> span;

  // What the list is ordered by, as a text that orders the same way.
  std::string key(bool by_time) const {
    if (!by_time) return stream.name;
    const int64_t at = span ? span->last_event.count / 1'000'000 : stream.created.count / 1'000'000;
    return fmt::format("{:020}{}", std::max<int64_t>(at, 0), stream.name);
  }
};

void write_stream(JsonWriter& json, const Call& call, const LogGroup& group, const Listed& one) {
  json.begin_object().key("logStreamName").string(one.stream.name);
  json.key("arn").string(group.arn(call.region) + ":log-stream:" + one.stream.name);
  json.key("creationTime").integer(one.stream.created.count / 1'000'000);
  if (one.span) {
    json.key("firstEventTimestamp").integer(one.span->first_event.count / 1'000'000);
    json.key("lastEventTimestamp").integer(one.span->last_event.count / 1'000'000);
    json.key("lastIngestionTime").integer(one.span->last_ingestion.count / 1'000'000);
    json.key("uploadSequenceToken")
        .string(EventPlace{call.now.count / 1'000'000, call.context.numbers.take(1)}.text());
  }
  json.key("storedBytes").integer(0).end_object();
}

Answer done(const Status& status) {
  if (!status.ok()) return error_of(status);
  return std::string();
}

}  // namespace

Answer create_log_stream(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  LogStream stream{.name = input.required_text("logStreamName", {1, 512}), .created = {}};
  if (!input.ok()) return input.error();
  if (!is_stream_name(stream.name))
    return invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'logStreamName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [^:*]*",
        stream.name));
  const Result<LogGroup> found = LogGroups(call.records(), call.environment).find(group);
  if (!found.ok()) return error_of(found.status());
  stream.first_event = call.context.numbers.take(1);
  return done(LogStreams(call.records(), call.environment, group).create(stream));
}

Answer delete_log_stream(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  const std::string stream = input.required_text("logStreamName", {1, 512});
  if (!input.ok()) return input.error();
  const Result<LogGroup> found = LogGroups(call.records(), call.environment).find(group);
  if (!found.ok()) return error_of(found.status());
  LogStreams streams(call.records(), call.environment, group);
  if (const auto known = streams.find(stream); !known.ok()) return error_of(known.status());
  return done(call.context.erasures.remove_with_events(
      call.environment, group, stream, call.context.numbers.take(1), [&] { return streams.remove(stream); }));
}

Answer describe_log_streams(const Call& call) {
  Input input(call.input);
  const std::string group_name = group_name_of(input);
  const std::optional<std::string> prefix = input.text("logStreamNamePrefix", {1, 512});
  const std::string order = input.text("orderBy").value_or("LogStreamName");
  const bool descending = input.flag("descending").value_or(false);
  const auto limit = static_cast<size_t>(input.integer("limit", 1, kMostOfPage).value_or(kMostOfPage));
  const std::string after = input.next_place("streams");
  if (!input.ok()) return input.error();
  const bool by_time = order == "LastEventTime";
  if (!by_time && order != "LogStreamName")
    return invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'orderBy' failed to satisfy constraint: Member "
        "must satisfy enum value set: [LogStreamName, LastEventTime]",
        order));
  if (by_time && prefix)
    return invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const auto found = group_of(call, group_name);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const auto& group = std::get<LogGroup>(found);
  const auto streams = LogStreams(call.records(), call.environment, group.name).list();
  if (!streams.ok()) return error_of(streams.status());
  const auto spans = spans_of_streams(call, group);
  if (!spans.ok()) return error_of(spans.status());

  std::vector<std::pair<std::string, Listed>> listed;
  for (const LogStream& stream : *streams) {
    if (prefix && !stream.name.starts_with(*prefix)) continue;
    const auto span = spans->find(stream.name);
    // What was written before the stream was deleted and made anew is not in it.
    const bool has_events = span != spans->end() && span->second.last_ingestion >= stream.created;
    Listed one{stream, has_events ? std::optional(span->second) : std::nullopt};
    listed.emplace_back(one.key(by_time), std::move(one));
  }
  std::sort(listed.begin(), listed.end(),
            [&](const auto& a, const auto& b) { return descending ? a.first > b.first : a.first < b.first; });
  JsonWriter json;
  json.begin_object().key("logStreams").begin_array();
  size_t written = 0;
  std::string last;
  bool more = false;
  for (const auto& [key, one] : listed) {
    if (!after.empty() && (descending ? key >= after : key <= after)) continue;
    if (written == limit) {
      more = true;
      break;
    }
    write_stream(json, call, group, one);
    ++written;
    last = key;
  }
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token("streams", last));
  return json.end_object().take();
}

}  // namespace clew::cloudwatch_logs
