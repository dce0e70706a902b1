// The HTTP/1.x request grammar (RFC 9112), strictly: what two readers of one byte stream might understand
// differently is refused, since that difference is what request smuggling lives on. Incremental: bytes may
// come torn anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace clew::net {

struct RequestHead {
  std::string method;
  std::string target;  // as it came
  int version = 11;    // 10 or 11
  Headers headers;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// Why a request is refused: the status to answer and a sentence for its sender. The connection cannot go on.
struct Refusal {
  int status = 400;
  std::string why;
};

// Adds one "Name: value" line (without its CR LF) to `headers`, the name in lower case.
std::optional<Refusal> parse_field_line(std::string_view line, Headers& headers);

enum class Progress : uint8_t { more, complete, refused };

// Request line and header fields, up to the empty line.
class HeadParser {
 public:
  explicit HeadParser(size_t header_limit) : limit_(header_limit) {}

  // Takes bytes up to the end of the head; says how many through `consumed_` below.
  Progress feed(std::string_view bytes);
  size_t consumed() const { return consumed_; }  // of the bytes given last
  // Whether the first byte of a head has been seen.
  bool begun() const { return size_ > 0; }
  // Whether what came so far ever looked like HTTP.
  bool looked_like_http() const { return has_request_line_; }

  RequestHead take();  // when complete; the parser is ready for the next head
  const Refusal& refusal() const { return refusal_; }

 private:
  Progress take_line(std::string_view line);
  Progress take_request_line(std::string_view line);
  Progress take_field(std::string_view line);
  Progress finish();
  Progress refuse(int status, std::string why);

  const size_t limit_;
  std::string partial_;  // a line whose end has not come yet
  size_t size_ = 0;      // of the head so far
  size_t consumed_ = 0;
  bool has_request_line_ = false;
  RequestHead head_;
  Refusal refusal_;
};

// A body in chunks, with trailer fields checked and dropped.
class ChunkedParser {
 public:
  ChunkedParser(size_t body_limit, size_t trailer_limit)
      : body_limit_(body_limit), trailer_limit_(trailer_limit) {}

  // Appends chunk data to `body`.
  Progress feed(std::string_view bytes, std::string& body);
  size_t consumed() const { return consumed_; }
  // How many bytes of the current chunk are still to come; they may be put into the body directly.
  uint64_t rest_of_chunk() const { return state_ == State::data ? rest_ : 0; }
  void took_directly(size_t count);
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class State : uint8_t { size_line, data, data_end, trailers };
  Progress take_size_line(std::string_view line, size_t body_size);
  Progress refuse(int status, std::string why);

  const size_t body_limit_;
  const size_t trailer_limit_;
  State state_ = State::size_line;
  uint64_t rest_ = 0;
  std::string partial_;
  size_t trailer_bytes_ = 0;
  size_t consumed_ = 0;
  Refusal refusal_;
};

}  // namespace clew::net
