// Api: Jaeger's query API under /api, for Grafana's data source and scripts.
#pragma once

#include <memory>

#include "protocols/router.h"
#include "protocols/services.h"

namespace clew::jaeger {

struct ApiOptions : Services {};

class Api {
 public:
  explicit Api(ApiOptions options);
  // Cancels the questions under way and waits for them.
  ~Api();

  void stop();
  void register_routes(Router& router);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace clew::jaeger
