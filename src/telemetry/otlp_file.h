// OTLP in files: export requests one behind the other, as the OpenTelemetry Collector's file exporter writes
// them.
//
//   JSON lines    one request a line
//   frames        length (4 bytes, big-endian), then a request in protobuf or JSON
//   zstd frames   the same, each request compressed for itself (the exporter's `compression: zstd`)
//
// and any of these compressed as a whole with gzip or zstd. Nothing tells which signal a request is of; that
// is for the reader to find out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::otlp {

constexpr size_t kMaxFileMessageBytes = size_t{128} << 20;   // of one request, decompressed
constexpr size_t kMaxCompressedFileBytes = size_t{1} << 30;  // of a file compressed as a whole, decompressed

enum class FileEncoding : uint8_t { protobuf, json };

struct FileMessage {
  FileEncoding encoding = FileEncoding::protobuf;
  std::string bytes;
  uint64_t offset = 0;  // where it begins; in a file compressed as a whole, of what it decompresses to
};

class FileReader {
 public:
  // Fills the span, or less at the end; 0: the end.
  using Source = std::function<Result<size_t>(std::span<char>)>;
  explicit FileReader(Source source) : source_(std::move(source)) {}

  // nullopt at the end. bad_input, naming the offset, for what is none of the above or cut short; too_large
  // beyond the limits. After a failure nothing more can be read.
  Result<std::optional<FileMessage>> next();
  // Bytes taken from the source so far.
  uint64_t bytes_taken() const { return taken_; }

 private:
  enum class Shape : uint8_t { unknown, lines, frames };
  Status find_shape();
  Status decompress_all(bool is_gzip);
  // Makes at least so many bytes available, if the source has them.
  Status want(size_t bytes);
  std::string_view available() const { return std::string_view(buffer_).substr(begin_); }
  void skip(size_t bytes);
  Result<std::optional<FileMessage>> next_line();
  Result<std::optional<FileMessage>> next_frame();

  Source source_;
  Shape shape_ = Shape::unknown;
  bool at_end_ = false;
  uint64_t taken_ = 0;
  uint64_t offset_ = 0;  // of begin_
  std::string buffer_;
  size_t begin_ = 0;
};

// Appends a request as a frame.
void append_frame(std::string& out, std::string_view message);

}  // namespace clew::otlp
