// Reader: the values of a Thrift struct one after the other, in the binary and in the compact protocol, from
// bytes that nobody vouches for. It takes no memory: texts are views of the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::thrift {

enum class Protocol : uint8_t { binary, compact };
// Messages of the compact protocol begin with it, those of the other never.
inline constexpr char kCompactMark = '\x82';

// With the numbers of the binary protocol.
enum class Type : uint8_t {
  stop = 0,
  boolean = 2,
  byte = 3,
  floating = 4,
  int16 = 6,
  int32 = 8,
  int64 = 10,
  text = 11,
  structure = 12,
  map = 13,
  set = 14,
  list = 15
};

struct Field {
  int32_t id = 0;
  Type type = Type::stop;
  bool is(int32_t wanted, Type as) const { return id == wanted && type == as; }
};

// What stands before the arguments of a call.
struct MessageHead {
  std::string_view name;
  uint8_t kind = 0;  // 1 call, 2 reply, 3 exception, 4 call without an answer
};

// After the first thing that is wrong, failed() is true, and every call gives zero or nothing: loops end by
// themselves, and whoever reads asks once, at the end.
class Reader {
 public:
  Reader(std::string_view bytes, Protocol protocol)
      : begin_(bytes), rest_(bytes), compact_(protocol == Protocol::compact) {}

  bool failed() const { return failed_; }
  Status status() const;
  bool at_end() const { return rest_.empty(); }

  MessageHead message_head();

  // Calls `each(Field)` for each field of the struct that begins here. It reads the field's value and returns
  // true, or leaves it alone and returns false.
  template <typename Each>
  void structure(Each each) {
    if (!enter()) return;
    int32_t last_id = 0;
    for (Field field; next_field(field, last_id);) {
      if (!each(field)) skip(field.type);
    }
    --depth_;
  }
  // Calls `each()` for each element of the list that begins here if its elements are structs, each of which
  // it reads; other lists are skipped.
  template <typename Each>
  void structures(Each each) {
    Type type = Type::stop;
    uint32_t size = list_head(type);
    if (type != Type::structure) return skip_elements(type, size);
    for (; size > 0 && !failed_; --size) each();
  }

  int64_t integer(Type type);  // byte to int64
  bool boolean();
  double floating();
  std::string_view text();
  void skip(Type type);

  // The value of a field; false, and nothing is read, when it is of another type.
  bool take_text(const Field& field, std::string_view& text);
  bool take_boolean(const Field& field, bool& truth);
  // A whole number of 64 bits, as an id's bytes.
  bool take_id(const Field& field, std::span<uint8_t, 8> bytes);
  // A whole number of 64 bits, or 0 in place of a negative one.
  bool take_time(const Field& field, uint64_t& time);

 private:
  bool enter();
  bool next_field(Field& field, int32_t& last_id);
  bool next_compact_field(Field& field, int32_t& last_id);
  uint32_t list_head(Type& type);
  void skip_elements(Type type, uint32_t size);
  void skip_map();
  void fail(const char* why);
  uint8_t take_byte();
  uint64_t take_big_endian(size_t bytes);
  uint64_t take_varint();
  int64_t take_zigzag();
  std::string_view take(uint64_t bytes);
  // At most as many as there are bytes left: each takes one at least.
  uint32_t checked_size(uint64_t size);
  Type type_of_compact(uint8_t type);

  std::string_view begin_;
  std::string_view rest_;
  const char* why_ = "";
  int depth_ = 0;
  bool compact_;
  bool failed_ = false;
  // The compact protocol has the value of a boolean field in the field's head.
  std::optional<bool> known_boolean_;
};

}  // namespace clew::thrift
