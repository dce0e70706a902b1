// An attribute in the bytes that nearly every sender writes: the key, then the value, a text or a number,
// each shorter than 128 bytes and nothing else. Recognised in a few comparisons; what is written any other
// way is for the reader of fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::store {

struct PlainAttribute {
  std::string_view key;
  std::optional<std::string_view> text;  // else the number
  int64_t number = 0;
};

constexpr uint8_t field_byte(uint32_t number, WireType type) {
  return static_cast<uint8_t>(number << 3 | static_cast<uint32_t>(type));
}

inline bool read_plain_attribute(std::string_view bytes, PlainAttribute& attribute) {
  constexpr uint8_t kKey = field_byte(otlp::key_value::key, WireType::bytes);
  constexpr uint8_t kValue = field_byte(otlp::key_value::value, WireType::bytes);
  constexpr uint8_t kText = field_byte(otlp::any_value::string, WireType::bytes);
  constexpr uint8_t kNumber = field_byte(otlp::any_value::integer, WireType::varint);
  const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
  const size_t size = bytes.size();
  // Key and its size, at least one byte of it, value and its size, what kind and at least one byte.
  if (size < 7 || at[0] != kKey || at[1] == 0 || at[1] >= 128) return false;
  const size_t key = at[1];
  if (key + 6 > size) return false;
  const uint8_t* const value = at + 2 + key;
  if (value[0] != kValue || value[1] >= 128 || key + 4 + value[1] != size) return false;
  attribute.key = bytes.substr(2, key);
  if (value[2] == kText) {
    if (value[3] >= 128 || value[3] + 2 != value[1]) return false;
    attribute.text = bytes.substr(key + 6, value[3]);
    return true;
  }
  if (value[2] != kNumber) return false;
  const size_t last = value[1] + size_t{1};
  // Nine bytes hold all numbers but the negative ones.
  uint64_t number = 0;
  for (size_t i = 3; i <= last && i < 12; ++i) {
    number |= uint64_t{value[i] & 127u} << (7 * (i - 3));
    if (value[i] >= 128) continue;
    attribute.text.reset();
    attribute.number = static_cast<int64_t>(number);
    return i == last;
  }
  return false;
}

}  // namespace clew::store
