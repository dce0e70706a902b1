#include "protocols/sender_key.h"

#include <algorithm>

#include "base/base64.h"
#include "net/url_encoding.h"

namespace clew {
namespace {

constexpr size_t kMostNamesBytes = 300;

std::string_view without_spaces(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::string decoded(std::string_view value) {
  std::string text(value);
  if (value.find('%') != std::string_view::npos) {
    if (std::optional<std::string> plain = net::percent_decode(value)) text = std::move(*plain);
  }
  return std::string(without_spaces(text));
}

// What follows "bearer " or "basic ", in any letters; empty when another scheme stands there.
std::string_view behind_scheme(std::string_view credentials, std::string_view scheme) {
  const bool is_it = credentials.size() > scheme.size() &&
                     std::equal(scheme.begin(), scheme.end(), credentials.begin(), [](char want, char got) {
                       return want == (got >= 'A' && got <= 'Z' ? got + 32 : got);
                     });
  return is_it ? without_spaces(credentials.substr(scheme.size())) : std::string_view();
}

// The token of a bearer, or the password of anybody: clients that can set no headers have it in their
// address.
std::string key_in_credentials(std::string_view credentials) {
  if (const std::string_view token = behind_scheme(credentials, "bearer "); !token.empty())
    return std::string(token);
  const std::optional<std::string> pair = base64_decode(behind_scheme(credentials, "basic "));
  const size_t colon = pair ? pair->find(':') : std::string::npos;
  return colon == std::string::npos ? std::string() : pair->substr(colon + 1);
}

}  // namespace

std::optional<std::string> sender_key(const net::Headers& headers) {
  for (const std::string_view name : {"x-honeycomb-team", "x-hny-team"}) {
    if (const auto value = net::find_header(headers, name)) {
      if (std::string key = decoded(*value); !key.empty()) return key;
    }
  }
  if (const auto value = net::find_header(headers, "authorization")) {
    if (std::string key = key_in_credentials(decoded(*value)); !key.empty()) return key;
  }
  return std::nullopt;
}

std::string header_names(const net::Headers& headers) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : headers) {
    if (!name.starts_with(':')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (const std::string_view name : names) {
    if (text.size() + name.size() > kMostNamesBytes) return text + ", ...";
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text.empty() ? "none" : text;
}

}  // namespace clew
