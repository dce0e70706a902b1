#include "control/key_value.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/ascii.h"
#include "base/log.h"
#include "base/time.h"

namespace clew::control {
namespace {

constexpr std::string_view kPrefix = "hcaik_";
constexpr size_t kIdLength = 32;
constexpr size_t kSecretLength = 32;
constexpr size_t kLongestValue = 1024;
constexpr std::string_view kLettersAndDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

bool is_plain(char c) {
  return kLettersAndDigits.find(c) != std::string_view::npos;
}

constexpr std::string_view kCapitalsAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string random_text(size_t length) {
  // 252 = 7 * 36: bytes above are thrown away, so that every character is equally likely.
  constexpr uint8_t kFair = 252;
  std::string text;
  while (text.size() < length) {
    std::array<uint8_t, 64> random;
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
      bug("no random numbers from the system");
    for (const uint8_t byte : random) {
      if (byte < kFair && text.size() < length) text += kLettersAndDigits[byte % kLettersAndDigits.size()];
    }
  }
  return text;
}

}  // namespace

KeyHash hash_of_key(std::string_view value) {
  KeyHash hash{};
  unsigned size = 0;
  if (EVP_Digest(value.data(), value.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1 ||
      size != hash.size())
    bug("SHA-256 is not available");
  return hash;
}

std::string new_key_id() {
  // Ten characters of milliseconds since 1970 in base 36 (good until the year 10 000 and more), then chance.
  std::string time(10, '0');
  auto rest = static_cast<uint64_t>(now().count / 1'000'000);
  for (size_t i = time.size(); i-- > 0; rest /= 36) time[i] = kLettersAndDigits[rest % 36];
  return std::string(kPrefix) + time + random_text(kIdLength - kPrefix.size() - time.size());
}

std::string new_key_secret() {
  return random_text(kSecretLength);
}

std::string new_aws_access_key() {
  constexpr size_t kLength = 16;
  std::array<uint8_t, kLength> random;
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    bug("no random numbers from the system");
  std::string key = "AKIA";
  for (const uint8_t byte : random) key += kCapitalsAndDigits[byte % kCapitalsAndDigits.size()];
  return key;
}

std::string new_aws_secret() {
  return random_text(40);
}

std::string id_for_value(std::string_view value) {
  const bool ours = value.size() == kIdLength + kSecretLength && value.starts_with("hc") && value[2] >= 'a' &&
                    value[2] <= 'z' && value.substr(3, 3) == "ik_" &&
                    std::all_of(value.begin() + 6, value.begin() + kIdLength, is_plain);
  return ours ? std::string(value.substr(0, kIdLength)) : new_key_id();
}

Status check_key_value(std::string_view value) {
  if (value.empty()) return Status(ErrorKind::bad_input, "a key cannot be empty");
  if (value.size() > kLongestValue)
    return Status(ErrorKind::bad_input,
                  fmt::format("a key has at most {} characters, got {}", kLongestValue, value.size()));
  const auto bad = std::find_if(value.begin(), value.end(), [](char c) { return c <= ' ' || c > '~'; });
  if (bad != value.end())
    return Status(ErrorKind::bad_input,
                  fmt::format("a key consists of printable ASCII without blanks; character {} is not",
                              bad - value.begin() + 1));
  return Status();
}

std::string_view trim_key_value(std::string_view value) {
  return trimmed(value, " \t\r\n\"'");
}

}  // namespace clew::control
