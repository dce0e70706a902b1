// One pass of general compression over bytes, where it pays.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/columnar/byte_coding.h"

namespace clew::store {

// In the smaller of two forms: mode u8 (1 raw, 2 zstd), sizes (varints), bytes.
void append_compressed(std::string& out, std::string_view bytes);
// Nothing when the bytes make no sense or would be larger than `limit`.
bool consume_compressed(ByteReader& reader, size_t limit, std::string& bytes);
// The same into memory that has exactly the right size.
bool consume_compressed_into(ByteReader& reader, std::span<char> bytes);
// Goes past it; its size when decompressed.
size_t skip_compressed(ByteReader& reader);

// The parts of it. Appends size and zstd form and says so, or leaves `out` alone when that would not save a
// sixteenth.
bool append_zstd(std::string& out, std::string_view bytes);
bool decompress_exactly(std::string_view compressed, char* into, size_t size);

}  // namespace clew::store
