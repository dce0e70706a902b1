// Whole-buffer compression for bytes that cross the network. Decompressing has a hard limit on its output
// that holds while inflating, so that a small hostile input costs no more memory than the limit allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew {

enum class Compression : uint8_t {
  gzip,     // RFC 1952, any number of members
  deflate,  // RFC 1950 (zlib); raw RFC 1951 is understood too, since many senders confuse the two
  zstd,     // RFC 8878, any number of frames
};

std::string_view name_of(Compression compression);
// "gzip" (also "x-gzip"), "deflate", "zstd", in any case; nothing for other names.
std::optional<Compression> compression_named(std::string_view name);

// bad_input when the bytes are not whole and valid, too_large when the output would exceed `limit` bytes.
Result<std::string> decompress(Compression compression, std::string_view bytes, size_t limit);

enum class Effort : uint8_t { fast, balanced };
std::string compress(Compression compression, std::string_view bytes, Effort effort = Effort::fast);

// Whether the bytes begin as a gzip stream does.
bool looks_gzipped(std::string_view bytes);

}  // namespace clew
