#include "protocols/cloudwatch_logs/collector_receiver.h"

#include <array>

#include <fmt/format.h>

#include "base/counters.h"
#include "pipeline/config/section.h"
#include "protocols/aws/admission.h"
#include "protocols/aws/caller_identity.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/log_group.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/named_logs.h"
#include "protocols/cloudwatch_logs/put_request.h"
#include "protocols/cloudwatch_logs/wire.h"
#include "protocols/collector_door.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr int64_t kMostOfPage = 50;

// One request of a client.
struct Asked {
  const JsonValue& json;
  std::string region;
  UnixNanos now;
};
// The JSON text of the output, or an error.
using Told = std::variant<std::string, aws::Error>;

Told create_log_group(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string group = input.required_text("logGroupName", {1, 512});
  if (!input.ok()) return input.error();
  if (!is_group_name(group)) return invalid_parameter("logGroupName has letters, digits and ._/#- only");
  if (!logs.add_group(group, asked.now)) return exists_already("The specified log group already exists");
  return std::string();
}

Told create_log_stream(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string group = input.required_text("logGroupName", {1, 512});
  const std::string stream = input.required_text("logStreamName", {1, 512});
  if (!input.ok()) return input.error();
  if (!is_stream_name(stream)) return invalid_parameter("logStreamName has neither ':' nor '*'");
  if (!logs.add_stream(group, stream, asked.now))
    return exists_already("The specified log stream already exists");
  return std::string();
}

Told delete_log_group(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string group = input.required_text("logGroupName", {1, 512});
  if (!input.ok()) return input.error();
  if (!logs.remove_group(group)) return no_such_group();
  return std::string();
}

Told delete_log_stream(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string group = input.required_text("logGroupName", {1, 512});
  const std::string stream = input.required_text("logStreamName", {1, 512});
  if (!input.ok()) return input.error();
  if (!logs.remove_stream(group, stream)) return no_such_stream();
  return std::string();
}

// Writes a list with one entry for each name, and where it goes on.
template <typename WriteEntry>
std::string list_of(std::string_view member, std::vector<NamedLogs::Named> names, size_t limit,
                    WriteEntry write_entry) {
  const bool more = names.size() > limit;
  if (more) names.resize(limit);
  JsonWriter json;
  json.begin_object().key(member).begin_array();
  for (const NamedLogs::Named& one : names) {
    json.begin_object();
    write_entry(json, one);
    json.key("creationTime").integer(one.created.count / 1'000'000).key("storedBytes").integer(0);
    json.end_object();
  }
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token(member, names.back().name));
  return json.end_object().take();
}

Told describe_log_groups(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string prefix = input.text("logGroupNamePrefix", {1, 512}).value_or("");
  const auto limit = static_cast<size_t>(input.integer("limit", 1, kMostOfPage).value_or(kMostOfPage));
  const std::string after = input.next_place("logGroups");
  if (!input.ok()) return input.error();
  return list_of("logGroups", logs.groups(prefix, after, limit + 1), limit,
                 [&](JsonWriter& json, const NamedLogs::Named& one) {
                   const std::string arn = LogGroup{.name = one.name}.arn(asked.region);
                   json.key("logGroupName").string(one.name);
                   json.key("arn").string(arn + ":*").key("logGroupArn").string(arn);
                 });
}

Told describe_log_streams(const Asked& asked, NamedLogs& logs) {
  Input input(asked.json);
  const std::string name = input.has("logGroupName")
                               ? input.required_text("logGroupName", {1, 512})
                               : group_name_in(input.required_text("logGroupIdentifier", {1, 2048}));
  const std::string prefix = input.text("logStreamNamePrefix", {1, 512}).value_or("");
  const auto limit = static_cast<size_t>(input.integer("limit", 1, kMostOfPage).value_or(kMostOfPage));
  const std::string after = input.next_place("logStreams");
  if (!input.ok()) return input.error();
  auto streams = logs.streams(name, prefix, after, limit + 1);
  if (!streams) return no_such_group();
  const std::string group_arn = LogGroup{.name = name}.arn(asked.region);
  return list_of("logStreams", std::move(*streams), limit,
                 [&](JsonWriter& json, const NamedLogs::Named& one) {
                   json.key("logStreamName").string(one.name);
                   json.key("arn").string(group_arn + ":log-stream:" + one.name);
                 });
}

// How long logs are kept and what they are labelled with is up to whoever keeps them.
Told leave_to_others(const Asked&, NamedLogs&) {
  return std::string();
}

struct NamingOperation {
  std::string_view name;
  Told (*run)(const Asked& asked, NamedLogs& logs);
};

constexpr std::array kNamingOperations = {
    NamingOperation{"CreateLogGroup", create_log_group},
    NamingOperation{"CreateLogStream", create_log_stream},
    NamingOperation{"DeleteLogGroup", delete_log_group},
    NamingOperation{"DeleteLogStream", delete_log_stream},
    NamingOperation{"DescribeLogGroups", describe_log_groups},
    NamingOperation{"DescribeLogStreams", describe_log_streams},
    NamingOperation{"PutRetentionPolicy", leave_to_others},
    NamingOperation{"DeleteRetentionPolicy", leave_to_others},
    NamingOperation{"TagResource", leave_to_others},
    NamingOperation{"UntagResource", leave_to_others},
    NamingOperation{"TagLogGroup", leave_to_others},
    NamingOperation{"UntagLogGroup", leave_to_others},
};

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(const CollectorDoorSettings& settings, const pipeline::Site& site,
                    pipeline::Consumer& next)
      : next_(next), door_(settings, site) {
    door_.router().add("POST", "/", HeaderBegins{std::string(kTargetHeader), std::string(kTarget)},
                       [this](const net::Request& request, const net::Responder& responder) {
                         receive(request, responder);
                       });
    aws::add_caller_identity_route(door_.router(), door_.access());
  }

  Status start() override { return door_.open("events of CloudWatch Logs"); }
  void stop() override { door_.close(); }

 private:
  static void refuse(const net::Responder& responder, const aws::Error& error) {
    count(Counter::cloudwatch_refused);
    responder.send(failure(error));
  }

  void receive(const net::Request& request, const net::Responder& responder) {
    count(Counter::cloudwatch_requests);
    const UnixNanos arrived = now();
    auto context = door_.sender_context(request.headers, request.peer);
    if (!context.ok()) return refuse(responder, aws::unrecognized_client());
    const auto admitted = aws::admit(request, door_.access(), "logs", arrived);
    if (const auto* error = std::get_if<aws::Error>(&admitted)) return refuse(responder, *error);
    const auto input = input_of(request);
    if (const auto* error = std::get_if<aws::Error>(&input)) return refuse(responder, *error);
    const std::string name = operation_name(request);
    const Asked asked{std::get<JsonValue>(input), std::get<aws::Admission>(admitted).region, arrived};
    if (name == "PutLogEvents") return put(asked, std::move(*context), responder);
    for (const NamingOperation& operation : kNamingOperations) {
      if (operation.name != name) continue;
      Told told = operation.run(asked, logs_);
      if (const auto* error = std::get_if<aws::Error>(&told)) return refuse(responder, *error);
      return responder.send(success(std::move(std::get<std::string>(told))));
    }
    refuse(responder, invalid_operation(fmt::format(
                          "{}: this collector keeps no logs; ask where it sends them", name.substr(0, 100))));
  }

  void put(const Asked& asked, std::shared_ptr<const SenderContext> context,
           const net::Responder& responder) {
    auto read = PutRequest::read(asked.json);
    if (const auto* error = std::get_if<aws::Error>(&read)) return refuse(responder, *error);
    auto& put = std::get<PutRequest>(read);
    if (const auto error = put.keep_what_is_of_age(std::nullopt, asked.now)) return refuse(responder, *error);
    count(Counter::cloudwatch_events_refused, put.left_out());
    logs_.add_stream(put.group(), put.stream(), asked.now);
    const int64_t number = numbers_.take(std::max<size_t>(put.events().size(), 1));
    std::string output = put.output(number, asked.now);
    if (put.events().empty()) return responder.send(success(std::move(output)));
    Batch batch{.signal = Signal::logs,
                .environment = kDefaultEnvironment,
                .otlp = SharedBytes(put.to_otlp(asked.region, number, asked.now)),
                .items = put.events().size(),
                .sender = std::move(context)};
    next_.consume(std::move(batch),
                  [responder, output = std::move(output)](const pipeline::Outcome& outcome) {
                    if (!outcome.status.ok()) return refuse(responder, error_of(outcome.status));
                    responder.send(success(output));
                  });
  }

  pipeline::Consumer& next_;
  EventNumbers numbers_;
  NamedLogs logs_;
  CollectorDoor door_;
};

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section) {
  CollectorDoorSettings door;
  read_collector_http_door(section, door);
  return [door](const pipeline::Site& site,
                pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    CLEW_TRY(check_authenticator(door, site));
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(door, site, next));
  };
}

}  // namespace clew::cloudwatch_logs
