// Api: Honeycomb's API, as its SDKs, its Terraform provider and Grafana's data source call it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "control/notify/outbox.h"
#include "protocols/router.h"
#include "protocols/services.h"

namespace clew::honeycomb {

struct ApiOptions : Services {
  // Must outlive the Api; nullptr: triggers and burn alerts are not evaluated.
  control::notify::Outbox* outbox = nullptr;
  std::string data_directory;  // of the control database, for keys and environments
  std::function<std::string(EnvironmentId)> environment_name;  // unset: "default"
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
