#include "telemetry/sampling_threshold.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(SamplingThreshold, Probabilities) {
  struct Case {
    double probability;
    int digits;
    const char* text;
    int64_t weight;
  };
  const Case cases[] = {
      {1, 4, "0", 1},
      {2, 4, "0", 1},
      {0.5, 4, "8", 2},
      {0.25, 4, "c", 4},
      {0.1, 4, "e666", 10},
      {0.1, 1, "e", 8},
      {0.01, 4, "fd70a", 100},
      {0.001, 4, "ffbe77", 1000},
      {0, 14, "ffffffffffffff", int64_t{1} << 56},
  };
  for (const Case& one : cases) {
    const uint64_t threshold = threshold_of_probability(one.probability, one.digits);
    EXPECT_EQ(threshold_text(threshold), one.text) << one.probability;
    EXPECT_EQ(weight_of_threshold(threshold), one.weight) << one.probability;
  }
}

TEST(SamplingThreshold, TraceStates) {
  struct Case {
    const char* trace_state;
    const char* threshold;  // nullptr: none
    const char* randomness;
    bool malformed;
    const char* at_half;  // with th:8 in it
  };
  const Case cases[] = {
      {"", nullptr, nullptr, false, "ot=th:8"},
      {"ot=th:c", "c", nullptr, false, "ot=th:8"},
      {"ot=rv:9b8233f7e3a151;th:0", "0", "9b8233f7e3a151", false, "ot=th:8;rv:9b8233f7e3a151"},
      {"a=1, ot=x:y;th:4 ,b=2", "4", nullptr, false, "ot=th:8;x:y,a=1,b=2"},
      {"not=th:c", nullptr, nullptr, false, "ot=th:8,not=th:c"},
      {"ot=th:xyz", nullptr, nullptr, true, "ot=th:8"},
      {"ot=th:123456789abcdef", nullptr, nullptr, true, "ot=th:8"},
      {"ot=rv:12", nullptr, nullptr, true, "ot=th:8"},
      {",;=ot=", nullptr, nullptr, false, "ot=th:8,;=ot="},
  };
  for (const Case& one : cases) {
    TraceStateSampling found = sampling_of_trace_state(one.trace_state);
    EXPECT_EQ(found.threshold ? threshold_text(*found.threshold) : "none",
              one.threshold != nullptr ? one.threshold : "none")
        << one.trace_state;
    EXPECT_EQ(found.randomness ? randomness_text(*found.randomness) : "none",
              one.randomness != nullptr ? one.randomness : "none")
        << one.trace_state;
    EXPECT_EQ(found.malformed, one.malformed) << one.trace_state;
    found.threshold = threshold_of_probability(0.5, 4);
    EXPECT_EQ(with_sampling(one.trace_state, found), one.at_half);
  }
}

TEST(SamplingThreshold, RandomnessOfATraceId) {
  EXPECT_EQ(randomness_of_trace_id(std::string_view("\0\0\0\0\0\0\0\0\xff\1\2\3\4\5\6\7", 16)),
            0x01020304050607U);
  EXPECT_EQ(randomness_of_trace_id("ab"), 0x6162U);
  EXPECT_EQ(randomness_of_trace_id(""), 0U);
}

}  // namespace
}  // namespace clew
