// Api: the API of Amazon CloudWatch Logs. All operations are POST / and told apart by x-amz-target.
#pragma once

#include <memory>

#include "protocols/router.h"
#include "protocols/services.h"
#include "store/erasure_rules.h"

namespace clew::cloudwatch_logs {

struct ApiOptions : Services {
  // Of the store; must outlive the Api.
  store::ErasureRules* erasure_rules = nullptr;
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
