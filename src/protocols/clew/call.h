// Call: one request to the API, with all that an endpoint needs to answer it.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_writer.h"
#include "net/http.h"
#include "protocols/clew/api.h"
#include "protocols/query_workers.h"
#include "query/run.h"

namespace clew::api {

class QueryPace;
class StreamHub;

// What all calls share. Lives as long as the Api.
struct Context {
  const ApiOptions& options;
  UnixNanos started;
  QueryWorkers& workers;
  StreamHub& streams;
  QueryPace& pace;
};

struct Call {
  const Context& context;
  net::Request request;
  net::Responder responder;
  EnvironmentId environment;
  UnixNanos now;
  control::Grant grant = {};  // of the key that was presented

  const ApiOptions& options() const { return context.options; }
  store::Snapshot snapshot(Signal signal) const { return options().storage->snapshot(environment, signal); }
};

// Where in the request the fault lies.
struct Fault {
  std::string field;  // parameter, or member of the body; empty: none in particular
  std::optional<size_t> position;
};

// The JSON object that every answer outside 2xx has.
std::string error_json(const Status& status, const Fault& fault = {});
net::Response refusal(const Status& status, const Fault& fault = {});
net::Response json(JsonWriter writer);

// Headers that let the page of another origin read the answer; none unless that is configured.
net::Headers cross_origin_headers(const Call& call);
// Sends `response` with those.
void send(const Call& call, net::Response response);

// The limits of a question, and its end when the client goes away or the server stops. Must outlive the run.
class Watch {
 public:
  explicit Watch(const Call& call) : call_(call) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Called after each granule, besides looking for the client.
  void on_progress(std::function<void(const query::Progress&)> observer) { observer_ = std::move(observer); }
  // Never longer than the server's own limit.
  void limit_time(Nanoseconds limit) { time_limit_ = limit; }
  query::RunOptions run_options();

 private:
  const Call& call_;
  std::optional<Nanoseconds> time_limit_;
  std::atomic<bool> cancel_ = false;
  std::function<void(const query::Progress&)> observer_;
};

}  // namespace clew::api
