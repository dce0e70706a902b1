// Api: the X-Ray service API, as the AWS SDKs, the CLI, the daemon and Grafana's data source call it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "protocols/router.h"
#include "protocols/services.h"

namespace clew::xray {

struct ApiOptions : Services {
  // Whether SDKs send to this local port as they do to the daemon; unset: to none. Any thread.
  std::function<bool(uint16_t port)> is_daemon_port;
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

}  // namespace clew::xray
