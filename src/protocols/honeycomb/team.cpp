#include "protocols/honeycomb/team.h"

#include <algorithm>

namespace clew::honeycomb {
namespace {

constexpr size_t kClassicKeyLength = 32;
constexpr size_t kIngestKeyLength = 64;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool is_classic_key(std::string_view key) {
  if (key.size() == kClassicKeyLength)
    return std::all_of(key.begin(), key.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  if (key.size() != kIngestKeyLength) return false;
  return key.starts_with("hc") && is_lower(key[2]) && key.substr(3, 3) == "ic_" &&
         std::all_of(key.begin() + 6, key.end(), [](char c) { return is_digit(c) || is_lower(c); });
}

std::string environment_name(const ApiOptions& options, EnvironmentId environment) {
  std::string name = options.environment_name ? options.environment_name(environment) : std::string();
  return name.empty() ? "default" : name;
}

bool may_manage(const control::Grant& grant) {
  return grant.kind == control::KeyKind::management || grant.key_id.empty();
}

}  // namespace clew::honeycomb
