// The web page's files, gzipped, inside the binary (cmake/assets.cmake puts them there).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "net/http.h"

namespace clew::api {

struct Asset {
  std::string_view path;  // "/index.html"
  std::string_view content_type;
  std::string_view etag;  // in quotes, of the contents
  bool immutable;         // its name changes with its contents
  const unsigned char* gzip_begin;
  const unsigned char* gzip_end;

  std::string_view gzip() const {
    return {reinterpret_cast<const char*>(gzip_begin), static_cast<size_t>(gzip_end - gzip_begin)};
  }
};

// In the order of their paths. Generated.
std::span<const Asset> all_assets();
const Asset* find_asset(std::string_view path);

// 200 with the encoding that the client takes, or 304 when it has it already.
net::Response asset_response(const Asset& asset, const net::Request& request);
// index.html.
net::Response page_response(const net::Request& request);
// docs/api/openapi.yaml.
net::Response description_response(const net::Request& request);
// For what no route serves: the page's files, and the page itself for whoever asks for HTML at an address
// that is no API's, because the page has addresses of its own. Otherwise nothing.
std::optional<net::Response> page_fallback(const net::Request& request);

}  // namespace clew::api
