// The names of everything in a data directory:
//
//   FORMAT               says that this is a data directory of clew, and of which version
//   LOCK                 held by the process that uses the directory
//   MANIFEST             the list of parts, and where the write-ahead log begins
//   wal/<number>.wal     segments of the write-ahead log
//   wal/*.damaged        bytes of the log that failed their checksum, kept for a person to look at
//   parts/<number>.part  immutable rows
//
// Numbers have 12 digits, so that names sort like numbers. A file *.tmp is a draft; it may be deleted at
// start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew::store {

constexpr std::string_view kFormatFileName = "FORMAT";
constexpr std::string_view kLockFileName = "LOCK";
constexpr std::string_view kManifestFileName = "MANIFEST";
constexpr std::string_view kWalDirectoryName = "wal";
constexpr std::string_view kPartsDirectoryName = "parts";
constexpr std::string_view kWalSuffix = ".wal";
constexpr std::string_view kPartSuffix = ".part";
constexpr std::string_view kDamagedSuffix = ".damaged";
constexpr std::string_view kDraftSuffix = ".tmp";
constexpr size_t kNumberDigits = 12;
constexpr uint64_t kMaxFileNumber = 999'999'999'999;

inline std::string numbered_name(uint64_t number, std::string_view suffix) {
  const std::string digits = std::to_string(number);
  std::string name(digits.size() < kNumberDigits ? kNumberDigits - digits.size() : 0, '0');
  return name.append(digits).append(suffix);
}
inline std::string wal_segment_name(uint64_t number) {
  return numbered_name(number, kWalSuffix);
}
inline std::string part_name(uint64_t number) {
  return numbered_name(number, kPartSuffix);
}

// The number in "<12 digits><suffix>"; nothing for any other name.
inline std::optional<uint64_t> number_in_name(std::string_view name, std::string_view suffix) {
  if (name.size() != kNumberDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  uint64_t number = 0;
  for (const char digit : name.substr(0, kNumberDigits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<uint64_t>(digit - '0');
  }
  return number;
}
inline std::optional<uint64_t> wal_segment_number(std::string_view name) {
  return number_in_name(name, kWalSuffix);
}
inline std::optional<uint64_t> part_number(std::string_view name) {
  return number_in_name(name, kPartSuffix);
}

}  // namespace clew::store
