// Numbers as bytes, for the files of the store. append_… adds to the end of a string; ByteReader consumes
// from the front and, because bytes from a disk are hostile, never reads past the end: it fails once and
// stays failed.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace clew::store {

// Fixed width, little-endian.
template <typename Integer>
void append_fixed(std::string& out, Integer value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  out.append(raw, sizeof raw);
}

// Seven bits a byte, low ones first, the high bit says that more follow.
inline void append_varint(std::string& out, uint64_t value) {
  for (; value >= 128; value >>= 7) out += static_cast<char>(value | 128);
  out += static_cast<char>(value);
}
inline uint64_t zigzag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t unzigzag(uint64_t value) {
  return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
}
inline void append_signed_varint(std::string& out, int64_t value) {
  append_varint(out, zigzag(value));
}
inline void append_sized(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out += bytes;
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  // False once anything was asked for that is not there; all values since are zero or empty.
  bool ok() const { return ok_; }
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  size_t remaining() const { return rest_.size(); }
  std::string_view rest() const { return rest_; }

  template <typename Integer>
  Integer consume_fixed() {
    Integer value{};
    const std::string_view raw = consume_bytes(sizeof value);
    if (raw.size() == sizeof value) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  uint64_t consume_varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    fail();
    return 0;
  }
  int64_t consume_signed_varint() { return unzigzag(consume_varint()); }
  // A varint that is at most `limit`.
  uint64_t consume_count(uint64_t limit) {
    const uint64_t count = consume_varint();
    if (count <= limit) return count;
    fail();
    return 0;
  }
  std::string_view consume_bytes(size_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  std::string_view consume_sized() { return consume_bytes(consume_count(rest_.size())); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace clew::store
