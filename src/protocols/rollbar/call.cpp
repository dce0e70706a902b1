#include "protocols/rollbar/call.h"

#include <algorithm>
#include <charconv>

#include "net/url_encoding.h"

namespace clew::rollbar {
namespace {

constexpr int64_t kMostPages = 500;

}  // namespace

int64_t Call::number(std::string_view name, int64_t otherwise) const {
  const std::string text = parameter(name);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

std::vector<std::string> Call::parameters(std::string_view name) const {
  std::vector<std::string> all;
  for (std::string_view rest = request.query; !rest.empty();) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string value = net::query_parameter(rest.substr(0, end), name).value_or("");
    for (std::string_view list = value; !list.empty();) {
      const size_t comma = std::min(list.find(','), list.size());
      if (comma > 0) all.emplace_back(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

size_t Call::page() const {
  return static_cast<size_t>(std::clamp<int64_t>(number("page", 1), 1, kMostPages));
}

}  // namespace clew::rollbar
