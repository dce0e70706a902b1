#include "protocols/thrift/reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <endian.h>
#include <utility>

#include <fmt/format.h>

namespace clew::thrift {
namespace {

// Structs, lists and maps within one another. What clients send has four.
constexpr int kDeepest = 32;
constexpr uint32_t kVersionMask = 0xffff0000, kVersion1 = 0x80010000;
constexpr uint8_t kCompactVersion = 1;
// The head of a list of more elements has its size in a number of its own.
constexpr uint8_t kLongList = 15;

}  // namespace

Status Reader::status() const {
  if (!failed_) return {};
  return {ErrorKind::bad_input, fmt::format("{} Thrift: {} at byte {} of {}", compact_ ? "compact" : "binary",
                                            why_, begin_.size() - rest_.size(), begin_.size())};
}

void Reader::fail(const char* why) {
  if (failed_) return;
  failed_ = true;
  why_ = why;
}

bool Reader::enter() {
  if (failed_) return false;
  if (depth_ >= kDeepest) {
    fail("nested too deeply");
    return false;
  }
  ++depth_;
  return true;
}

std::string_view Reader::take(uint64_t bytes) {
  if (failed_ || bytes > rest_.size()) {
    fail("ends early");
    return {};
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

uint8_t Reader::take_byte() {
  const std::string_view one = take(1);
  return one.empty() ? 0 : static_cast<uint8_t>(one[0]);
}

uint64_t Reader::take_big_endian(size_t bytes) {
  uint64_t value = 0;
  for (const char c : take(bytes)) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

uint64_t Reader::take_varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = take_byte();
    value |= uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  fail("a number of more than 64 bits");
  return 0;
}

int64_t Reader::take_zigzag() {
  const uint64_t value = take_varint();
  return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

uint32_t Reader::checked_size(uint64_t size) {
  if (!failed_ && size <= rest_.size()) return static_cast<uint32_t>(size);
  fail("a list longer than the message");
  return 0;
}

Type Reader::type_of_compact(uint8_t type) {
  constexpr std::array kTypes = {Type::stop,  Type::boolean, Type::boolean,  Type::byte, Type::int16,
                                 Type::int32, Type::int64,   Type::floating, Type::text, Type::list,
                                 Type::set,   Type::map,     Type::structure};
  if (type < kTypes.size()) return kTypes[type];
  fail("a type that there is not");
  return Type::stop;
}

MessageHead Reader::message_head() {
  MessageHead head;
  if (compact_) {
    if (static_cast<char>(take_byte()) != kCompactMark) fail("no message");
    const uint8_t kind_and_version = take_byte();
    if ((kind_and_version & 0x1f) != kCompactVersion) fail("another version");
    head.kind = kind_and_version >> 5;
    take_varint();
    head.name = text();
    return head;
  }
  const auto first = static_cast<uint32_t>(take_big_endian(4));
  if ((first & kVersionMask) == kVersion1) {
    head.kind = static_cast<uint8_t>(first);
    head.name = text();
  } else {
    // The older form, without a version, begins with the length of the name.
    head.name = take(first);
    head.kind = take_byte();
  }
  take_big_endian(4);
  return head;
}

bool Reader::next_field(Field& field, int32_t& last_id) {
  known_boolean_.reset();
  if (compact_) return next_compact_field(field, last_id);
  const uint8_t type = take_byte();
  if (failed_ || type == 0) return false;
  field.type = static_cast<Type>(type);
  field.id = static_cast<int16_t>(take_big_endian(2));
  return !failed_;
}

bool Reader::next_compact_field(Field& field, int32_t& last_id) {
  const uint8_t head = take_byte();
  const uint8_t type = head & 0x0f, step = head >> 4;
  if (failed_ || type == 0) return false;
  field.type = type_of_compact(type);
  last_id = static_cast<int16_t>(step != 0 ? last_id + step : take_zigzag());
  field.id = last_id;
  if (field.type == Type::boolean) known_boolean_ = type == 1;
  return !failed_;
}

int64_t Reader::integer(Type type) {
  if (compact_ && type != Type::byte) return take_zigzag();
  switch (type) {
    case Type::byte:
      return static_cast<int8_t>(take_byte());
    case Type::int16:
      return static_cast<int16_t>(take_big_endian(2));
    case Type::int32:
      return static_cast<int32_t>(take_big_endian(4));
    default:
      return static_cast<int64_t>(take_big_endian(8));
  }
}

bool Reader::boolean() {
  if (known_boolean_) return *std::exchange(known_boolean_, std::nullopt);
  return take_byte() == 1;
}

double Reader::floating() {
  if (!compact_) return std::bit_cast<double>(take_big_endian(8));
  uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : take(8)) {
    value |= uint64_t{static_cast<uint8_t>(c)} << shift;
    shift += 8;
  }
  return std::bit_cast<double>(value);
}

std::string_view Reader::text() {
  return take(compact_ ? take_varint() : take_big_endian(4));
}

uint32_t Reader::list_head(Type& type) {
  if (!compact_) {
    type = static_cast<Type>(take_byte());
    return checked_size(take_big_endian(4));
  }
  const uint8_t head = take_byte();
  type = type_of_compact(head & 0x0f);
  return checked_size(head >> 4 == kLongList ? take_varint() : head >> 4);
}

void Reader::skip_elements(Type type, uint32_t size) {
  if (!enter()) return;
  for (; size > 0 && !failed_; --size) skip(type);
  --depth_;
}

void Reader::skip_map() {
  if (compact_) {
    const uint32_t size = checked_size(take_varint());
    if (size == 0) return;
    const uint8_t types = take_byte();
    const Type key = type_of_compact(types >> 4), value = type_of_compact(types & 0x0f);
    if (!enter()) return;
    for (uint32_t left = size; left > 0 && !failed_; --left) {
      skip(key);
      skip(value);
    }
    --depth_;
    return;
  }
  const Type key = static_cast<Type>(take_byte()), value = static_cast<Type>(take_byte());
  const uint32_t size = checked_size(take_big_endian(4));
  if (!enter()) return;
  for (uint32_t left = size; left > 0 && !failed_; --left) {
    skip(key);
    skip(value);
  }
  --depth_;
}

void Reader::skip(Type type) {
  switch (type) {
    case Type::boolean:
      boolean();
      return;
    case Type::byte:
    case Type::int16:
    case Type::int32:
    case Type::int64:
      integer(type);
      return;
    case Type::floating:
      take(8);
      return;
    case Type::text:
      text();
      return;
    case Type::structure:
      return structure([](const Field&) { return false; });
    case Type::map:
      return skip_map();
    case Type::set:
    case Type::list: {
      Type element = Type::stop;
      const uint32_t size = list_head(element);
      return skip_elements(element, size);
    }
    case Type::stop:
      break;
  }
  fail("a type that there is not");
}

bool Reader::take_text(const Field& field, std::string_view& value) {
  if (field.type != Type::text) return false;
  value = text();
  return true;
}

bool Reader::take_boolean(const Field& field, bool& truth) {
  if (field.type != Type::boolean) return false;
  truth = boolean();
  return true;
}

bool Reader::take_id(const Field& field, std::span<uint8_t, 8> bytes) {
  if (field.type != Type::int64) return false;
  const uint64_t big_endian = htobe64(static_cast<uint64_t>(integer(field.type)));
  std::memcpy(bytes.data(), &big_endian, sizeof big_endian);
  return true;
}

bool Reader::take_time(const Field& field, uint64_t& time) {
  if (field.type != Type::int64) return false;
  time = static_cast<uint64_t>(std::max<int64_t>(integer(field.type), 0));
  return true;
}

}  // namespace clew::thrift
