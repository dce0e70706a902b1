#include "protocols/rollbar/call.h"

#include <algorithm>
#include <charconv>

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

size_t Call::page() const {
  return static_cast<size_t>(std::clamp<int64_t>(number("page", 1), 1, kMostPages));
}

}  // namespace clew::rollbar
