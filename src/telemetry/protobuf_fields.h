// ProtobufFields: the fields of a message one after the other, with the bytes they stand in, for stages that
// copy messages and change a little. Nothing is read beyond the message.
#pragma once

#include <cstdint>
#include <string_view>

#include "telemetry/protobuf_writer.h"

namespace clew {

struct ProtobufField {
  uint32_t number = 0;
  WireType type = WireType::varint;
  uint64_t integer = 0;    // varint, fixed64, fixed32
  std::string_view bytes;  // of WireType::bytes
  std::string_view raw;    // tag and all
};

class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view message) : rest_(message) {}

  // False at the end, and where the bytes are no protobuf.
  bool next(ProtobufField& field) {
    if (rest_.empty() || malformed_) return false;
    const std::string_view begin = rest_;
    uint64_t tag = 0;
    if (!take_varint(tag) || tag >> 3 == 0 || tag >> 3 > (1u << 29) - 1) return fail();
    field = {};
    field.number = static_cast<uint32_t>(tag >> 3);
    field.type = static_cast<WireType>(tag & 7);
    switch (field.type) {
      case WireType::varint:
        if (!take_varint(field.integer)) return fail();
        break;
      case WireType::fixed64:
        if (!take_fixed(8, field.integer)) return fail();
        break;
      case WireType::fixed32:
        if (!take_fixed(4, field.integer)) return fail();
        break;
      case WireType::bytes: {
        uint64_t size = 0;
        if (!take_varint(size) || size > rest_.size()) return fail();
        field.bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        break;
      }
      default:
        return fail();
    }
    field.raw = begin.substr(0, begin.size() - rest_.size());
    return true;
  }
  bool malformed() const { return malformed_; }

 private:
  bool fail() {
    malformed_ = true;
    return false;
  }
  bool take_varint(uint64_t& value) {
    value = 0;
    for (size_t i = 0; i < 10 && i < rest_.size(); ++i) {
      const auto byte = static_cast<uint8_t>(rest_[i]);
      value |= uint64_t{byte & 0x7fu} << (7 * i);
      if (byte < 128) {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }
  bool take_fixed(size_t size, uint64_t& value) {
    if (rest_.size() < size) return false;
    value = 0;
    for (size_t i = 0; i < size; ++i) value |= uint64_t{static_cast<uint8_t>(rest_[i])} << (8 * i);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  bool malformed_ = false;
};

}  // namespace clew
