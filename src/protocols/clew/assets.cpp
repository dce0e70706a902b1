#include "protocols/clew/assets.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/compression.h"
#include "protocols/clew/content_encoding.h"

namespace clew::api {
namespace {

// A page may load what comes from this server and nothing else; it sets no cookies and frames nobody.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";
// Where programs ask: a wrong path there is a mistake that should be told, not a page.
constexpr std::array<std::string_view, 8> kApiPrefixes = {"/clew/", "/v1/",     "/1/",     "/2/",
                                                          "/api/",  "/jaeger/", "/tempo/", "/assets/"};
constexpr size_t kLargestAsset = 64 << 20;

// Whether the header's list names `wanted`, weak or not.
bool lists_etag(std::string_view header, std::string_view wanted) {
  return header == "*" || header.find(wanted) != std::string_view::npos;
}

net::Response response_named(std::string_view path, const net::Request& request) {
  const Asset* asset = find_asset(path);
  if (asset == nullptr) return net::text_response(500, std::string(path) + " is not in this binary");
  return asset_response(*asset, request);
}

}  // namespace

const Asset* find_asset(std::string_view path) {
  const std::span<const Asset> assets = all_assets();
  const auto found =
      std::find_if(assets.begin(), assets.end(), [&](const Asset& asset) { return asset.path == path; });
  return found == assets.end() ? nullptr : &*found;
}

net::Response asset_response(const Asset& asset, const net::Request& request) {
  net::Response response;
  response.headers = {
      {"content-type", std::string(asset.content_type)},
      {"etag", std::string(asset.etag)},
      {"cache-control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"vary", "accept-encoding"},
      {"x-content-type-options", "nosniff"},
      {"referrer-policy", "no-referrer"},
      {"content-security-policy", std::string(kContentSecurityPolicy)},
  };
  if (const auto known = request.header("if-none-match"); known && lists_etag(*known, asset.etag)) {
    response.status = 304;
    return response;
  }
  if (takes_gzip(request)) {
    response.headers.emplace_back("content-encoding", "gzip");
    response.body = asset.gzip();
    return response;
  }
  Result<std::string> plain = decompress(Compression::gzip, asset.gzip(), kLargestAsset);
  if (!plain.ok()) return net::text_response(500, "An asset of the page is damaged in this binary");
  response.body = std::move(plain).value();
  return response;
}

net::Response page_response(const net::Request& request) {
  return response_named("/index.html", request);
}

net::Response description_response(const net::Request& request) {
  return response_named("/openapi.yaml", request);
}

std::optional<net::Response> page_fallback(const net::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (const Asset* asset = find_asset(request.path)) return asset_response(*asset, request);
  const bool is_api = std::any_of(kApiPrefixes.begin(), kApiPrefixes.end(),
                                  [&](std::string_view prefix) { return request.path.starts_with(prefix); });
  const std::string_view accepted = request.header("accept").value_or(std::string_view());
  if (is_api || accepted.find("text/html") == std::string_view::npos) return std::nullopt;
  return page_response(request);
}

}  // namespace clew::api
