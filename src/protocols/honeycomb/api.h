// Api: Honeycomb's API, as its SDKs, its Terraform provider and Grafana's data source call it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/thread_pool.h"
#include "control/access.h"
#include "control/notify/outbox.h"
#include "control/records.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/router.h"
#include "query/run.h"
#include "store/storage.h"

namespace clew::honeycomb {

struct ApiOptions {
  // All of these but pool and outbox must be set, and outlive the Api.
  store::Storage* storage = nullptr;
  pipeline::Consumer* consumer = nullptr;
  const control::Access* access = nullptr;
  Arrivals* arrivals = nullptr;
  control::Records* records = nullptr;
  ThreadPool* pool = nullptr;                 // for scans; nullptr: each question on one thread
  control::notify::Outbox* outbox = nullptr;  // nullptr: triggers and burn alerts are not evaluated

  std::string data_directory;  // of the control database, for keys and environments
  std::function<std::string(EnvironmentId)> environment_name;  // unset: "default"

  // Of the run that answers a question.
  Nanoseconds time_limit = seconds(30);
  uint64_t memory_limit_bytes = uint64_t{1} << 30;
  uint64_t scanned_bytes_limit = UINT64_MAX;
};

class Api {
 public:
  explicit Api(ApiOptions options);
  // Cancels the questions under way and waits for them.
  ~Api();

  void stop();
  // A route for each operation.
  void register_routes(Router& router);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace clew::honeycomb
