// The answer to one HTTP/1.1 request, parsed as it comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/http1_parser.h"

namespace clew::net {

struct ResponseLimits {
  size_t header_bytes = 64 << 10;
  size_t body_bytes = 64 << 20;
};

class ResponseParser {
 public:
  ResponseParser(ResponseLimits limits, bool head_only) : limits_(limits), head_only_(head_only) {}

  // Takes bytes up to the end of the answer. Interim answers (100) are read over.
  Progress feed(std::string_view bytes);
  // The server closed the connection: complete, if that is how the answer ends.
  Progress finish();

  bool begun() const { return begun_; }
  bool keep_alive() const { return keep_alive_; }
  const Refusal& refusal() const { return refusal_; }  // status 413 or 431: over a limit
  int status() const { return status_; }
  std::string& reason() { return reason_; }
  Headers& headers() { return headers_; }
  std::string& body() { return body_; }

 private:
  enum class State : uint8_t { head, sized_body, chunked_body, body_until_close, complete };
  Progress take_line(std::string_view line);
  Progress finish_head();
  Progress refuse(int status, std::string why);

  const ResponseLimits limits_;
  const bool head_only_;
  State state_ = State::head;
  std::string partial_;
  size_t head_bytes_ = 0;
  bool begun_ = false;
  bool keep_alive_ = true;
  int status_ = 0;
  std::string reason_;
  Headers headers_;
  std::string body_;
  uint64_t rest_ = 0;
  std::optional<ChunkedParser> chunks_;
  Refusal refusal_;
};

}  // namespace clew::net
