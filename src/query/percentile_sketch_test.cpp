#include "query/percentile_sketch.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace clew::query {
namespace {

double exact_quantile(std::vector<double> values, double quantile) {
  std::sort(values.begin(), values.end());
  double position = quantile * static_cast<double>(values.size() - 1);
  auto rank = static_cast<size_t>(position);
  double next = rank + 1 < values.size() ? values[rank + 1] : values[rank];
  return values[rank] + (next - values[rank]) * (position - static_cast<double>(rank));
}

struct Distribution {
  const char* name;
  double (*draw)(std::mt19937_64&);
};

class SketchOf : public ::testing::TestWithParam<Distribution> {};

TEST_P(SketchOf, is_within_the_stated_error_in_any_order_of_merging) {
  std::mt19937_64 random(7);
  std::vector<double> values;
  PercentileSketch whole;
  std::vector<PercentileSketch> pieces(9);
  for (int i = 0; i < 50'000; ++i) {
    double value = GetParam().draw(random);
    values.push_back(value);
    whole.add(value);
    // Some pieces stay exact, others do not.
    pieces[i % 1000 == 0 ? 0 : 1 + random() % 8].add(value);
  }
  PercentileSketch merged;
  std::shuffle(pieces.begin(), pieces.end(), random);
  for (const PercentileSketch& piece : pieces) merged.merge(piece);
  for (double quantile : {0.0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0}) {
    double expected = exact_quantile(values, quantile);
    EXPECT_NEAR(*whole.quantile(quantile), expected, PercentileSketch::kRelativeError * std::abs(expected))
        << quantile;
    EXPECT_EQ(*merged.quantile(quantile), *whole.quantile(quantile)) << quantile;
  }
}

INSTANTIATE_TEST_SUITE_P(
    distributions, SketchOf,
    ::testing::Values(
        Distribution{"uniform",
                     [](std::mt19937_64& r) { return std::uniform_real_distribution(1.0, 2.0)(r); }},
        Distribution{"wide", [](std::mt19937_64& r) { return std::lognormal_distribution(0.0, 9.0)(r); }},
        Distribution{"negative",
                     [](std::mt19937_64& r) { return -std::lognormal_distribution(3.0, 2.0)(r); }},
        Distribution{
            "both signs and zeros",
            [](std::mt19937_64& r) { return std::floor(std::normal_distribution(0.0, 3.0)(r)) * 1000; }},
        Distribution{"exponential",
                     [](std::mt19937_64& r) { return std::exponential_distribution(0.001)(r); }},
        Distribution{"two peaks",
                     [](std::mt19937_64& r) {
                       return std::normal_distribution(r() % 10 == 0 ? 5000.0 : 20.0, 3.0)(r);
                     }},
        // Pareto with an infinite mean.
        Distribution{"heavy tail",
                     [](std::mt19937_64& r) {
                       return std::pow(std::uniform_real_distribution(1e-12, 1.0)(r), -1 / 0.8);
                     }},
        Distribution{"constant", [](std::mt19937_64&) { return 0.1; }},
        Distribution{"tiny",
                     [](std::mt19937_64& r) { return std::uniform_real_distribution(1e-300, 1e-290)(r); }},
        Distribution{"whole numbers", [](std::mt19937_64& r) { return static_cast<double>(r() % 5); }}),
    [](const auto& tested) {
      std::string name = tested.param.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(PercentileSketch, is_exact_up_to_a_thousand_values) {
  std::mt19937_64 random(3);
  PercentileSketch sketch;
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) {
    values.push_back(std::normal_distribution(0.0, 1e6)(random));
    sketch.add(values.back());
    EXPECT_EQ(*sketch.quantile(0.9), exact_quantile(values, 0.9));
  }
}

TEST(PercentileSketch, weights_count_as_repetitions) {
  PercentileSketch weighted, repeated;
  for (int value = 1; value <= 40; ++value) {
    weighted.add(value, static_cast<uint64_t>(value));
    for (int i = 0; i < value; ++i) repeated.add(value);
  }
  for (double quantile : {0.0, 0.1, 0.37, 0.5, 0.95, 1.0})
    EXPECT_EQ(weighted.quantile(quantile), repeated.quantile(quantile)) << quantile;
}

TEST(PercentileSketch, odd_numbers) {
  PercentileSketch sketch;
  EXPECT_FALSE(sketch.quantile(0.5).has_value());
  sketch.add(std::nan(""));
  EXPECT_FALSE(sketch.quantile(0.5).has_value());
  for (int i = 0; i < 2000; ++i) sketch.add(i % 2 == 0 ? INFINITY : -INFINITY);
  sketch.add(std::nan(""));
  sketch.add(5e-324);
  EXPECT_EQ(sketch.quantile(0), -INFINITY);
  EXPECT_EQ(sketch.quantile(0.5), 0);
  EXPECT_EQ(sketch.quantile(1), INFINITY);
}

}  // namespace
}  // namespace clew::query
