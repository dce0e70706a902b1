#include "control/sampling_strategy.h"

#include <gtest/gtest.h>

namespace clew::control {
namespace {

std::string json_of(const SamplingStrategy& strategy) {
  JsonWriter json;
  json.begin_object();
  write_sampling_members(json, strategy);
  return json.end_object().take();
}

TEST(SamplingStrategy, a_file_of_strategies) {
  const auto strategies = read_sampling_strategies(R"({
    "default_strategy": {"type": "probabilistic", "param": 0.5,
      "operation_strategies": [{"operation": "/health", "type": "probabilistic", "param": 0}]},
    "service_strategies": [
      {"service": "a", "type": "probabilistic", "param": 0.25},
      {"service": "b", "type": "ratelimiting", "param": 7}]})");
  ASSERT_TRUE(strategies.ok()) << strategies.status().to_string();
  EXPECT_EQ(strategies->usual->rate, 0.5);
  EXPECT_EQ(strategies->usual->operations.at(0).operation, "/health");
  EXPECT_EQ(strategies->services.at("a").rate, 0.25);
  EXPECT_EQ(strategies->services.at("b").traces_per_second, 7);
}

TEST(SamplingStrategy, what_is_written_reads_back) {
  for (const std::string text : {R"({"type":"probabilistic","param":0.25,"operation_strategies":[]})",
                                 R"({"type":"ratelimiting","param":7,"operation_strategies":[]})",
                                 R"({"type":"probabilistic","param":1,"operation_strategies":[)"
                                 R"({"operation":"GET /health","type":"probabilistic","param":0.001}]})"}) {
    const auto strategy = read_sampling_strategy(*parse_json(text), "here");
    ASSERT_TRUE(strategy.ok()) << strategy.status().to_string();
    EXPECT_EQ(json_of(*strategy), text);
  }
}

TEST(SamplingStrategy, a_file_with_a_mistake_says_where) {
  const auto problem = [](std::string_view json) {
    return std::string(read_sampling_strategies(json).status().message());
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
}  // namespace clew::control
