#include "base/zip_archive.h"

#include <algorithm>
#include <optional>
#include <zlib.h>

#include <fmt/format.h>

#include "base/compression.h"

namespace clew {
namespace {

constexpr uint32_t kEndOfList = 0x06054b50;
constexpr uint32_t kListed = 0x02014b50;
constexpr uint32_t kLocal = 0x04034b50;
constexpr size_t kEndBytes = 22, kListedBytes = 46, kLocalBytes = 30;
constexpr size_t kLongestComment = 0xffff;
constexpr uint16_t kEncrypted = 1;
constexpr uint16_t kStored = 0, kDeflated = 8;

Status damaged(std::string_view why) {
  return {ErrorKind::bad_input, fmt::format("not a valid zip: {}", why)};
}

// A number of `size` bytes, the lowest first. The place must be within the bytes.
uint32_t number_at(std::string_view bytes, size_t at, size_t size) {
  uint32_t number = 0;
  for (size_t i = size; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

// Where the record stands that says where the list of files is: at the end, before a comment.
std::optional<size_t> find_end(std::string_view bytes) {
  if (bytes.size() < kEndBytes) return std::nullopt;
  const size_t last = bytes.size() - kEndBytes;
  for (size_t back = 0; back <= std::min(last, kLongestComment); ++back)
    if (number_at(bytes, last - back, 4) == kEndOfList && number_at(bytes, last - back + 20, 2) == back)
      return last - back;
  return std::nullopt;
}

}  // namespace

Result<ZipArchive> ZipArchive::read(std::string_view bytes) {
  const std::optional<size_t> end = find_end(bytes);
  if (!end) return damaged("it has no list of files");
  const size_t count = number_at(bytes, *end + 10, 2);
  size_t at = number_at(bytes, *end + 16, 4);
  if (count > kMostFiles)
    return Status(ErrorKind::too_large, fmt::format("a zip with more than {} files", kMostFiles));
  ZipArchive archive;
  for (size_t i = 0; i < count; ++i) {
    if (at > bytes.size() || bytes.size() - at < kListedBytes || number_at(bytes, at, 4) != kListed)
      return damaged("its list of files is cut off");
    File file;
    const uint32_t flags = number_at(bytes, at + 8, 2);
    file.method = static_cast<uint16_t>(number_at(bytes, at + 10, 2));
    file.checksum = number_at(bytes, at + 16, 4);
    const size_t packed = number_at(bytes, at + 20, 4);
    file.size = number_at(bytes, at + 24, 4);
    const size_t name = number_at(bytes, at + 28, 2);
    const size_t rest = size_t{number_at(bytes, at + 30, 2)} + number_at(bytes, at + 32, 2);
    const size_t local = number_at(bytes, at + 42, 4);
    if (bytes.size() - at - kListedBytes < name + rest) return damaged("its list of files is cut off");
    file.name = bytes.substr(at + kListedBytes, name);
    at += kListedBytes + name + rest;
    if (file.name.ends_with('/')) continue;
    if (flags & kEncrypted) return damaged(fmt::format("'{}' is encrypted", file.name));
    if (local > bytes.size() || bytes.size() - local < kLocalBytes || number_at(bytes, local, 4) != kLocal)
      return damaged(fmt::format("'{}' is not where its list says", file.name));
    const size_t begin =
        local + kLocalBytes + number_at(bytes, local + 26, 2) + number_at(bytes, local + 28, 2);
    if (begin > bytes.size() || bytes.size() - begin < packed)
      return damaged(fmt::format("'{}' is cut off", file.name));
    file.packed = bytes.substr(begin, packed);
    archive.files_.push_back(std::move(file));
  }
  return archive;
}

Result<std::string> ZipArchive::unpack(const File& file, size_t limit) {
  if (file.size > limit)
    return Status(ErrorKind::too_large,
                  fmt::format("'{}' has {} bytes; at most {} are taken", file.name, file.size, limit));
  std::string text;
  if (file.method == kStored) {
    text = file.packed;
  } else if (file.method == kDeflated) {
    CLEW_ASSIGN(text, decompress(Compression::deflate, file.packed, limit));
  } else {
    return damaged(fmt::format("'{}' is packed in a way of its own ({})", file.name, file.method));
  }
  const auto checksum =
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<z_size_t>(text.size()));
  if (text.size() != file.size || checksum != file.checksum)
    return damaged(fmt::format("'{}' has other bytes than its list says", file.name));
  return text;
}

}  // namespace clew
