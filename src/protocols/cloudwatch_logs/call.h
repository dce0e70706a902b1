// Call: one request to CloudWatch Logs, and how an operation answers it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_value.h"
#include "protocols/arrivals.h"
#include "protocols/aws/errors.h"
#include "protocols/aws/input.h"
#include "protocols/cloudwatch_logs/api.h"
#include "protocols/query_workers.h"
#include "query/run.h"

namespace clew::cloudwatch_logs {

class Erasures;
class EventNumbers;
class Forwarding;
class LiveTails;
class Queries;
class SubscriptionDelivery;

// What all calls share. Lives as long as the Api.
struct Context {
  const ApiOptions& options;
  QueryWorkers& workers;
  QueryWorkers& query_workers;  // of Logs Insights, whose queries run long
  EventNumbers& numbers;
  Forwarding& forwarding;
  LiveTails& tails;
  SubscriptionDelivery& deliveries;
  Queries& queries;
  Erasures& erasures;
};

struct Call {
  const Context& context;
  JsonValue input;  // an object
  EnvironmentId environment;
  std::string region;  // that the request was signed for; "us-east-1" when it was not
  Sender sender;
  uint64_t bytes = 0;  // of the request's body
  UnixNanos now;
  net::Responder responder;  // for the one operation that streams

  const ApiOptions& options() const { return context.options; }
  control::Records& records() const { return *options().records; }
  store::Snapshot snapshot(Signal signal) const { return options().storage->snapshot(environment, signal); }
  query::RunOptions run_options() const { return options().run_options(context.workers.stopping()); }
};

// The operation answers through Call::responder.
struct AnswersItself {};
// A query of Logs Insights that cannot be read, and where in it.
struct MalformedQuery {
  std::string message;
  size_t begin = 0;  // in characters
  size_t end = 0;
};
// The JSON text of the output, or an error.
using Answer = std::variant<std::string, aws::Error, MalformedQuery, AnswersItself>;
using Reply = std::function<void(Answer)>;  // once, any thread

// An operation that is done at once, on the event loop.
template <Answer (*answer)(const Call&)>
void at_once(Call call, Reply reply) {
  reply(answer(call));
}

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&));
// An operation that reads the store: on a thread of its own.
template <Answer (*answer)(const Call&)>
void on_worker(Call call, Reply reply) {
  submit_to_workers(std::move(call), std::move(reply), answer);
}

class Input final : public aws::Input {
 public:
  explicit Input(const JsonValue& json) : aws::Input(json, "InvalidParameterException") {}
  // Milliseconds since 1970.
  std::optional<UnixNanos> milliseconds(std::string_view name);
  // Of nextToken, for lists that page by name; empty when there is none.
  std::string next_place(std::string_view list);
};

// The account that names in answers belong to. There is one, and it costs nothing.
inline constexpr std::string_view kAccount = "000000000000";

}  // namespace clew::cloudwatch_logs
