// Api: the API of Amazon CloudWatch Logs. All operations are POST / and told apart by x-amz-target.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/thread_pool.h"
#include "base/time.h"
#include "control/access.h"
#include "control/records.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/router.h"
#include "store/storage.h"

namespace clew::cloudwatch_logs {

struct ApiOptions {
  // All of these but the pool must be set, and outlive the Api.
  store::Storage* storage = nullptr;
  pipeline::Consumer* consumer = nullptr;
  const control::Access* access = nullptr;
  Arrivals* arrivals = nullptr;
  control::Records* records = nullptr;
  ThreadPool* pool = nullptr;  // for scans; nullptr: each question on one thread

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

  // Ends the live tails and cancels the questions under way. Before the server stops, which would wait for
  // them.
  void stop();
  void register_routes(Router& router);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace clew::cloudwatch_logs
