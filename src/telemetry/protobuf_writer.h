// ProtobufWriter: appends protobuf fields to a string. Nested messages are written in place: their length is
// filled in when they end, so no message is built twice.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace clew {

enum class WireType : uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

class ProtobufWriter {
 public:
  // Where a nested message began; given back to end_message().
  struct Nested {
    size_t begin;
  };

  // Appends to `out`, which must outlive the writer.
  explicit ProtobufWriter(std::string& out) : out_(out) {}

  void varint(uint32_t field, uint64_t value) {
    tag(field, WireType::varint);
    raw_varint(value);
  }
  // int32 and enumerations: negative values take ten bytes, as protobuf wants it.
  void int32(uint32_t field, int32_t value) { varint(field, static_cast<uint64_t>(int64_t{value})); }
  void sint32(uint32_t field, int32_t value) { varint(field, zigzag(value)); }
  void boolean(uint32_t field, bool value) { varint(field, value ? 1 : 0); }
  void fixed32(uint32_t field, uint32_t value) {
    tag(field, WireType::fixed32);
    raw_fixed(value);
  }
  void fixed64(uint32_t field, uint64_t value) {
    tag(field, WireType::fixed64);
    raw_fixed(value);
  }
  void floating(uint32_t field, double value) { fixed64(field, std::bit_cast<uint64_t>(value)); }
  // Strings, bytes, and messages that are serialized already.
  void bytes(uint32_t field, std::string_view value) {
    tag(field, WireType::bytes);
    raw_varint(value.size());
    out_.append(value);
  }

  // Everything written up to end_message() belongs to the nested message (or the packed field).
  [[nodiscard]] Nested begin_message(uint32_t field) {
    tag(field, WireType::bytes);
    out_.push_back(0);
    return {out_.size()};
  }
  void end_message(Nested nested) {
    const size_t size = out_.size() - nested.begin;
    if (size < 128) {
      out_[nested.begin - 1] = static_cast<char>(size);
      return;
    }
    // One byte was kept for the length, which is enough for nearly all messages; the few large ones move up.
    char length[10];
    const size_t length_bytes = encode(size, length);
    out_.insert(nested.begin, length_bytes - 1, '\0');
    std::memcpy(out_.data() + nested.begin - 1, length, length_bytes);
  }

  // Values without their tag, for packed fields.
  void raw_varint(uint64_t value) {
    if (value < 128) {
      out_.push_back(static_cast<char>(value));
      return;
    }
    char encoded[10];
    out_.append(encoded, encode(value, encoded));
  }
  void raw_fixed(uint32_t value) { raw_little_endian(value); }
  void raw_fixed(uint64_t value) { raw_little_endian(value); }

  static uint64_t zigzag(int64_t value) {
    return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  }

 private:
  void tag(uint32_t field, WireType type) { raw_varint(uint64_t{field} << 3 | static_cast<uint64_t>(type)); }

  static size_t encode(uint64_t value, char* to) {
    size_t size = 0;
    for (; value >= 128; value >>= 7) to[size++] = static_cast<char>(value | 128);
    to[size++] = static_cast<char>(value);
    return size;
  }

  template <typename Unsigned>
  void raw_little_endian(Unsigned value) {
    static_assert(std::endian::native == std::endian::little);
    char encoded[sizeof value];
    std::memcpy(encoded, &value, sizeof value);
    out_.append(encoded, sizeof value);
  }

  std::string& out_;
};

}  // namespace clew
