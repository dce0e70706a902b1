// Router: which handler answers which path. All protocols of all doors meet in one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace clew {

// An answer for a request that no route fits, or nothing. May run on any event loop.
using Fallback = std::function<std::optional<net::Response>(const net::Request&)>;
// Told of a request that found no handler, and of the sentence it is answered with.
using RefusalObserver = std::function<void(const net::Request&, const net::Response&)>;

// What tells apart protocols that share a path: x-amz-target begins with "Logs_20140328.".
struct HeaderBegins {
  std::string name;  // lower case
  std::string value;
};

class Router {
 public:
  // `pattern` is a path in which `{name}` stands for one segment and a final `*` for any rest; the segments'
  // values are found in Request::parameter under their name (the rest under "*"), before any of the request's
  // own. The most specific pattern wins: from the left, a literal segment beats `{name}`, which beats `*`. A
  // slash at the end of the request's path is of no account. Routes for GET answer HEAD as well.
  void add(std::string_view method, std::string_view pattern, net::Handler handler);
  // The same, for requests with a header that begins so; such a route beats one of the same pattern without.
  void add(std::string_view method, std::string_view pattern, HeaderBegins header, net::Handler handler);
  // For a unary gRPC method.
  void add_grpc(std::string_view method, net::GrpcHandler handler);
  // Asked before a request is answered with 404.
  void set_fallback(Fallback fallback) { fallback_ = std::move(fallback); }
  void set_refusal_observer(RefusalObserver observer) { on_refusal_ = std::move(observer); }

  // Answers through the handler that fits; otherwise 405 (names the methods that exist, header allow) or
  // 404 (names the nearest path that exists). OPTIONS without a route of its own answers 204 and allow. An
  // unknown gRPC method answers UNIMPLEMENTED. The server calls this; routes must all have been added before.
  void handle(net::Request request, net::Responder responder) const;
  void handle_grpc(net::GrpcRequest request, net::GrpcResponder responder) const;

  // "GET /clew/v1/status", one for each route without a header, in the order they were added.
  std::vector<std::string> routes() const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    std::optional<HeaderBegins> header;
    net::Handler handler;
  };
  struct Candidates;

  Candidates candidates(const net::Request& request) const;
  const Route* nearest_route(const net::Request& request) const;
  void refuse(const net::Request& request, const net::Responder& responder, net::Response response) const;
  net::Response not_found(const net::Request& request) const;

  std::vector<Route> routes_;
  std::vector<std::pair<std::string, net::GrpcHandler>> grpc_routes_;
  Fallback fallback_;
  RefusalObserver on_refusal_;
};

}  // namespace clew
