// Forwarding: what happens to log events once they are stored: metric filters make metrics of them,
// subscription filters send them on, and live tails show them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/cloudwatch_logs/event_to_otlp.h"
#include "protocols/cloudwatch_logs/log_group.h"
#include "protocols/query_workers.h"
#include "telemetry/batch.h"

namespace clew::cloudwatch_logs {

struct ApiOptions;
class LiveTails;
class SubscriptionDelivery;

struct StoredEvents {
  EnvironmentId environment;
  std::string_view region;
  std::string_view group;
  std::string_view stream;
  int64_t first_number = 0;  // of the events, which are numbered one by one
  UnixNanos ingested;
  const std::vector<PutEvent>& events;
};

// Any thread.
class Forwarding {
 public:
  // All must outlive this.
  Forwarding(const ApiOptions& options, LiveTails& tails, SubscriptionDelivery& deliveries)
      : options_(options), tails_(tails), deliveries_(deliveries), workers_(1, kWaiting) {}

  // Whether anybody looks at the events of a group.
  bool is_wanted(EnvironmentId environment, std::string_view group);
  void forward(const StoredEvents& stored);
  // On a thread of its own, because the one that stores must not wait; here when too much waits already.
  void later(std::function<void()> task);
  // Drops what waits.
  void stop() { workers_.stop(); }
  // The filters of a group are not what they were.
  void changed(EnvironmentId environment, std::string_view group);

 private:
  static constexpr size_t kWaiting = 64;  // batches, of up to a megabyte each
  struct Filters;
  std::shared_ptr<const Filters> filters_of(EnvironmentId environment, std::string_view group);
  void make_metrics(const StoredEvents& stored, const Filters& filters);

  const ApiOptions& options_;
  LiveTails& tails_;
  SubscriptionDelivery& deliveries_;
  std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::pair<EnvironmentId, std::string>, std::shared_ptr<const Filters>> filters_;
  uint64_t changes_ = 0;
  QueryWorkers workers_;
};

}  // namespace clew::cloudwatch_logs
