// Numbers as OTLP JSON writes them: as numbers or within strings. The whole text must be one.
#pragma once

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace clew::otlp {

template <typename Number>
std::optional<Number> parse_plain(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Also NaN, Infinity and -Infinity.
inline std::optional<double> parse_double(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  // from_chars knows more spellings ("inf", "nan(…)") than JSON has.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  return parse_plain<double>(text);
}

// Also 1.7e18, which some languages write for large whole numbers. Nothing when it has a fraction or is out
// of range.
template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  if (const auto number = parse_plain<Integer>(text)) return number;
  if (text.find_first_of(".eE") == std::string_view::npos) return std::nullopt;
  const std::optional<double> number = parse_double(text);
  const double beyond = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  if (!number || std::trunc(*number) != *number || *number >= beyond) return std::nullopt;
  if (*number < static_cast<double>(std::numeric_limits<Integer>::min())) return std::nullopt;
  return static_cast<Integer>(*number);
}

}  // namespace clew::otlp
