#include "store/columnar/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>
#include <xxhash.h>

#include "base/log.h"
#include "store/columnar/file_names.h"

namespace clew::store {
namespace {

constexpr std::string_view kTitle = "clew-manifest";
// A line of a part has some 150 bytes, and the file two copies: this is room for a million parts.
constexpr uint64_t kMaxManifestBytes = uint64_t{512} << 20;

std::string checksum_of(std::string_view text) {
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return std::string(hex.data(), 16);
}

void put(std::string& line, std::string_view key, std::integral auto value) {
  line.append(" ").append(key).append("=").append(std::to_string(value));
}

std::string encode_copy(const Manifest& manifest) {
  std::string text(kTitle);
  put(text, "format", kManifestFormatVersion);
  text += "\n";
  text += "next";
  put(text, "part", manifest.next_part);
  put(text, "wal_segment", manifest.first_wal_segment);
  text += "\n";
  for (const PartEntry& part : manifest.parts) {
    text += "part";
    put(text, "number", part.number);
    put(text, "environment", part.environment.number);
    put(text, "signal", static_cast<int>(part.signal));
    put(text, "day", part.day);
    put(text, "level", part.level);
    put(text, "rows", part.rows);
    put(text, "bytes", part.bytes);
    put(text, "first", part.first.count);
    put(text, "last", part.last.count);
    text += "\n";
  }
  return text + "checksum " + checksum_of(text) + "\n";
}

// Reads one line from left to right; the first thing that is not as expected makes it fail for good.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  LineReader& word(std::string_view expected) {
    if (rest_.starts_with(expected)) {
      rest_.remove_prefix(expected.size());
    } else {
      failed_ = true;
    }
    return *this;
  }
  template <std::integral Number>
  Number number(std::string_view key) {
    word(" ").word(key).word("=");
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) {
      failed_ = true;
      return {};
    }
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return value;
  }
  bool is_complete() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

Status corrupt(std::string_view what) {
  return Status(ErrorKind::corrupt, "the manifest is damaged: " + std::string(what));
}

std::optional<PartEntry> decode_part(std::string_view line) {
  LineReader reader(line);
  reader.word("part");
  PartEntry part;
  part.number = reader.number<uint64_t>("number");
  part.environment.number = reader.number<uint32_t>("environment");
  const uint8_t signal = reader.number<uint8_t>("signal");
  part.day = reader.number<int32_t>("day");
  part.level = reader.number<uint32_t>("level");
  part.rows = reader.number<uint64_t>("rows");
  part.bytes = reader.number<uint64_t>("bytes");
  part.first.count = reader.number<int64_t>("first");
  part.last.count = reader.number<int64_t>("last");
  if (signal < static_cast<uint8_t>(Signal::traces) || signal > static_cast<uint8_t>(Signal::metrics) ||
      !reader.is_complete()) {
    return std::nullopt;
  }
  part.signal = static_cast<Signal>(signal);
  return part;
}

// The version that the first line of a copy names; the one thing that stays the same in all versions.
std::optional<uint32_t> version_of(std::string_view copy) {
  LineReader reader(take_line(copy));
  reader.word(kTitle);
  const uint32_t version = reader.number<uint32_t>("format");
  if (!reader.is_complete()) return std::nullopt;
  return version;
}

Result<Manifest> decode_copy(std::string_view copy) {
  constexpr size_t kChecksumLineBytes = 9 + 16 + 1;  // "checksum ", digits, newline
  if (copy.size() < kChecksumLineBytes) return corrupt("it is too short");
  std::string_view body = copy.substr(0, copy.size() - kChecksumLineBytes);
  if (copy.substr(body.size()) != "checksum " + checksum_of(body) + "\n") {
    return corrupt("its checksum is wrong");
  }
  if (version_of(copy) != kManifestFormatVersion) return corrupt("its first line is wrong");
  take_line(body);
  Manifest manifest;
  LineReader next(take_line(body));
  next.word("next");
  manifest.next_part = next.number<uint64_t>("part");
  manifest.first_wal_segment = next.number<uint64_t>("wal_segment");
  if (!next.is_complete()) return corrupt("its second line is wrong");
  while (!body.empty()) {
    const std::string_view line = take_line(body);
    const std::optional<PartEntry> part = decode_part(line);
    if (!part) return corrupt("not a part: " + std::string(line));
    manifest.parts.push_back(*part);
  }
  return manifest;
}

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
  const std::string copy = encode_copy(manifest);
  return copy + copy;
}

Result<Manifest> decode_manifest(std::string_view text) {
  const size_t half = text.size() / 2;
  Result<Manifest> first = decode_copy(text.substr(0, half));
  if (first.ok()) return first;
  Result<Manifest> second = decode_copy(text.substr(half));
  if (second.ok()) {
    log_warning("store", "the first copy in the manifest is damaged, the second is used");
    return second;
  }
  const std::optional<uint32_t> version = version_of(text);
  if (version && *version > kManifestFormatVersion) {
    return Status(ErrorKind::unsupported, "the data was written by a newer clew (manifest format " +
                                              std::to_string(*version) + ", this one knows up to " +
                                              std::to_string(kManifestFormatVersion) +
                                              "); start the newer version, or choose another data directory");
  }
  return first;
}

Result<Manifest> load_manifest(FileSystem& system, const std::string& directory) {
  const std::string path = join_path(directory, kManifestFileName);
  Result<std::string> text = system.read_file(path, kMaxManifestBytes);
  if (!text.ok() && text.status().kind() == ErrorKind::not_found) {
    return Status(ErrorKind::corrupt,
                  "the manifest is missing; restore the data directory from a backup: " + path);
  }
  CLEW_TRY(text.status());
  Result<Manifest> manifest = decode_manifest(*text);
  if (!manifest.ok()) return std::move(manifest).status().within(path);
  return manifest;
}

Status commit_manifest(FileSystem& system, const std::string& directory, const Manifest& manifest) {
  return system.publish_file(join_path(directory, kManifestFileName), encode_manifest(manifest));
}

}  // namespace clew::store
