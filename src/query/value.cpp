#include "query/value.h"

#include <cmath>

#include <fmt/format.h>

namespace clew::query {
namespace {

int rank_of(const Value& value) {
  // int64 and double share a rank: they compare by value.
  constexpr int kRanks[] = {0, 1, 2, 2, 3, 4, 5};
  return kRanks[value.index()];
}

std::strong_ordering compare_doubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) <=> std::isnan(b);
  if (a < b) return std::strong_ordering::less;
  return a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

// Exact: no integer is rounded to a double.
std::strong_ordering compare_mixed(int64_t a, double b) {
  if (std::isnan(b) || b >= 0x1p63) return std::strong_ordering::less;
  if (b < -0x1p63) return std::strong_ordering::greater;
  double whole = std::floor(b);
  if (auto order = a <=> static_cast<int64_t>(whole); order != 0) return order;
  return b > whole ? std::strong_ordering::less : std::strong_ordering::equal;
}

std::strong_ordering compare_numbers(const Value& a, const Value& b) {
  const auto* integer_a = std::get_if<int64_t>(&a);
  const auto* integer_b = std::get_if<int64_t>(&b);
  if (integer_a && integer_b) return *integer_a <=> *integer_b;
  if (integer_a) return compare_mixed(*integer_a, std::get<double>(b));
  if (integer_b) return 0 <=> compare_mixed(*integer_b, std::get<double>(a));
  return compare_doubles(std::get<double>(a), std::get<double>(b));
}

std::strong_ordering compare_histograms(const Histogram& a, const Histogram& b) {
  if (auto order = compare_doubles(a.minimum, b.minimum); order != 0) return order;
  if (auto order = compare_doubles(a.step, b.step); order != 0) return order;
  if (auto order = a.logarithmic <=> b.logarithmic; order != 0) return order;
  if (auto order = a.counts.size() <=> b.counts.size(); order != 0) return order;
  for (size_t i = 0; i < a.counts.size(); ++i) {
    if (auto order = compare_doubles(a.counts[i], b.counts[i]); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

std::optional<double> number_in(const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

Value number_value(double number) {
  if (number == std::floor(number) && std::abs(number) < 0x1p53) return static_cast<int64_t>(number);
  return number;
}

std::string to_text(const Value& value) {
  struct Printer {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(int64_t i) const { return fmt::format("{}", i); }
    std::string operator()(double d) const { return fmt::format("{}", d); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(UnixNanos at) const { return to_rfc3339(at); }
    std::string operator()(const Histogram& h) const {
      return fmt::format("{}{}+{}*[{}]", h.logarithmic ? "log " : "", h.minimum, h.step,
                         fmt::join(h.counts, " "));
    }
  };
  return std::visit(Printer{}, value);
}

std::strong_ordering compare(const Value& a, const Value& b) {
  if (auto order = rank_of(a) <=> rank_of(b); order != 0) return order;
  switch (rank_of(a)) {
    case 0:
      return std::strong_ordering::equal;
    case 1:
      return std::get<bool>(a) <=> std::get<bool>(b);
    case 2:
      return compare_numbers(a, b);
    case 3:
      return std::get<std::string>(a) <=> std::get<std::string>(b);
    case 4:
      return std::get<UnixNanos>(a) <=> std::get<UnixNanos>(b);
    default:
      return compare_histograms(std::get<Histogram>(a), std::get<Histogram>(b));
  }
}

}  // namespace clew::query
