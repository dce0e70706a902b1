#include "app/spark_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace clew::app {
namespace {

constexpr std::array<const char*, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::vector<std::optional<double>> averaged(std::span<const std::optional<double>> values, size_t columns) {
  std::vector<std::optional<double>> result(columns);
  for (size_t column = 0; column < columns; ++column) {
    const size_t from = column * values.size() / columns, to = (column + 1) * values.size() / columns;
    double sum = 0, count = 0;
    for (const auto& value : values.subspan(from, to - from)) {
      if (!value || !std::isfinite(*value)) continue;
      sum += *value;
      ++count;
    }
    if (count > 0) result[column] = sum / count;
  }
  return result;
}

}  // namespace

std::string spark_line(std::span<const std::optional<double>> values, size_t most_columns) {
  const auto points = averaged(values, std::min(values.size(), most_columns));
  double low = 0, high = 0;
  for (const auto& point : points) {
    if (!point) continue;
    low = std::min(low, *point);
    high = std::max(high, *point);
  }
  std::string line;
  for (const auto& point : points) {
    if (!point) {
      line += ' ';
      continue;
    }
    const double share = high > low ? (*point - low) / (high - low) : 0;
    line += kBars[static_cast<size_t>(std::lround(share * (kBars.size() - 1)))];
  }
  return line;
}

}  // namespace clew::app
