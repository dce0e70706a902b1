#include "query/calculations.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace clew::query {
namespace {

using Kind = CalculationKind;
using Operand = CalculationOperand;

constexpr std::array kCalculations = {
    CalculationName{"COUNT", Kind::count, Operand::none},
    CalculationName{"SUM", Kind::sum, Operand::number},
    CalculationName{"AVG", Kind::average, Operand::number},
    CalculationName{"MIN", Kind::minimum, Operand::number},
    CalculationName{"MAX", Kind::maximum, Operand::number},
    CalculationName{"COUNT_DISTINCT", Kind::count_distinct, Operand::any},
    CalculationName{"HEATMAP", Kind::heatmap, Operand::number},
    CalculationName{"CONCURRENCY", Kind::concurrency, Operand::none},
    CalculationName{"RATE_AVG", Kind::rate_average, Operand::number},
    CalculationName{"RATE_SUM", Kind::rate_sum, Operand::number},
    CalculationName{"RATE_MAX", Kind::rate_maximum, Operand::number},
    CalculationName{"P001", Kind::percentile, Operand::number, 0.001},
    CalculationName{"P01", Kind::percentile, Operand::number, 0.01},
    CalculationName{"P05", Kind::percentile, Operand::number, 0.05},
    CalculationName{"P10", Kind::percentile, Operand::number, 0.10},
    CalculationName{"P20", Kind::percentile, Operand::number, 0.20},
    CalculationName{"P25", Kind::percentile, Operand::number, 0.25},
    CalculationName{"P50", Kind::percentile, Operand::number, 0.50},
    CalculationName{"P75", Kind::percentile, Operand::number, 0.75},
    CalculationName{"P80", Kind::percentile, Operand::number, 0.80},
    CalculationName{"P90", Kind::percentile, Operand::number, 0.90},
    CalculationName{"P95", Kind::percentile, Operand::number, 0.95},
    CalculationName{"P99", Kind::percentile, Operand::number, 0.99},
    CalculationName{"P999", Kind::percentile, Operand::number, 0.999},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The percent in "95", "999" (99.9), "001" (0.1) or "97.5".
std::optional<double> percent_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 12 || !is_digit(digits[0])) return std::nullopt;
  if (digits == "100") return 100;
  std::string decimal(digits);
  if (digits.size() > 2 && std::all_of(digits.begin(), digits.end(), is_digit)) decimal.insert(2, ".");
  double percent = 0;
  auto [end, error] =
      std::from_chars(decimal.data(), decimal.data() + decimal.size(), percent, std::chars_format::fixed);
  if (error != std::errc() || end != decimal.data() + decimal.size() || percent > 100) return std::nullopt;
  return percent;
}

}  // namespace

std::span<const CalculationName> all_calculations() {
  return kCalculations;
}

CalculationKind changing_kind_of(CalculationKind kind) {
  switch (kind) {
    case Kind::rate_average:
      return Kind::average;
    case Kind::rate_sum:
      return Kind::sum;
    case Kind::rate_maximum:
      return Kind::maximum;
    default:
      return kind;
  }
}

std::optional<CalculationName> find_calculation(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const CalculationName& calculation : kCalculations) {
    if (calculation.name == upper) return calculation;
  }
  if (!upper.starts_with('P')) return std::nullopt;
  std::optional<double> percent = percent_of(std::string_view(upper).substr(1));
  if (!percent) return std::nullopt;
  return CalculationName{"PERCENTILE", Kind::percentile, Operand::number, *percent / 100};
}

std::string name_of(CalculationKind kind, double quantile) {
  if (kind == Kind::formula) return "FORMULA";
  for (const CalculationName& calculation : kCalculations) {
    if (calculation.kind == kind && calculation.quantile == quantile) return std::string(calculation.name);
  }
  return fmt::format("P{:.10g}", quantile * 100);
}

}  // namespace clew::query
