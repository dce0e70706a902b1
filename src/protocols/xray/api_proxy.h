// ApiProxy: the TCP door of an X-Ray daemon. What SDKs ask the API there (sampling rules and targets) is
// passed on, signed, and the answer comes back as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/server.h"
#include "protocols/query_workers.h"
#include "protocols/xray/document_sender.h"

namespace clew::xray {

class ApiProxy {
 public:
  // `sender` must outlive the proxy. `on_failure` hears what could not be passed on, on any thread.
  ApiProxy(DocumentSender& sender, std::function<void(std::string_view)> on_failure);

  Status open(const std::string& address);
  uint16_t port() const { return server_->ports().front(); }
  void close();

 private:
  void forward(net::Request request, const net::Responder& responder);

  DocumentSender& sender_;
  const std::function<void(std::string_view)> on_failure_;
  QueryWorkers workers_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace clew::xray
