#include "protocols/jaeger/sampling.h"

#include <gtest/gtest.h>

namespace clew::jaeger {
namespace {

TEST(JaegerSampling, EverythingIsKeptUntilSomethingElseIsSaid) {
  EXPECT_EQ(strategy_json(SamplingStrategies().of("any")),
            R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}})");
}

TEST(JaegerSampling, AFileOfStrategies) {
  const auto strategies = SamplingStrategies::read(R"({
    "default_strategy": {"type": "probabilistic", "param": 0.5,
      "operation_strategies": [{"operation": "/health", "type": "probabilistic", "param": 0}]},
    "service_strategies": [
      {"service": "a", "type": "probabilistic", "param": 0.25,
       "operation_strategies": [{"operation": "/pay", "type": "probabilistic", "param": 1}]},
      {"service": "b", "type": "ratelimiting", "param": 7}]})");
  ASSERT_TRUE(strategies.ok()) << strategies.status().to_string();
  EXPECT_EQ(strategies->of("other").rate, 0.5);
  EXPECT_EQ(strategies->of("b").traces_per_second, 7);
  EXPECT_EQ(
      strategy_json(strategies->of("a")),
      R"({"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.25},"operationSampling":)"
      R"({"defaultSamplingProbability":0.25,"defaultLowerBoundTracesPerSecond":0,"perOperationStrategies":)"
      R"([{"operation":"/pay","probabilisticSampling":{"samplingRate":1}},)"
      R"({"operation":"/health","probabilisticSampling":{"samplingRate":0}}]}})");
  EXPECT_EQ(service_in_parameters("\x0a\x04shop").value(), "shop");
  EXPECT_FALSE(service_in_parameters("\x0a\x7fshop").ok());
}

TEST(JaegerSampling, AFileWithAMistakeSaysWhere) {
  const auto problem = [](std::string_view json) {
    return std::string(SamplingStrategies::read(json).status().message());
  };
  EXPECT_EQ(problem(R"({"default_strategy":{"type":"probabilistic","param":2}})"),
            "default_strategy.param: expected a probability from 0 to 1");
  EXPECT_EQ(problem(R"({"service_strategies":[{"service":"a","type":"often"}]})"),
            "service_strategies[0].type: expected probabilistic or ratelimiting, got 'often'");
  EXPECT_EQ(problem(R"({"service_strategies":[{"type":"ratelimiting","param":1}]})"),
            "service_strategies[0]: which service is missing");
  EXPECT_EQ(problem("[]"), "expected a JSON object");
}

}  // namespace
}  // namespace clew::jaeger
