#include "control/errors/wire_numbers.h"

#include <algorithm>
#include <array>

namespace clew::control::errors {
namespace {

// Each at its number.
constexpr std::array<std::string_view, 33> kFrameworks = {
    "unknown",    "rails",          "django",  "pyramid", "node-js", "pylons",     "php",
    "browser-js", "rollbar-system", "android", "ios",     "mailgun", "logentries", "python",
    "ruby",       "sidekiq",        "flask",   "celery",  "rq",      "java",       "dotnet",
    "go",         "react-native",   "macos",   "apex",    "spring",  "bottle",     "twisted",
    "asgi",       "starlette",      "fastapi", "karafka", "flutter"};
constexpr std::array<std::string_view, 8> kPlatforms = {
    "unknown", "browser", "flash", "android", "ios", "heroku", "google-app-engine", "client"};

template <size_t Count>
int64_t place_in(const std::array<std::string_view, Count>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? 0 : found - names.begin();
}

}  // namespace

int64_t number_of_framework(std::string_view name) {
  return place_in(kFrameworks, name);
}

int64_t number_of_platform(std::string_view name) {
  return place_in(kPlatforms, name);
}

}  // namespace clew::control::errors
