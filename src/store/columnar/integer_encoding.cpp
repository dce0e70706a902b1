#include "store/columnar/integer_encoding.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "store/columnar/bit_packing.h"
#include "store/columnar/byte_planes.h"

namespace clew::store {
namespace {

constexpr uint8_t kConstant = 0, kPacked = 1, kPlanes = 2, kPlain = 3;

template <typename Value>
void append_as_planes(std::string& out, std::span<const Value> values, int64_t minimum, int64_t maximum,
                      bool delta) {
  thread_local std::vector<uint64_t> numbers;
  numbers.resize(values.size());
  uint64_t largest = static_cast<uint64_t>(maximum) - static_cast<uint64_t>(minimum);
  if (delta) {
    largest = 0;
    uint64_t previous = static_cast<uint64_t>(minimum);
    for (size_t i = 0; i < values.size(); ++i) {
      numbers[i] = zigzag(static_cast<int64_t>(static_cast<uint64_t>(values[i]) - previous));
      largest |= numbers[i];
      previous = static_cast<uint64_t>(values[i]);
    }
  } else {
    for (size_t i = 0; i < values.size(); ++i)
      numbers[i] = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(minimum);
  }
  out += static_cast<char>(kPlanes);
  out += static_cast<char>(delta ? 1 : 0);
  append_signed_varint(out, minimum);
  append_planes(out, numbers, largest);
}

// Whether neighbours are so close that differences take clearly fewer bits than distances from the minimum.
template <typename Value>
bool prefers_delta(std::span<const Value> values, int64_t minimum) {
  uint64_t plain = 0, delta = 0;
  Value previous = values[0];
  for (const Value value : values) {
    plain += std::bit_width(static_cast<uint64_t>(value) - static_cast<uint64_t>(minimum));
    delta += std::bit_width(
        zigzag(static_cast<int64_t>(static_cast<uint64_t>(value) - static_cast<uint64_t>(previous))));
    previous = value;
  }
  return delta + values.size() < plain;
}

template <typename Value>
void append_values(std::string& out, std::span<const Value> values) {
  if (values.empty()) {
    out += static_cast<char>(kConstant);
    append_signed_varint(out, 0);
    return;
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto minimum = static_cast<int64_t>(*low), maximum = static_cast<int64_t>(*high);
  if (minimum == maximum) {
    out += static_cast<char>(kConstant);
    append_signed_varint(out, minimum);
    return;
  }
  const uint64_t range = static_cast<uint64_t>(maximum) - static_cast<uint64_t>(minimum);
  const unsigned width = static_cast<unsigned>(std::bit_width(range));
  if (width > 63) {
    out += static_cast<char>(kPlain);
    for (const Value value : values) append_fixed(out, static_cast<int64_t>(value));
    return;
  }
  const size_t begin = out.size();
  append_as_planes(out, values, minimum, maximum, prefers_delta(values, minimum));
  // Packed values decode faster and from any position, so planes must earn their place.
  const size_t packed = packed_bytes(values.size(), width);
  if (out.size() - begin > packed - packed / 12) {
    out.resize(begin);
    out += static_cast<char>(kPacked);
    append_packed(out, values, minimum, width);
  }
}

template <typename Value>
bool consume_values(ByteReader& reader, std::span<Value> values) {
  const auto kind = reader.consume_fixed<uint8_t>();
  if (!reader.ok()) return false;
  switch (kind) {
    case kConstant: {
      std::fill(values.begin(), values.end(), static_cast<Value>(reader.consume_signed_varint()));
      return reader.ok();
    }
    case kPacked:
      return consume_packed(reader, values);
    case kPlanes: {
      const bool delta = reader.consume_fixed<uint8_t>() == 1;
      auto base = static_cast<uint64_t>(reader.consume_signed_varint());
      // Codes are below 2^32 and so are their distances; of neighbours the difference takes a bit more.
      if constexpr (sizeof(Value) == 4) {
        if (!delta && reader.ok()) {
          if (!consume_planes(reader, values)) return false;
          for (Value& value : values) value += static_cast<Value>(base);
          return true;
        }
      }
      thread_local std::vector<uint64_t> numbers;
      numbers.resize(values.size());
      if (!reader.ok() || !consume_planes(reader, std::span(numbers))) return false;
      if (delta) {
        for (size_t i = 0; i < values.size(); ++i) {
          base += static_cast<uint64_t>(unzigzag(numbers[i]));
          values[i] = static_cast<Value>(base);
        }
      } else {
        for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Value>(numbers[i] + base);
      }
      return true;
    }
    case kPlain: {
      const std::string_view raw = reader.consume_bytes(values.size() * 8);
      if (!reader.ok()) return false;
      for (size_t i = 0; i < values.size(); ++i) {
        int64_t value;
        std::memcpy(&value, raw.data() + i * 8, 8);
        values[i] = static_cast<Value>(value);
      }
      return true;
    }
    default:
      return false;
  }
}

template <typename Value>
bool consume_values_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                       std::span<Value> values) {
  if (reader.remaining() > 0 && static_cast<uint8_t>(reader.rest()[0]) == kPacked) {
    reader.consume_fixed<uint8_t>();
    return consume_packed_at(reader, count, positions, values);
  }
  const std::string_view head = reader.rest().substr(0, 2);
  if (head.size() == 2 && static_cast<uint8_t>(head[0]) == kPlanes) {
    reader.consume_bytes(head.size());
    auto base = static_cast<uint64_t>(reader.consume_signed_varint());
    PlaneBytes planes;
    if (!reader.ok() || !planes.read(reader, count, 8)) return false;
    if (head[1] != 1) {
      for (size_t i = 0; i < positions.size(); ++i)
        values[i] = static_cast<Value>(planes.number_at(positions[i]) + base);
      return true;
    }
    uint64_t summed = 0;  // differences that are in `base`
    for (size_t i = 0; i < positions.size(); ++i) {
      const uint64_t end = uint64_t{positions[i]} + 1;
      base += planes.sum_of_differences(summed, end);
      summed = end;
      values[i] = static_cast<Value>(base);
    }
    return true;
  }
  thread_local std::vector<Value> all;
  all.resize(count);
  if (!consume_values(reader, std::span(all))) return false;
  for (size_t i = 0; i < positions.size(); ++i) values[i] = all[positions[i]];
  return true;
}

}  // namespace

void append_integers(std::string& out, std::span<const int64_t> values) {
  append_values(out, values);
}
void append_codes(std::string& out, std::span<const uint32_t> values) {
  append_values(out, values);
}
bool consume_integers(ByteReader& reader, std::span<int64_t> values) {
  return consume_values(reader, values);
}
bool consume_codes(ByteReader& reader, std::span<uint32_t> values) {
  return consume_values(reader, values);
}

bool consume_integers_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                         std::span<int64_t> values) {
  return consume_values_at(reader, count, positions, values);
}
bool consume_codes_at(ByteReader& reader, size_t count, std::span<const uint32_t> positions,
                      std::span<uint32_t> values) {
  return consume_values_at(reader, count, positions, values);
}

bool find_code(ByteReader& reader, size_t count, uint32_t code, std::span<uint64_t> found) {
  ByteReader ahead = reader;
  if (ahead.consume_fixed<uint8_t>() == kPacked) {
    reader = ahead;
    return find_packed(reader, count, code, found);
  }
  thread_local std::vector<uint32_t> codes;
  codes.resize(count);
  if (!consume_codes(reader, codes)) return false;
  for (size_t begin = 0; begin < count; begin += 64) {
    const size_t end = std::min(begin + 64, count);
    uint32_t any = 0;  // wide, so that the loop is vectorised
    for (size_t i = begin; i < end; ++i) any |= static_cast<uint32_t>(codes[i] == code);
    if (any == 0) continue;
    for (size_t i = begin; i < end; ++i)
      found[begin / 64] |= static_cast<uint64_t>(codes[i] == code) << (i - begin);
  }
  return true;
}

}  // namespace clew::store
