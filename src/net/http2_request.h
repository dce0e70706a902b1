// A request as it arrives in the frames of an HTTP/2 stream: headers one by one, then data. Says as early as
// it can be known that a request will not be taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/body_budget.h"
#include "net/grpc_framing.h"
#include "net/http.h"
#include "net/server.h"

namespace clew::net {

// What to answer instead of calling a handler: as HTTP, or as gRPC.
struct Http2Refusal {
  int status = 0;  // in terms of HTTP, also of a gRPC call
  std::string why;
  std::string_view remedy;  // for the person behind the client
  std::optional<GrpcCode> grpc_code{};
};

class Http2Request {
 public:
  Http2Request(const Limits& limits, BodyBudget& budget) : limits_(limits), share_(budget) {}

  void add_header(std::string_view name, std::string_view value);
  bool head_is_complete() const { return head_complete_; }
  std::optional<Http2Refusal> finish_head();
  std::optional<Http2Refusal> add_data(std::string_view data);

  bool is_grpc() const { return is_grpc_; }
  const std::string& method() const { return request_.method; }
  const std::string& path() const { return request_.path; }
  // Its user-agent, as long as no handler has the request.
  std::string_view agent() const { return request_.header("user-agent").value_or(""); }
  // Only of a gRPC call: how long its client will wait. Valid, once finish_head() had nothing against it.
  std::optional<Nanoseconds> timeout() const;

  // The whole request, when its last frame has come: what a handler gets, except for where it came from.
  struct Complete {
    std::optional<Http2Refusal> refusal;
    Request http;
    GrpcRequest grpc;
  };
  Complete take();

 private:
  Complete take_http();
  Complete take_grpc();
  Http2Refusal refuse_size(size_t size) const;
  Http2Refusal refuse_for_now() const;

  const Limits& limits_;
  Request request_;
  size_t header_bytes_ = 0;
  bool header_too_large_ = false;
  bool head_complete_ = false;
  bool is_grpc_ = false;
  std::optional<uint64_t> content_length_;
  std::string body_;
  BodyShare share_;
};

}  // namespace clew::net
