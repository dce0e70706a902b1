#include "protocols/rollbar/script_download.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "control/errors/source_maps.h"

namespace clew::rollbar {
namespace {

constexpr Nanoseconds kLongest = seconds(10);
constexpr std::string_view kMarker = "sourceMappingURL=";

Result<std::string> inline_map(std::string_view url) {
  const size_t comma = url.find(',');
  if (comma == std::string_view::npos || !url.substr(0, comma).ends_with(";base64"))
    return Status(ErrorKind::bad_input, "the script's source map is within it, but not as base64");
  std::optional<std::string> map = base64_decode(url.substr(comma + 1));
  if (!map) return Status(ErrorKind::bad_input, "the source map within the script is no base64");
  return *std::move(map);
}

}  // namespace

std::string_view source_mapping_url(std::string_view script) {
  // The last one counts: libraries may have brought theirs along.
  size_t at = script.rfind(kMarker);
  for (; at != std::string_view::npos && at > 0; at = script.rfind(kMarker, at - 1)) {
    const std::string_view before = script.substr(0, at);
    const bool is_comment = before.ends_with("//# ") || before.ends_with("//@ ") ||
                            before.ends_with("/*# ") || before.ends_with("/*@ ");
    if (!is_comment) continue;
    const std::string_view url = script.substr(at + kMarker.size());
    return url.substr(0, url.find_first_of(" \t\r\n*"));
  }
  return {};
}

std::string resolved_url(std::string_view base, std::string_view reference) {
  if (reference.find("://") != std::string_view::npos) return std::string(reference);
  base = base.substr(0, base.find_first_of("?#"));
  const size_t scheme = base.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  if (reference.starts_with("//")) return fmt::format("{}:{}", base.substr(0, scheme), reference);
  const size_t path = std::min(base.find('/', host), base.size());
  if (reference.starts_with('/')) return fmt::format("{}{}", base.substr(0, path), reference);
  std::string_view directory = base.substr(0, std::max(base.rfind('/') + 1, path));
  while (reference.starts_with("./")) reference.remove_prefix(2);
  while (reference.starts_with("../")) {
    reference.remove_prefix(3);
    const std::string_view above = directory.substr(0, directory.empty() ? 0 : directory.size() - 1);
    const size_t slash = above.rfind('/');
    if (slash != std::string_view::npos && slash >= path) directory = above.substr(0, slash + 1);
  }
  return fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", reference);
}

ScriptDownload::ScriptDownload(std::vector<std::string> hosts) : hosts_(std::move(hosts)) {
  if (hosts_.empty()) return;
  net::HttpClientOptions options;
  options.connect_timeout = seconds(3);
  options.timeout = kLongest;
  options.answer_body_bytes = control::errors::SourceMaps::kMostMapBytes;
  options.proxy_from_environment = true;
  if (auto client = net::HttpClient::create(std::move(options)); client.ok()) client_ = std::move(*client);
}

Result<net::ClientResponse> ScriptDownload::fetch(const std::string& address) {
  CLEW_ASSIGN(const net::Url url, net::parse_url(address));
  if (!client_ || std::find(hosts_.begin(), hosts_.end(), url.host_header) == hosts_.end())
    return Status(
        ErrorKind::forbidden,
        fmt::format("scripts are not fetched from {}: name it with --source-map-host, or upload the map",
                    url.host_header));
  net::ClientRequest request;
  request.url = address;
  CLEW_ASSIGN(net::ClientResponse response, client_->send(request));
  if (response.status != 200)
    return Status(ErrorKind::bad_input, fmt::format("{} was answered with {}", address, response.status));
  return response;
}

Result<std::string> ScriptDownload::map_of(const std::string& script_url) {
  const std::unique_lock lock(one_at_a_time_, std::try_to_lock);
  if (!lock.owns_lock())
    return Status(ErrorKind::exhausted, "another script is being fetched: try again in a moment");
  CLEW_ASSIGN(const net::ClientResponse script, fetch(script_url));
  std::string_view named = source_mapping_url(script.body);
  for (const std::string_view header : {"sourcemap", "x-sourcemap"})
    if (const auto value = script.header(header); value && !value->empty()) named = *value;
  if (named.empty())
    return Status(ErrorKind::bad_input,
                  fmt::format("{} names no source map (no sourceMappingURL)", script_url));
  if (named.starts_with("data:")) return inline_map(named);
  CLEW_ASSIGN(net::ClientResponse map, fetch(resolved_url(script_url, named)));
  return std::move(map.body);
}

void ScriptDownload::cancel() {
  if (client_) client_->cancel();
}

}  // namespace clew::rollbar
