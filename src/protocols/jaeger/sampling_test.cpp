#include "protocols/jaeger/sampling.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace clew::jaeger {
namespace {

using control::SamplingStrategy;

TEST(JaegerSampling, EverythingIsKeptUntilSomethingElseIsSaid) {
  EXPECT_EQ(strategy_json({}),
            R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}})");
}

TEST(JaegerSampling, OperationsOfTheirOwn) {
  const SamplingStrategy strategy{.rate = 0.25, .operations = {{"/pay", 1}, {"/health", 0}}};
  EXPECT_EQ(
      strategy_json(strategy),
      R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.25},"operationSampling":)"
      R"({"defaultSamplingProbability":0.25,"defaultLowerBoundTracesPerSecond":0,"perOperationStrategies":)"
      R"([{"operation":"/pay","probabilisticSampling":{"samplingRate":1}},)"
      R"({"operation":"/health","probabilisticSampling":{"samplingRate":0}}]}})");
}

TEST(JaegerSampling, SoManyASecond) {
  const SamplingStrategy strategy{.kind = SamplingStrategy::Kind::rate_limiting, .traces_per_second = 7};
  EXPECT_EQ(strategy_json(strategy),
            R"({"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":7}})");
  EXPECT_EQ(hex_of(strategy_proto(strategy)), "08011a020807");
}

TEST(JaegerSampling, TheServiceThatIsAskedFor) {
  EXPECT_EQ(service_in_parameters("\x0a\x04shop").value(), "shop");
  EXPECT_FALSE(service_in_parameters("\x0a\x7fshop").ok());
}

}  // namespace
}  // namespace clew::jaeger
