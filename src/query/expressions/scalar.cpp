#include "query/expressions/scalar.h"

#include <charconv>
#include <cmath>

namespace clew::query {

Scalar Scalar::of(bool value) {
  Scalar scalar;
  scalar.kind = Kind::boolean;
  scalar.boolean = value;
  return scalar;
}

Scalar Scalar::of(int64_t value) {
  Scalar scalar;
  scalar.kind = Kind::integer;
  scalar.integer = value;
  return scalar;
}

Scalar Scalar::of(double value) {
  Scalar scalar;
  if (std::isnan(value)) return scalar;
  scalar.kind = Kind::real;
  scalar.real = value;
  return scalar;
}

Scalar Scalar::of(std::string_view value) {
  Scalar scalar;
  scalar.kind = Kind::text;
  scalar.text = value.data();
  scalar.size = value.size();
  return scalar;
}

Scalar Scalar::of_time(int64_t nanoseconds) {
  Scalar scalar = of(nanoseconds);
  scalar.kind = Kind::time;
  return scalar;
}

bool is_truthy(const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::boolean:
      return scalar.boolean;
    case Scalar::Kind::integer:
    case Scalar::Kind::real:
      return scalar.as_real() != 0;
    case Scalar::Kind::text:
      return scalar.view() == "true";
    default:
      return false;
  }
}

double number_in(const Scalar& scalar) {
  if (scalar.is_number()) return scalar.as_real();
  if (scalar.kind == Scalar::Kind::time) return static_cast<double>(scalar.integer) * 1e-9;
  if (!scalar.is_text()) return 0;
  const std::string_view text = scalar.view();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && !std::isnan(number);
  return is_number ? number : 0;
}

std::string text_of(const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::null:
      return "";
    case Scalar::Kind::boolean:
      return scalar.boolean ? "true" : "false";
    case Scalar::Kind::integer:
      return std::to_string(scalar.integer);
    case Scalar::Kind::real:
      return to_text(number_value(scalar.real));
    case Scalar::Kind::text:
      return std::string(scalar.view());
    case Scalar::Kind::time:
      return to_rfc3339({scalar.integer});
  }
  return "";
}

bool are_equal(const Scalar& a, const Scalar& b) {
  if (a.is_number() && b.is_number())
    return a.kind == b.kind && a.kind == Scalar::Kind::integer ? a.integer == b.integer
                                                               : a.as_real() == b.as_real();
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Scalar::Kind::boolean:
      return a.boolean == b.boolean;
    case Scalar::Kind::text:
      return a.view() == b.view();
    case Scalar::Kind::time:
      return a.integer == b.integer;
    default:
      return true;
  }
}

std::optional<std::partial_ordering> order_of(const Scalar& a, const Scalar& b) {
  if (a.is_number() && b.is_number()) {
    if (a.kind == b.kind && a.kind == Scalar::Kind::integer) return a.integer <=> b.integer;
    return a.as_real() <=> b.as_real();
  }
  if (a.is_text() && b.is_text()) return a.view() <=> b.view();
  if (a.kind == Scalar::Kind::time && b.kind == Scalar::Kind::time) return a.integer <=> b.integer;
  return std::nullopt;
}

}  // namespace clew::query
