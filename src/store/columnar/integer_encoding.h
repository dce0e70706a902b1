// Sequences of integers as bytes: constant, bit-packed, or in byte planes, whichever is smallest.
//
//   kind u8
//   0 constant    value (signed varint)
//   1 packed      as in bit_packing.h
//   2 planes      transform u8 (0 none, 1 delta), minimum (signed varint), planes as in byte_planes.h of
//   value - minimum;
//                 with delta, of zigzag(value - previous value), the first one's previous being `minimum`
//   3 plain       count * 8 bytes (the range does not fit 63 bits)
//
// Packing keeps columns quick to scan; planes win where values are skewed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/columnar/byte_coding.h"

namespace clew::store {

void append_integers(std::string& out, std::span<const int64_t> values);
void append_codes(std::string& out, std::span<const uint32_t> values);

// Fills `values`, whose size is the count that was encoded. False when the bytes make no sense.
bool consume_integers(ByteReader& reader, std::span<int64_t> values);
bool consume_codes(ByteReader& reader, std::span<uint32_t> values);

// The values at some positions (ascending, each below `count`) out of `count` encoded ones. Packed values are
// fetched one by one; other forms are decoded as a whole.
bool consume_integers_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                         std::span<int64_t> values);
bool consume_codes_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                      std::span<uint32_t> values);

// Sets a bit in `found`, which is empty and has room for `count`, for each of the values that equals `code`.
bool find_code(ByteReader& reader, size_t count, uint32_t code, std::span<uint64_t> found);

}  // namespace clew::store
