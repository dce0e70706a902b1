// Alerts: evaluates triggers and burn alerts when they are due, and puts what people are to be told into the
// outbox.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "control/notify/outbox.h"
#include "protocols/honeycomb/alert_state.h"
#include "protocols/honeycomb/dataset_query.h"

namespace clew::honeycomb {

struct AlertOptions {
  store::Storage* storage = nullptr;
  Datasets* datasets = nullptr;
  control::Records* records = nullptr;
  control::notify::Outbox* outbox = nullptr;
  query::RunOptions run;                                            // of one question
  std::function<std::string(EnvironmentId)> environment_name = {};  // unset: "default"
};

class Alerts {
 public:
  explicit Alerts(AlertOptions options) : options_(std::move(options)) {}
  ~Alerts() { stop(); }

  // Evaluates what is due at `now`; how many those were. Not for several threads at once.
  Result<size_t> evaluate_due(UnixNanos now);

  // From now on by the real clock, on a thread of its own.
  void start();
  void stop();

 private:
  struct Alert {
    EnvironmentId environment;
    std::string dataset;
    JsonValue body;
  };
  // What one evaluation found.
  struct Finding {
    bool over = false;
    std::string summary;                               // "COUNT was 12"
    JsonValue groups = JsonValue(JsonValue::Array{});  // that were over
    JsonValue all_groups = JsonValue(JsonValue::Array{});
  };

  QueryPlace place_of(const Alert& alert) const;
  Result<Finding> evaluate_trigger(const Alert& alert, UnixNanos now);
  Result<Finding> evaluate_burn_alert(const Alert& alert, UnixNanos now);
  Status evaluate(const Alert& alert, bool is_trigger, AlertState& state, UnixNanos now);
  Status tell(const Alert& alert, bool is_trigger, const Finding& finding, bool triggered, UnixNanos now);
  void work();

  const AlertOptions options_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

// Whether a trigger with a schedule is looked at at this time (UTC).
bool within_schedule(const JsonValue& trigger, UnixNanos at);

}  // namespace clew::honeycomb
