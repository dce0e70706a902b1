#include "net/http1_response_parser.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace clew::net {

Progress ResponseParser::refuse(int status, std::string why) {
  refusal_ = {status, std::move(why)};
  return Progress::refused;
}

Progress ResponseParser::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  while (!bytes.empty() && state_ != State::complete) {
    switch (state_) {
      case State::head: {
        const size_t newline = bytes.find('\n');
        const size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
        head_bytes_ += taken;
        if (head_bytes_ > limits_.header_bytes)
          return refuse(431, fmt::format("answer header over the limit of {} bytes", limits_.header_bytes));
        partial_.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        if (newline == std::string_view::npos) return Progress::more;
        std::string line = std::exchange(partial_, {});
        line.pop_back();
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (take_line(line) == Progress::refused) return Progress::refused;
        break;
      }
      case State::sized_body:
      case State::body_until_close: {
        const size_t taken = state_ == State::sized_body
                                 ? static_cast<size_t>(std::min<uint64_t>(rest_, bytes.size()))
                                 : bytes.size();
        if (taken > limits_.body_bytes - body_.size())
          return refuse(413, fmt::format("answer over the limit of {} bytes", limits_.body_bytes));
        body_.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        if (state_ == State::body_until_close) break;
        rest_ -= taken;
        if (rest_ == 0) state_ = State::complete;
        break;
      }
      case State::chunked_body: {
        const Progress progress = chunks_->feed(bytes, body_);
        if (progress == Progress::refused) return refuse(chunks_->refusal().status, chunks_->refusal().why);
        bytes.remove_prefix(chunks_->consumed());
        if (progress == Progress::complete) state_ = State::complete;
        break;
      }
      case State::complete:
        break;
    }
  }
  // What comes after the answer nobody asked for.
  if (!bytes.empty()) keep_alive_ = false;
  return state_ == State::complete ? Progress::complete : Progress::more;
}

Progress ResponseParser::finish() {
  keep_alive_ = false;
  if (state_ == State::body_until_close) state_ = State::complete;
  if (state_ == State::complete) return Progress::complete;
  return refuse(502, begun_ ? "the connection ended in the middle of the answer"
                            : "the connection ended without an answer");
}

Progress ResponseParser::take_line(std::string_view line) {
  if (status_ == 0) {
    // "HTTP/1.1 200 OK"; the phrase may be missing.
    if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ')
      return refuse(502, "the answer is not HTTP/1");
    keep_alive_ = line[7] != '0';
    const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, status_);
    if (error != std::errc() || end != line.data() + 12 || status_ < 100)
      return refuse(502, "the answer has no status");
    reason_ = line.size() > 13 ? line.substr(13) : "";
    return Progress::more;
  }
  if (line.empty()) return finish_head();
  if (auto refusal = parse_field_line(line, headers_))
    return refuse(refusal->status == 431 ? 431 : 502, std::move(refusal->why));
  return Progress::more;
}

Progress ResponseParser::finish_head() {
  if (status_ < 200) {
    status_ = 0;
    headers_.clear();
    return Progress::more;
  }
  if (const auto connection = find_header(headers_, "connection")) {
    if (connection->find("close") != std::string_view::npos) keep_alive_ = false;
    if (connection->find("keep-alive") != std::string_view::npos) keep_alive_ = true;
  }
  if (head_only_ || status_ == 204 || status_ == 304) {
    state_ = State::complete;
    return Progress::complete;
  }
  if (const auto encoding = find_header(headers_, "transfer-encoding")) {
    if (*encoding != "chunked")
      return refuse(502, fmt::format("cannot read transfer-encoding \"{}\"", encoding->substr(0, 40)));
    chunks_.emplace(limits_.body_bytes, limits_.header_bytes);
    state_ = State::chunked_body;
    return Progress::more;
  }
  const auto length = find_header(headers_, "content-length");
  if (!length) {
    state_ = State::body_until_close;
    keep_alive_ = false;
    return Progress::more;
  }
  const auto [end, error] = std::from_chars(length->data(), length->data() + length->size(), rest_);
  if (error != std::errc() || end != length->data() + length->size())
    return refuse(502, "content-length is not a number");
  if (rest_ > limits_.body_bytes)
    return refuse(413, fmt::format("answer of {} bytes is over the limit of {}", rest_, limits_.body_bytes));
  state_ = rest_ == 0 ? State::complete : State::sized_body;
  return Progress::more;
}

}  // namespace clew::net
