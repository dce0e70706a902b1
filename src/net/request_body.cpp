#include "net/request_body.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/compression.h"
#include "base/counters.h"
#include "net/url_encoding.h"

namespace clew::net {
namespace {

// Types that are never gzip by themselves.
bool may_have_lost_encoding(const Headers& headers) {
  const std::string_view type = find_header(headers, "content-type").value_or("");
  return type.empty() || type.find("protobuf") != std::string_view::npos ||
         type.find("json") != std::string_view::npos;
}

Result<std::string> inflate_body(Compression compression, std::string_view body, size_t limit) {
  auto inflated = decompress(compression, body, limit);
  if (!inflated.ok())
    count(inflated.status().kind() == ErrorKind::too_large ? Counter::decompression_bomb
                                                           : Counter::decompression_failed);
  return inflated;
}

}  // namespace

Result<std::string> undo_content_encoding(Headers& headers, std::string body, size_t limit) {
  const auto header = std::find_if(headers.begin(), headers.end(),
                                   [](const auto& it) { return it.first == "content-encoding"; });
  if (header == headers.end()) {
    if (looks_gzipped(body) && may_have_lost_encoding(headers))
      return inflate_body(Compression::gzip, body, limit);
    return body;
  }
  const std::string named = std::move(header->second);
  headers.erase(header);
  if (named.empty() || named == "identity" || body.empty()) return body;
  const auto compression = compression_named(named);
  if (!compression) {
    count(Counter::unsupported_encoding);
    return {ErrorKind::unsupported,
            fmt::format("content-encoding \"{}\" is not offered: gzip, deflate and zstd are",
                        named.substr(0, 40))};
  }
  return inflate_body(*compression, body, limit);
}

std::string_view remedy_for_body(ErrorKind kind) {
  if (kind == ErrorKind::too_large) return info_of(Counter::decompression_bomb).advice;
  if (kind == ErrorKind::unsupported) return info_of(Counter::unsupported_encoding).advice;
  return info_of(Counter::decompression_failed).advice;
}

std::string what_about(std::string_view method, std::string_view target, std::string_view why) {
  constexpr size_t kShown = 80;
  const std::string_view path = target.substr(0, target.find('?')).substr(0, kShown);
  if (method.empty() || path.empty()) return std::string(why);
  std::string what = fmt::format("{} {}: {}", method.substr(0, kShown), path, why);
  std::replace_if(
      what.begin(), what.end(), [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return what;
}

Result<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/') && target != "*") {
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return {ErrorKind::bad_input, "the path does not begin with '/'"};
    const size_t path = target.find_first_of("/?", scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  target = target.substr(0, target.find('#'));
  const size_t question = target.find('?');
  const std::string_view raw = target.substr(0, question);
  Target parsed;
  if (raw.find('%') == std::string_view::npos) {
    parsed.path = raw.empty() ? "/" : raw;
  } else {
    auto decoded = percent_decode(raw);
    if (!decoded || decoded->find('\0') != std::string::npos)
      return {ErrorKind::bad_input, "the path has a damaged percent escape"};
    parsed.path = std::move(*decoded);
  }
  if (question != std::string_view::npos) parsed.query = target.substr(question + 1);
  return parsed;
}

bool is_safe_header_value(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace clew::net
