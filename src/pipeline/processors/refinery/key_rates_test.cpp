#include "pipeline/processors/refinery/key_rates.h"

#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

TEST(RefineryKeyRates, RareKeysAreKeptAndFrequentOnesPayForThem) {
  const auto rates = rates_by_logarithm({{"often", 10'000}, {"seldom", 100}, {"once", 1}}, 1010);
  EXPECT_EQ(rates.at("once"), 1);
  EXPECT_EQ(rates.at("seldom"), 1);
  EXPECT_GT(rates.at("often"), 10);
  double kept = 0;
  kept += 10'000.0 / static_cast<double>(rates.at("often")) + 100 + 1;
  EXPECT_NEAR(kept, 1010, 250);
}

TEST(RefineryKeyRates, EqualCountsHaveEqualRates) {
  for (const auto& [key, rate] : rates_by_logarithm({{"a", 1000}, {"b", 1000}, {"c", 1000}}, 300))
    EXPECT_NEAR(static_cast<double>(rate), 10, 1) << key;
  for (const auto& [key, rate] : rates_by_logarithm({{"a", 1}, {"b", 1}}, 1)) EXPECT_EQ(rate, 1) << key;
  EXPECT_TRUE(rates_by_logarithm({}, 5).empty());
}

// So many of each key a second, for `rounds` intervals of ten seconds.
void feed(KeyRates& rates, Nanoseconds& at, int rounds, int often, int seldom) {
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < often * 10; ++i) rates.rate_for("often", at);
    for (int i = 0; i < seldom * 10; ++i) rates.rate_for("seldom", at);
    at.count += seconds(10).count;
  }
}

TEST(RefineryKeyRates, BeforeTheFirstAdjustmentTheInitialRateCounts) {
  KeyRates rates(
      {.goal = KeyRateSettings::Goal::rate, .goal_value = 7, .interval = seconds(10), .initial_rate = 7});
  Nanoseconds at{};
  EXPECT_EQ(rates.rate_for("a", at), 7);
  feed(rates, at, 1, 1000, 1);
  EXPECT_EQ(rates.rate_for("new", at), 1) << "what was not there before is rare";
  EXPECT_GT(rates.rate_for("often", at), 7);
  EXPECT_EQ(rates.rate_for("seldom", at), 1);
}

TEST(RefineryKeyRates, AThroughputIsReached) {
  for (const auto goal : {KeyRateSettings::Goal::throughput, KeyRateSettings::Goal::throughput_each}) {
    KeyRates rates({.goal = goal, .goal_value = 100, .interval = seconds(10)});
    Nanoseconds at{};
    feed(rates, at, 2, 1000, 10);
    const double kept = 1000.0 / static_cast<double>(rates.rate_for("often", at)) +
                        10.0 / static_cast<double>(rates.rate_for("seldom", at));
    EXPECT_LE(kept, 130);
    EXPECT_GE(kept, 40);
  }
}

TEST(RefineryKeyRates, WithAWeightEarlierIntervalsCount) {
  KeyRates rates(
      {.goal = KeyRateSettings::Goal::throughput, .goal_value = 10, .interval = seconds(10), .weight = 0.5});
  Nanoseconds at{};
  feed(rates, at, 5, 1000, 1000);
  const int64_t before = rates.rate_for("often", at);
  feed(rates, at, 1, 0, 1000);
  const int64_t after = rates.rate_for("often", at);
  EXPECT_LT(after, before);
  EXPECT_GT(after, 1) << "it is not forgotten at once";
}

TEST(RefineryKeyRates, AWindowForgetsWhatLeftIt) {
  KeyRates rates({.goal = KeyRateSettings::Goal::throughput,
                  .goal_value = 10,
                  .interval = seconds(10),
                  .window = seconds(30)});
  Nanoseconds at{};
  feed(rates, at, 5, 1000, 1000);
  const int64_t before = rates.rate_for("often", at);
  feed(rates, at, 1, 0, 1000);
  const int64_t after = rates.rate_for("often", at);
  EXPECT_GT(before, 1);
  EXPECT_LT(after, before) << "a third of the window had none";
  feed(rates, at, 4, 0, 1000);
  EXPECT_LT(rates.rate_for("often", at), after) << "nearly nothing of it is left";
}

TEST(RefineryKeyRates, ABurstIsAdjustedToAtOnce) {
  const auto rate_in_burst = [](double multiple) {
    KeyRates rates({.goal = KeyRateSettings::Goal::throughput,
                    .goal_value = 10,
                    .interval = seconds(10),
                    .weight = 0.5,
                    .burst_multiple = multiple,
                    .burst_delay = 3});
    Nanoseconds at{};
    feed(rates, at, 5, 100, 100);
    int64_t rate = 0;
    for (int i = 0; i < 20'000; ++i) rate = rates.rate_for("often", at);
    return rate;
  };
  EXPECT_GT(rate_in_burst(2), 2 * rate_in_burst(0));
}

TEST(RefineryKeyRates, ATraceCountsWithItsSpans) {
  const auto rate_of = [](double spans) {
    KeyRates rates({.goal = KeyRateSettings::Goal::throughput, .goal_value = 10, .interval = seconds(10)});
    Nanoseconds at{};
    for (int i = 0; i < 1000; ++i) rates.rate_for("a", at, spans);
    at.count += seconds(10).count;
    return rates.rate_for("a", at, spans);
  };
  EXPECT_EQ(rate_of(1), 10);
  EXPECT_EQ(rate_of(10), 100);
}

}  // namespace
}  // namespace clew::pipeline
