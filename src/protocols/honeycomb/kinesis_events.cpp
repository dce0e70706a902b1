// Events as Amazon's Firehose delivers them: JSON lines, subscriptions of CloudWatch Logs, and metric streams
// in OTLP.
#include <fmt/format.h>

#include "base/base64.h"
#include "base/compression.h"
#include "protocols/honeycomb/event_operations.h"
#include "protocols/honeycomb/operations.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostRecordBytes = size_t{20} << 20;

Answer firehose_answer(int status, const std::string& request_id, UnixNanos at, std::string_view error = {}) {
  JsonValue body;
  body["requestId"] = JsonValue(request_id);
  body["timestamp"] = JsonValue(at.count / 1'000'000);
  if (!error.empty()) body["errorMessage"] = JsonValue(error);
  return json_answer(status, body);
}

// The lines of a log group; a message that is a JSON object gives its fields.
void add_log_events(const JsonValue& subscription, std::vector<EventOrFault>& events, UnixNanos arrived) {
  const JsonValue* lines = subscription.find("logEvents");
  if (lines == nullptr || lines->array() == nullptr) return;
  for (const JsonValue& line : *lines->array()) {
    JsonValue data(JsonValue::Object{});
    const JsonValue* message = line.find("message");
    if (message != nullptr && message->string() != nullptr) {
      Result<JsonValue> fields = parse_json(*message->string());
      if (fields.ok() && fields->object() != nullptr) {
        data = std::move(*fields);
      } else {
        data["message"] = *message;
      }
    }
    for (const auto& [from, to] :
         {std::pair{"owner", "aws.owner"}, {"logGroup", "aws.log.group"}, {"logStream", "aws.log.stream"}}) {
      if (const JsonValue* value = subscription.find(from)) data[to] = *value;
    }
    if (const JsonValue* id = line.find("id")) data["aws.log.event_id"] = *id;
    const JsonValue* at = line.find("timestamp");
    const bool has_time = at != nullptr && at->integer() != nullptr && *at->integer() > 0 &&
                          *at->integer() < int64_t{9'200'000'000'000};
    events.push_back(
        accept_event(std::move(data), has_time ? UnixNanos{*at->integer() * 1'000'000} : arrived, 1));
  }
}

void add_json(const JsonValue& value, std::vector<EventOrFault>& events, UnixNanos arrived) {
  const JsonValue* type = value.find("messageType");
  if (type != nullptr && type->string() != nullptr && value.find("logEvents") != nullptr) {
    if (*type->string() == "DATA_MESSAGE") add_log_events(value, events, arrived);
    return;  // the others say that the subscription is alive
  }
  events.push_back(accept_event(value, arrived, 1));
}

// The messages of a metric stream, without the lengths before each: repeated fields join.
std::optional<std::string> joined_metrics(std::string_view bytes) {
  std::string joined;
  while (!bytes.empty()) {
    uint64_t size = 0;
    unsigned shift = 0;
    bool complete = false;
    while (!bytes.empty() && shift < 35 && !complete) {
      const auto byte = static_cast<uint8_t>(bytes.front());
      bytes.remove_prefix(1);
      size |= uint64_t{byte & 0x7fu} << shift;
      shift += 7;
      complete = byte < 0x80;
    }
    if (!complete || size > bytes.size()) return std::nullopt;
    joined.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return joined;
}

struct Contents {
  std::vector<EventOrFault> events;
  std::string metrics;  // OTLP
};

Status add_record(std::string data, Contents& contents, UnixNanos arrived) {
  if (looks_gzipped(data)) {
    CLEW_ASSIGN(data, decompress(Compression::gzip, data, kMostRecordBytes));
  }
  std::string_view text = data;
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  if (text[first] != '{') {
    const std::optional<std::string> metrics = joined_metrics(text);
    if (!metrics) return Status(ErrorKind::bad_input, "a record is neither JSON nor an OTLP metric stream");
    contents.metrics.append(*metrics);
    return {};
  }
  if (Result<JsonValue> whole = parse_json(text); whole.ok()) {
    add_json(*whole, contents.events, arrived);
    return {};
  }
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<JsonValue> value = parse_json(line);
    if (!value.ok()) return Status(ErrorKind::bad_input, std::string(kMalformedBody));
    add_json(*value, contents.events, arrived);
  }
  return {};
}

}  // namespace

void post_kinesis_events(Call call, Reply reply) {
  const UnixNanos at = call.now;
  std::string request_id(call.request.header("x-amz-firehose-request-id").value_or(""));
  const Result<JsonValue> envelope = parse_json(call.request.body.view());
  const JsonValue* records = envelope.ok() ? envelope->find("records") : nullptr;
  if (records == nullptr || records->array() == nullptr)
    return reply(firehose_answer(400, request_id, at, kMalformedBody));
  if (const JsonValue* id = envelope->find("requestId"); id != nullptr && id->string() != nullptr)
    request_id = *id->string();
  Contents contents;
  for (const JsonValue& record : *records->array()) {
    const JsonValue* data = record.find("data");
    std::optional<std::string> bytes;
    if (data != nullptr && data->string() != nullptr) bytes = base64_decode(*data->string());
    const Status added = bytes ? add_record(std::move(*bytes), contents, at)
                               : Status(ErrorKind::bad_input, "the data of a record must be base64");
    if (!added.ok()) return reply(firehose_answer(400, request_id, at, added.message()));
  }
  const Result<Dataset> dataset = arriving_dataset(call);
  if (!dataset.ok())
    return reply(firehose_answer(net::http_status_of(dataset.status().kind()), request_id, at,
                                 dataset.status().message()));
  const auto answer = [reply, request_id, at](const Status& failure) {
    if (failure.ok()) return reply(firehose_answer(200, request_id, at));
    reply(firehose_answer(net::http_status_of(failure.kind()), request_id, at, failure.message()));
  };
  auto take_rest = [call, dataset = *dataset, events = std::move(contents.events), answer]() mutable {
    take_events(event_source(call, dataset), std::move(events),
                [answer](const Status& failure, const std::vector<Taken>&) { answer(failure); });
  };
  if (contents.metrics.empty()) return take_rest();
  call.options().consumer->consume({.signal = Signal::metrics,
                                    .environment = call.environment(),
                                    .otlp = SharedBytes(std::move(contents.metrics)),
                                    .items = 0,
                                    .sender = nullptr},
                                   [take_rest, answer](const pipeline::Outcome& outcome) mutable {
                                     if (!outcome.status.ok()) return answer(outcome.status);
                                     take_rest();
                                   });
}

}  // namespace clew::honeycomb
