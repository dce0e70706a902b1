#include "protocols/honeycomb/msgpack.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "base/base64.h"
#include "base/time.h"

namespace clew::honeycomb {
namespace {

constexpr int8_t kTimestamp = -1;
constexpr int64_t kMostTimeSeconds = 9'200'000'000;
// Up to this many members a look at each of them is quicker than a table.
constexpr size_t kFewMembers = 16;

Status malformed() {
  return Status(ErrorKind::bad_input, "not MessagePack");
}

class Reader {
 public:
  Reader(std::string_view bytes, size_t deepest) : bytes_(bytes), deepest_(deepest) {}

  Result<JsonValue> read_all() {
    JsonValue value;
    CLEW_TRY(read(value, 0));
    if (!bytes_.empty()) return malformed();
    return value;
  }

 private:
  Status read(JsonValue& to, size_t depth) {
    uint8_t tag = 0;
    if (depth > deepest_ || !take(tag)) return malformed();
    if (tag < 0x80) return set(to, int64_t{tag});
    if (tag < 0x90) return read_map(to, tag & 0x0f, depth);
    if (tag < 0xa0) return read_array(to, tag & 0x0f, depth);
    if (tag < 0xc0) return read_text(to, tag & 0x1f);
    if (tag >= 0xe0) return set(to, int64_t{static_cast<int8_t>(tag)});
    switch (tag) {
      case 0xc0:
        return set(to, JsonValue());
      case 0xc2:
        return set(to, false);
      case 0xc3:
        return set(to, true);
      case 0xc4:
        return read_sized<uint8_t>([&](size_t size) { return read_binary(to, size); });
      case 0xc5:
        return read_sized<uint16_t>([&](size_t size) { return read_binary(to, size); });
      case 0xc6:
        return read_sized<uint32_t>([&](size_t size) { return read_binary(to, size); });
      case 0xc7:
        return read_sized<uint8_t>([&](size_t size) { return read_extension(to, size); });
      case 0xc8:
        return read_sized<uint16_t>([&](size_t size) { return read_extension(to, size); });
      case 0xc9:
        return read_sized<uint32_t>([&](size_t size) { return read_extension(to, size); });
      case 0xca:
        return read_number<uint32_t>(to, [](uint32_t bits) { return double{std::bit_cast<float>(bits)}; });
      case 0xcb:
        return read_number<uint64_t>(to, [](uint64_t bits) { return std::bit_cast<double>(bits); });
      case 0xcc:
        return read_number<uint8_t>(to, [](uint8_t value) { return int64_t{value}; });
      case 0xcd:
        return read_number<uint16_t>(to, [](uint16_t value) { return int64_t{value}; });
      case 0xce:
        return read_number<uint32_t>(to, [](uint32_t value) { return int64_t{value}; });
      case 0xcf:
        return read_unsigned(to);
      case 0xd0:
        return read_number<uint8_t>(to, [](uint8_t value) { return int64_t{static_cast<int8_t>(value)}; });
      case 0xd1:
        return read_number<uint16_t>(to, [](uint16_t value) { return int64_t{static_cast<int16_t>(value)}; });
      case 0xd2:
        return read_number<uint32_t>(to, [](uint32_t value) { return int64_t{static_cast<int32_t>(value)}; });
      case 0xd3:
        return read_number<uint64_t>(to, [](uint64_t value) { return static_cast<int64_t>(value); });
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return read_extension(to, size_t{1} << (tag - 0xd4));
      case 0xd9:
        return read_sized<uint8_t>([&](size_t size) { return read_text(to, size); });
      case 0xda:
        return read_sized<uint16_t>([&](size_t size) { return read_text(to, size); });
      case 0xdb:
        return read_sized<uint32_t>([&](size_t size) { return read_text(to, size); });
      case 0xdc:
        return read_sized<uint16_t>([&](size_t size) { return read_array(to, size, depth); });
      case 0xdd:
        return read_sized<uint32_t>([&](size_t size) { return read_array(to, size, depth); });
      case 0xde:
        return read_sized<uint16_t>([&](size_t size) { return read_map(to, size, depth); });
      case 0xdf:
        return read_sized<uint32_t>([&](size_t size) { return read_map(to, size, depth); });
      default:
        return malformed();
    }
  }

  template <typename Value>
  static Status set(JsonValue& to, Value value) {
    to = JsonValue(std::move(value));
    return {};
  }

  // Big-endian, as all of MessagePack.
  template <typename Unsigned>
  bool take(Unsigned& value) {
    if (bytes_.size() < sizeof value) return false;
    uint64_t all = 0;
    for (size_t i = 0; i < sizeof value; ++i) all = all << 8 | static_cast<uint8_t>(bytes_[i]);
    value = static_cast<Unsigned>(all);
    bytes_.remove_prefix(sizeof value);
    return true;
  }

  template <typename Unsigned, typename Continue>
  Status read_sized(Continue go_on) {
    Unsigned size = 0;
    if (!take(size)) return malformed();
    return go_on(size_t{size});
  }

  template <typename Unsigned, typename Convert>
  Status read_number(JsonValue& to, Convert convert) {
    Unsigned bits = 0;
    if (!take(bits)) return malformed();
    return set(to, convert(bits));
  }

  Status read_unsigned(JsonValue& to) {
    uint64_t value = 0;
    if (!take(value)) return malformed();
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return set(to, static_cast<int64_t>(value));
    return set(to, value);
  }

  Status read_text(JsonValue& to, size_t size) {
    if (bytes_.size() < size) return malformed();
    to = JsonValue(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return {};
  }

  Status read_binary(JsonValue& to, size_t size) {
    if (bytes_.size() < size) return malformed();
    to = JsonValue(base64_encode(bytes_.substr(0, size)));
    bytes_.remove_prefix(size);
    return {};
  }

  // Elements are counted on the way: a length says nothing about how many really follow.
  Status read_array(JsonValue& to, size_t size, size_t depth) {
    if (size > bytes_.size()) return malformed();
    JsonValue::Array items;
    for (size_t i = 0; i < size; ++i) CLEW_TRY(read(items.emplace_back(), depth + 1));
    to = JsonValue(std::move(items));
    return {};
  }

  Status read_map(JsonValue& to, size_t size, size_t depth) {
    if (size > bytes_.size()) return malformed();
    JsonValue::Object members;
    std::unordered_map<std::string, size_t> places;
    for (size_t i = 0; i < size; ++i) {
      JsonValue key;
      CLEW_TRY(read(key, depth + 1));
      std::string name = key.string() != nullptr ? *key.string() : key.text();
      size_t place = members.size();
      if (size > kFewMembers) {
        place = places.emplace(name, place).first->second;
      } else {
        for (size_t other = 0; other < members.size() && place == members.size(); ++other) {
          if (members[other].name == name) place = other;
        }
      }
      if (place == members.size()) members.push_back({std::move(name), JsonValue()});
      CLEW_TRY(read(members[place].value, depth + 1));
    }
    to = JsonValue(std::move(members));
    return {};
  }

  Status read_extension(JsonValue& to, size_t size) {
    uint8_t type = 0;
    if (!take(type) || bytes_.size() < size) return malformed();
    const std::string_view all = bytes_;
    to = JsonValue();
    if (static_cast<int8_t>(type) == kTimestamp) read_timestamp(to, size);
    bytes_ = all.substr(size);
    return {};
  }

  void read_timestamp(JsonValue& to, size_t size) {
    int64_t seconds_part = 0;
    uint32_t nanoseconds = 0;
    if (size == 4) {
      uint32_t whole = 0;
      take(whole);
      seconds_part = whole;
    } else if (size == 8) {
      uint64_t both = 0;
      take(both);
      nanoseconds = static_cast<uint32_t>(both >> 34);
      seconds_part = static_cast<int64_t>(both & ((uint64_t{1} << 34) - 1));
    } else if (size == 12) {
      uint64_t whole = 0;
      take(nanoseconds);
      take(whole);
      seconds_part = static_cast<int64_t>(whole);
    } else {
      return;
    }
    if (nanoseconds >= 1'000'000'000 || seconds_part > kMostTimeSeconds || seconds_part < -kMostTimeSeconds)
      return;
    to = JsonValue(to_rfc3339(UnixNanos{seconds_part * 1'000'000'000 + nanoseconds}));
  }

  std::string_view bytes_;
  const size_t deepest_;
};

}  // namespace

Result<JsonValue> parse_msgpack(std::string_view bytes, size_t deepest) {
  return Reader(bytes, deepest).read_all();
}

}  // namespace clew::honeycomb
