// Alerts: evaluates triggers and burn alerts when they are due, and puts what people are to be told into the
// outbox.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "control/database.h"
#include "protocols/honeycomb/alert_finding.h"
#include "protocols/honeycomb/alert_state.h"
#include "protocols/honeycomb/dataset_query.h"

namespace clew::honeycomb {

struct AlertOptions {
  store::Storage* storage = nullptr;
  Datasets* datasets = nullptr;
  control::Records* records = nullptr;
  std::string data_directory;  // of the control database, with the outbox
  query::RunOptions run;       // of one question
  std::function<std::string(EnvironmentId)> environment_name = {};  // unset: "default"
};

class Alerts {
 public:
  explicit Alerts(AlertOptions options) : options_(std::move(options)) {}
  ~Alerts() { stop(); }

  // Evaluates what is due at `now`; how many those were. An alert that cannot be is no hindrance to the
  // others. Not for several threads at once.
  Result<size_t> evaluate_due(UnixNanos now);

  // From now on by the real clock, on a thread of its own.
  void start();
  void stop();

 private:
  struct Alert;
  struct News;

  QueryPlace place_of(const Alert& alert) const;
  Result<bool> evaluate_if_due(const Alert& alert, UnixNanos now);
  Result<News> evaluate(const Alert& alert, AlertState& state, UnixNanos now);
  Status tell(const Alert& alert, const AlertFinding& finding, bool triggered, UnixNanos now, News& news);
  // The state as it is now, with all that follows from it, or nothing of it.
  Status keep(const Alert& alert, AlertState state, const News& news, control::AlertStanding standing,
              std::string_view why, UnixNanos now);
  std::string name_of(const Alert& alert) const;
  void work();

  const AlertOptions options_;
  std::optional<control::Database> database_;  // opened when it is first needed
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace clew::honeycomb
