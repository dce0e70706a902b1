#include "protocols/cross_origin.h"

#include <algorithm>

namespace clew {
namespace {

// `pattern` with at most one '*', as the Collector's allowed_origins has it.
bool matches(std::string_view pattern, std::string_view origin) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == origin;
  const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return origin.size() >= before.size() + after.size() && origin.starts_with(before) &&
         origin.ends_with(after);
}

}  // namespace

bool CrossOrigin::allows(std::string_view origin) const {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](const std::string& pattern) { return matches(pattern, origin); });
}

net::Headers CrossOrigin::headers_for(const net::Request& request) const {
  const std::optional<std::string_view> origin = request.header("origin");
  if (!origin || !allows(*origin)) return {};
  // The origin itself and not "*": exporters that use sendBeacon send with credentials, for which browsers
  // refuse "*". No cookie means anything here, so nothing is given away by it.
  return {{"access-control-allow-origin", std::string(*origin)},
          {"access-control-allow-credentials", "true"},
          {"vary", "Origin"}};
}

net::Response CrossOrigin::preflight(const net::Request& request) const {
  net::Response response{.status = 204, .reason = {}, .headers = headers_for(request), .body = {}};
  response.headers.emplace_back("allow", "POST, OPTIONS");
  if (response.headers.size() == 1) return response;
  response.headers.emplace_back("access-control-allow-methods", "POST, OPTIONS");
  const auto wanted = request.header("access-control-request-headers");
  response.headers.emplace_back(
      "access-control-allow-headers",
      std::string(wanted.value_or("content-type, content-encoding, x-honeycomb-team")));
  response.headers.emplace_back("access-control-max-age", "7200");
  // A page from the network may only speak to this machine when told so.
  if (request.header("access-control-request-private-network") == "true") {
    response.headers.emplace_back("access-control-allow-private-network", "true");
  }
  return response;
}

}  // namespace clew
