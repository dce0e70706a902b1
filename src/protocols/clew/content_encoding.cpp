#include "protocols/clew/content_encoding.h"

#include "base/compression.h"

namespace clew::api {
namespace {

// About what fits the first round trip of a connection anyway.
constexpr size_t kWorthPacking = 16 << 10;

}  // namespace

bool takes_gzip(const net::Request& request) {
  const std::string_view accepted = request.header("accept-encoding").value_or(std::string_view());
  const size_t at = accepted.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = accepted.substr(at + 4, accepted.find(',', at) - at - 4);
  return rest.find("q=0") == std::string_view::npos || rest.find("q=0.") != std::string_view::npos;
}

net::Response packed(net::Response response, const net::Request& request) {
  const bool worthwhile =
      response.body.size() >= kWorthPacking && !request.peer_is_loopback && takes_gzip(request);
  if (!worthwhile || net::find_header(response.headers, "content-encoding")) return response;
  response.body = compress(Compression::gzip, response.body, Effort::fast);
  response.headers.emplace_back("content-encoding", "gzip");
  response.headers.emplace_back("vary", "accept-encoding");
  return response;
}

}  // namespace clew::api
