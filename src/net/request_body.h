// What is done to a request's body before a handler sees it: its content encoding is undone, within limits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace clew::net {

// Undoes content-encoding (gzip, deflate, zstd) and removes the header. A gzip body that lost the header on
// its way, as happens behind some proxies, is recognised where its type tells that it cannot be meant. Fails
// with bad_input, too_large or unsupported, each counted.
Result<std::string> undo_content_encoding(Headers& headers, std::string body, size_t limit);

// What its sender can do about it, by the kind of the failure.
std::string_view remedy_for_body(ErrorKind kind);

// For a message: "POST /v1/traces: <why>", without the query, in which there may be keys. Just <why> where
// the request did not come so far.
std::string what_about(std::string_view method, std::string_view target, std::string_view why);

// The path and query of a request target ("/a%20b?c=d", or a whole URL as proxies send it).
struct Target {
  std::string path;
  std::string query;
};
Result<Target> parse_target(std::string_view target);

// Header values must not end the line they stand on.
bool is_safe_header_value(std::string_view value);

}  // namespace clew::net
