// GrpcSender: the same bodies as unary calls over one HTTP/2 connection.
#pragma once

#include <memory>

#include "net/grpc_client.h"
#include "sender.h"

namespace clew::load {

class GrpcSender : public Sender {
 public:
  explicit GrpcSender(Target target);
  std::optional<Answer> post(std::string_view body) override;

 private:
  std::unique_ptr<net::GrpcClient> client_;
  std::string method_;
};

}  // namespace clew::load
