#include "telemetry/otlp_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/compression.h"

namespace clew::otlp {
namespace {

constexpr size_t kReadBytes = size_t{256} << 10;
constexpr size_t kLengthBytes = 4;
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";
constexpr std::string_view kBlanks = " \t\r\n";

// No length begins like a blank or a brace.
static_assert(kMaxFileMessageBytes >> 24 < '\t');

uint32_t length_in(std::string_view bytes) {
  uint32_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  return length;
}

}  // namespace

Status FileReader::want(size_t bytes) {
  while (buffer_.size() - begin_ < bytes && !at_end_) {
    if (begin_ > kReadBytes) {
      buffer_.erase(0, begin_);
      begin_ = 0;
    }
    const size_t before = buffer_.size();
    buffer_.resize(before + kReadBytes);
    const Result<size_t> got = source_(std::span(buffer_).subspan(before));
    buffer_.resize(before + (got.ok() ? *got : 0));
    CLEW_TRY(got.status());
    taken_ += *got;
    at_end_ = *got == 0;
  }
  return {};
}

void FileReader::skip(size_t bytes) {
  begin_ += bytes;
  offset_ += bytes;
}

Status FileReader::decompress_all(bool is_gzip) {
  while (!at_end_) {
    if (buffer_.size() > kMaxCompressedFileBytes)
      return Status(ErrorKind::too_large,
                    "a compressed file of more than 1 GiB: decompress it first, for "
                    "instance with zstd -dc FILE | clew import -");
    CLEW_TRY(want(buffer_.size() + kReadBytes));
  }
  auto whole = decompress(is_gzip ? Compression::gzip : Compression::zstd, buffer_, kMaxCompressedFileBytes);
  if (!whole.ok()) return std::move(whole).status().within("the file is compressed");
  buffer_ = std::move(*whole);
  return {};
}

Status FileReader::find_shape() {
  CLEW_TRY(want(kZstdMagic.size()));
  const bool is_gzip = looks_gzipped(available());
  if (is_gzip || available().starts_with(kZstdMagic)) CLEW_TRY(decompress_all(is_gzip));
  while (!available().empty() && kBlanks.find(available().front()) != std::string_view::npos) {
    skip(1);
    CLEW_TRY(want(1));
  }
  const auto first = available().empty() ? '{' : available().front();
  if (first == '{') {
    shape_ = Shape::lines;
  } else if (static_cast<unsigned char>(first) <= kMaxFileMessageBytes >> 24) {
    shape_ = Shape::frames;
  } else {
    return Status(ErrorKind::bad_input,
                  fmt::format("neither JSON lines nor length-prefixed requests: the first byte is {:#04x}",
                              static_cast<unsigned char>(first)));
  }
  return {};
}

Result<std::optional<FileMessage>> FileReader::next() {
  if (shape_ == Shape::unknown) CLEW_TRY(find_shape());
  return shape_ == Shape::lines ? next_line() : next_frame();
}

Result<std::optional<FileMessage>> FileReader::next_line() {
  for (;;) {
    size_t searched = 0, end = std::string_view::npos;
    for (;;) {
      end = available().find('\n', searched);
      if (end != std::string_view::npos || at_end_) break;
      searched = available().size();
      if (searched > kMaxFileMessageBytes)
        return Status(ErrorKind::too_large,
                      fmt::format("the line at {} is longer than {} bytes", offset_, kMaxFileMessageBytes));
      CLEW_TRY(want(searched + 1));
    }
    const std::string_view line = available().substr(0, end);
    const size_t text = line.find_first_not_of(kBlanks);
    FileMessage message{.encoding = FileEncoding::json, .bytes = {}, .offset = offset_};
    if (text != std::string_view::npos) message.bytes = line;
    const bool is_last = end == std::string_view::npos;
    skip(is_last ? line.size() : end + 1);
    if (!message.bytes.empty()) return std::optional(std::move(message));
    if (is_last) return std::optional<FileMessage>();
  }
}

Result<std::optional<FileMessage>> FileReader::next_frame() {
  CLEW_TRY(want(kLengthBytes));
  if (available().empty()) return std::optional<FileMessage>();
  const auto cut_short = [&](size_t expected, size_t got) {
    return Status(ErrorKind::bad_input, fmt::format("the file is cut short: expected {} bytes at {}, got {}",
                                                    expected, offset_, got));
  };
  if (available().size() < kLengthBytes) return cut_short(kLengthBytes, available().size());
  const uint32_t length = length_in(available());
  if (length > kMaxFileMessageBytes)
    return Status(ErrorKind::too_large,
                  fmt::format("the request at {} has {} bytes (limit {}): is this a file "
                              "of length-prefixed requests?",
                              offset_, length, kMaxFileMessageBytes));
  FileMessage message{.encoding = FileEncoding::protobuf, .bytes = {}, .offset = offset_};
  skip(kLengthBytes);
  CLEW_TRY(want(length));
  if (available().size() < length) return cut_short(length, available().size());
  message.bytes = available().substr(0, length);
  skip(length);
  if (message.bytes.starts_with(kZstdMagic)) {
    auto plain = decompress(Compression::zstd, message.bytes, kMaxFileMessageBytes);
    if (!plain.ok())
      return std::move(plain).status().within(fmt::format("the request at {}", message.offset));
    message.bytes = std::move(*plain);
  }
  if (message.bytes.starts_with('{')) message.encoding = FileEncoding::json;
  return std::optional(std::move(message));
}

void append_frame(std::string& out, std::string_view message) {
  const auto length = static_cast<uint32_t>(message.size());
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift & 0xff);
  out += message;
}

}  // namespace clew::otlp
