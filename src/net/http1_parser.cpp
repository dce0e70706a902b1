#include "net/http1_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace clew::net {
namespace {

constexpr size_t kMostFields = 256;
constexpr size_t kLongestSizeLine = 256;  // chunk extensions are read over, not kept

// The lower-case form of every character that may stand in a token; 0 for all others.
constexpr std::array<char, 256> kToken = [] {
  std::array<char, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = c;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = static_cast<char>(c - 'A' + 'a');
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = c;
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return kToken[static_cast<unsigned char>(c)] != 0; });
}

// Any byte but control characters, which have no business in a field value; a tab has.
bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
  });
}

// A client that takes this server for its proxy names the whole address (RFC 9112, 3.2.2).
std::string_view path_of(std::string_view target) {
  if (!target.starts_with("http://") && !target.starts_with("https://")) return target;
  const size_t path = target.find('/', target.find("://") + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return kToken[static_cast<unsigned char>(a)] == b; });
}

// Whether a comma separated list has `word` in it.
bool list_has(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (same_word(trim(list.substr(0, comma)), word)) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

// For a message: never more than a glimpse of what came, and nothing unprintable.
std::string glimpse(std::string_view text) {
  std::string shown(text.substr(0, 40));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  return text.size() > 40 ? shown + "..." : shown;
}

}  // namespace

std::optional<Refusal> parse_field_line(std::string_view line, Headers& headers) {
  if (line.empty() || line.front() == ' ' || line.front() == '\t')
    return Refusal{400, "a header is continued on a second line"};
  if (headers.size() >= kMostFields) return Refusal{431, fmt::format("more than {} headers", kMostFields)};
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos)
    return Refusal{400, fmt::format("a header without a colon: \"{}\"", glimpse(line))};
  if (colon == 0) return Refusal{400, "a header without a name"};
  std::string name(line.substr(0, colon));
  for (char& c : name) {
    const char lower = kToken[static_cast<unsigned char>(c)];
    if (lower == 0)
      return Refusal{400, fmt::format("not a header name: \"{}\"", glimpse(line.substr(0, colon)))};
    c = lower;
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_field_value(value))
    return Refusal{400, fmt::format("a control character in the value of header {}", glimpse(name))};
  headers.emplace_back(std::move(name), value);
  return std::nullopt;
}

Progress HeadParser::refuse(int status, std::string why) {
  refusal_ = {status, std::move(why)};
  return Progress::refused;
}

Progress HeadParser::feed(std::string_view bytes) {
  consumed_ = 0;
  while (consumed_ < bytes.size()) {
    const std::string_view rest = bytes.substr(consumed_);
    const size_t newline = rest.find('\n');
    const size_t taken = newline == std::string_view::npos ? rest.size() : newline + 1;
    if (taken > limit_ - std::min(size_, limit_))
      return refuse(431, fmt::format("request header over the limit of {} bytes", limit_));
    size_ += taken;
    consumed_ += taken;
    if (newline == std::string_view::npos) {
      // Something that is not HTTP need not wait for a line end that never comes.
      if (!has_request_line_ && partial_.empty() && kToken[static_cast<unsigned char>(rest[0])] == 0 &&
          rest[0] != '\r')
        return refuse(400, "expected an HTTP request");
      partial_.append(rest);
      return Progress::more;
    }
    std::string_view line = rest.substr(0, newline);
    if (!partial_.empty()) {
      partial_.append(line);
      line = partial_;
    }
    if (line.empty() || line.back() != '\r')
      return refuse(400, "expected CR LF at the end of every header line");
    line.remove_suffix(1);
    const Progress progress = take_line(line);
    partial_.clear();
    if (progress != Progress::more) return progress;
  }
  return Progress::more;
}

Progress HeadParser::take_line(std::string_view line) {
  if (!has_request_line_) {
    // An empty line before a request is a habit of old clients after a POST; a server should read over it.
    if (line.empty())
      return size_ <= 4 ? Progress::more : refuse(400, "expected an HTTP request, got empty lines");
    return take_request_line(line);
  }
  return line.empty() ? finish() : take_field(line);
}

Progress HeadParser::take_request_line(std::string_view line) {
  const size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return refuse(400, fmt::format("expected \"METHOD /path HTTP/1.1\", got \"{}\"", glimpse(line)));
  const std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1),
                         version = line.substr(last + 1);
  if (!is_token(method) || !version.starts_with("HTTP/"))
    return refuse(400, fmt::format("expected \"METHOD /path HTTP/1.1\", got \"{}\"", glimpse(line)));
  has_request_line_ = true;
  if (!is_target(target)) return refuse(400, "the request's path has a space or a control character in it");
  const bool known = version.size() == 8 && version[6] == '.' && version[7] >= '0' && version[7] <= '9';
  if (!known || version[5] != '1')
    return refuse(505, fmt::format("{} is not spoken here, HTTP/1.1 and HTTP/2 are", glimpse(version)));
  head_.method = method;
  head_.target = path_of(target);
  head_.version = version[7] == '0' ? 10 : 11;
  head_.headers.reserve(12);
  return Progress::more;
}

Progress HeadParser::take_field(std::string_view line) {
  if (auto refusal = parse_field_line(line, head_.headers))
    return refuse(refusal->status, std::move(refusal->why));
  return Progress::more;
}

Progress HeadParser::finish() {
  size_t hosts = 0;
  bool has_encoding = false;
  std::optional<bool> stay;
  for (const auto& [name, value] : head_.headers) {
    if (name == "content-length") {
      if (head_.content_length) return refuse(400, "more than one content-length");
      uint64_t length = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (value.empty() || error != std::errc() || end != value.data() + value.size())
        return refuse(400, fmt::format("content-length is not a number: \"{}\"", glimpse(value)));
      head_.content_length = length;
    } else if (name == "transfer-encoding") {
      if (has_encoding) return refuse(400, "more than one transfer-encoding");
      has_encoding = true;
      if (!same_word(value, "chunked"))
        return refuse(501,
                      fmt::format("transfer-encoding \"{}\" is not offered, only chunked", glimpse(value)));
      head_.chunked = true;
    } else if (name == "connection") {
      if (list_has(value, "close"))
        stay = false;
      else if (!stay && list_has(value, "keep-alive"))
        stay = true;
    } else if (name == "host") {
      ++hosts;
    } else if (name == "expect") {
      if (!same_word(value, "100-continue"))
        return refuse(417, fmt::format("cannot meet the expectation \"{}\"", glimpse(value)));
      head_.expects_continue = head_.version >= 11;
    }
  }
  if (has_encoding && head_.content_length) return refuse(400, "both content-length and transfer-encoding");
  if (has_encoding && head_.version < 11) return refuse(400, "transfer-encoding in HTTP/1.0");
  if (hosts > 1) return refuse(400, "more than one host header");
  if (hosts == 0 && head_.version >= 11) return refuse(400, "no host header");
  head_.keep_alive = stay.value_or(head_.version >= 11);
  return Progress::complete;
}

RequestHead HeadParser::take() {
  RequestHead head = std::move(head_);
  head_ = {};
  size_ = 0;
  has_request_line_ = false;
  return head;
}

Progress ChunkedParser::refuse(int status, std::string why) {
  refusal_ = {status, std::move(why)};
  return Progress::refused;
}

void ChunkedParser::took_directly(size_t count) {
  rest_ -= count;
  if (rest_ == 0) state_ = State::data_end;
}

Progress ChunkedParser::take_size_line(std::string_view line, size_t body_size) {
  const std::string_view digits = trim(line.substr(0, line.find(';')));
  uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      digits.data() != line.data())
    return refuse(400, fmt::format("not a chunk size: \"{}\"", glimpse(line)));
  if (!is_field_value(line)) return refuse(400, "a control character in a chunk size line");
  if (size > body_limit_ - std::min(body_size, body_limit_))
    return refuse(413, fmt::format("request body over the limit of {} bytes", body_limit_));
  rest_ = size;
  state_ = size == 0 ? State::trailers : State::data;
  return Progress::more;
}

Progress ChunkedParser::feed(std::string_view bytes, std::string& body) {
  consumed_ = 0;
  while (consumed_ < bytes.size()) {
    const std::string_view rest = bytes.substr(consumed_);
    if (state_ == State::data) {
      const size_t taken = static_cast<size_t>(std::min<uint64_t>(rest_, rest.size()));
      body.append(rest.substr(0, taken));
      consumed_ += taken;
      took_directly(taken);
      continue;
    }
    const size_t newline = rest.find('\n');
    const size_t taken = newline == std::string_view::npos ? rest.size() : newline + 1;
    if (state_ == State::trailers) {
      trailer_bytes_ += taken;
      if (trailer_bytes_ > trailer_limit_)
        return refuse(431, fmt::format("trailer fields over the limit of {} bytes", trailer_limit_));
    } else if (partial_.size() + taken > kLongestSizeLine) {
      return refuse(400, "a chunk size line without end");
    }
    consumed_ += taken;
    partial_.append(rest.substr(0, taken));
    if (newline == std::string_view::npos) return Progress::more;
    if (partial_.size() < 2 || partial_[partial_.size() - 2] != '\r')
      return refuse(400, "expected CR LF after every chunk");
    const std::string line = partial_.substr(0, partial_.size() - 2);
    partial_.clear();
    switch (state_) {
      case State::size_line:
        if (take_size_line(line, body.size()) == Progress::refused) return Progress::refused;
        break;
      case State::data_end:
        if (!line.empty()) return refuse(400, "a chunk is longer than its size");
        state_ = State::size_line;
        break;
      case State::trailers:
        if (line.empty()) return Progress::complete;
        if (!is_token(std::string_view(line).substr(0, line.find(':'))) ||
            line.find(':') == std::string::npos || !is_field_value(line))
          return refuse(400, "a damaged trailer field");
        break;
      case State::data:
        break;
    }
  }
  return Progress::more;
}

}  // namespace clew::net
