// Call: one request to the X-Ray API, and how an operation answers it.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "base/json_value.h"
#include "protocols/arrivals.h"
#include "protocols/aws/errors.h"
#include "protocols/query_workers.h"
#include "protocols/xray/api.h"

namespace clew::xray {

class Reservoirs;
class Retrievals;

// What all calls share. Lives as long as the Api.
struct Context {
  const ApiOptions& options;
  QueryWorkers& workers;
  Reservoirs& reservoirs;
  Retrievals& retrievals;
};

struct Call {
  const Context& context;
  JsonValue input;  // an object
  EnvironmentId environment;
  std::string region;  // that the request was signed for; "us-east-1" when it was not
  Sender sender;
  uint64_t bytes = 0;  // of the request's body
  UnixNanos now;

  const ApiOptions& options() const { return context.options; }
  store::Snapshot snapshot(Signal signal) const { return options().storage->snapshot(environment, signal); }
  query::RunOptions run_options() const { return options().run_options(context.workers.stopping()); }
};

// The JSON text of the output, or an error.
using Answer = std::variant<std::string, aws::Error>;
using Reply = std::function<void(Answer)>;  // once, any thread

aws::Error invalid_request(std::string message);
// Of a run or a store that failed.
aws::Error error_of(const Status& failure);

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

// The account that names in answers belong to. There is one, and it costs nothing.
inline constexpr std::string_view kAccount = "000000000000";

}  // namespace clew::xray
