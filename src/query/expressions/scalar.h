// Scalar: a value while an expression is computed. Texts are views into the columns, the expression, or a
// TextArena.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "query/value.h"

namespace clew::query {

struct Scalar {
  enum class Kind : uint8_t { null, boolean, integer, real, text, time };

  Kind kind = Kind::null;
  union {
    bool boolean;
    int64_t integer = 0;  // and time
    double real;
    const char* text;
  };
  size_t size = 0;

  static Scalar of(bool value);
  static Scalar of(int64_t value);
  static Scalar of(double value);  // null for NaN
  static Scalar of(std::string_view value);
  static Scalar of_time(int64_t nanoseconds);

  bool is_null() const { return kind == Kind::null; }
  bool is_number() const { return kind == Kind::integer || kind == Kind::real; }
  bool is_text() const { return kind == Kind::text; }
  std::string_view view() const { return {text, size}; }
  // Of a number.
  double as_real() const { return kind == Kind::integer ? static_cast<double>(integer) : real; }
};

// Owns texts that were computed.
class TextArena {
 public:
  Scalar keep(std::string text) { return Scalar::of(std::string_view(texts_.emplace_back(std::move(text)))); }
  size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
};

// Any number but zero, true, and the text "true".
bool is_truthy(const Scalar& scalar);
// For arithmetic: texts are read as numbers, times are seconds since 1970, what is no number is 0.
double number_in(const Scalar& scalar);
// As results show it; nothing for null.
std::string text_of(const Scalar& scalar);
// Of one type, numbers of both types by value.
bool are_equal(const Scalar& a, const Scalar& b);
// Nothing when they cannot be ordered: null, booleans, different types.
std::optional<std::partial_ordering> order_of(const Scalar& a, const Scalar& b);

}  // namespace clew::query
