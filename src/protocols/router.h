// Router: which handler answers which path. All protocols of all doors meet in one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace clew {

class Router {
 public:
  // `pattern` is a path in which `{name}` stands for one segment and a final `*` for any rest; the segments' values
  // are found in Request::parameter under their name. The most specific pattern wins.
  void add(std::string_view method, std::string_view pattern, net::Handler handler);
  // For a unary gRPC method.
  void add_grpc(std::string_view method, net::GrpcHandler handler);

  // Answers through the handler that fits; otherwise 405 (names the methods that exist, header allow) or
  // 404 (names the nearest path that exists). An unknown gRPC method answers UNIMPLEMENTED.
  void handle(net::Request request, net::Responder responder) const;
  void handle_grpc(net::GrpcRequest request, net::GrpcResponder responder) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
    net::Handler handler;
  };
  std::vector<Route> routes_;
  std::vector<std::pair<std::string, net::GrpcHandler>> grpc_routes_;
};

}  // namespace clew
