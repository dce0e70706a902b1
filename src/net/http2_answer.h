// An answer on its way into an HTTP/2 stream: its headers, the bytes that wait for the stream's window, its
// trailers. Only for source files: brings nghttp2's types in.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "net/http.h"

namespace clew::net {

class Http2Answer {
 public:
  void append(std::string&& bytes);
  void end() { ended_ = true; }
  void end_with(Headers trailers) {
    trailers_ = std::move(trailers);
    ended_ = true;
  }
  bool ended() const { return ended_; }
  // Ended, and everything was taken.
  bool finished() const { return ended_ && offset_ == bytes_.size(); }
  const Headers& trailers() const { return trailers_; }
  // Moves bytes to `place`; returns how many.
  size_t take(std::span<char> place);

 private:
  std::string bytes_;
  size_t offset_ = 0;
  bool ended_ = false;
  Headers trailers_;
};

bool http2_answer_has_body(std::string_view method, int status);
// :status first; without the fields that only HTTP/1.1 knows.
Headers http2_headers(const Response& response, std::optional<size_t> length, std::string_view date);
Headers grpc_headers();
Headers grpc_trailers(const GrpcResponse& response);
// Views of `headers`, for nghttp2, which copies them.
std::vector<nghttp2_nv> http2_fields(const Headers& headers);

}  // namespace clew::net
