// Call: one request to Honeycomb's API, and how an operation answers it.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "base/json_value.h"
#include "control/access.h"
#include "protocols/arrivals.h"
#include "protocols/honeycomb/answers.h"
#include "protocols/honeycomb/api.h"
#include "protocols/query_workers.h"
#include "query/run.h"

namespace clew::honeycomb {

class Datasets;
class QueryResults;

// Questions and operations that may wait for a worker.
inline constexpr size_t kMostWaiting = 64;

// What all calls share. Lives as long as the Api.
struct Context {
  const ApiOptions& options;
  QueryWorkers& workers;
  Datasets& datasets;
  QueryResults& results;
};

struct Call {
  const Context& context;
  net::Request request;
  control::Grant grant;
  Sender sender;
  UnixNanos now;

  const ApiOptions& options() const { return context.options; }
  EnvironmentId environment() const { return grant.environment; }
  // A segment of the path, as the operation's pattern names it.
  std::string segment(std::string_view name) const { return request.parameter(name).value_or(""); }
  store::Snapshot snapshot(Signal signal) const { return options().storage->snapshot(environment(), signal); }
  query::RunOptions run_options() const { return options().run_options(context.workers.stopping()); }
};

using Reply = std::function<void(Answer)>;  // once, any thread

// An operation that is done at once, on the event loop.
template <Answer (*answer)(const Call&)>
void at_once(Call call, Reply reply) {
  reply(answer(call));
}

void submit_to_workers(Call call, Reply reply, Answer (*answer)(const Call&));
// An operation that reads store or database: on a thread of its own.
template <Answer (*answer)(const Call&)>
void on_worker(Call call, Reply reply) {
  submit_to_workers(std::move(call), std::move(reply), answer);
}

// The body as a JSON object, or the error to answer with.
std::variant<JsonValue, Answer> body_of(const Call& call);

}  // namespace clew::honeycomb
