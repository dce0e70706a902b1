#include "control/sampling.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string brief(const SamplingStrategy& strategy) {
  JsonWriter json;
  const bool limits = strategy.kind == SamplingStrategy::Kind::rate_limiting;
  json.number(limits ? strategy.traces_per_second : strategy.rate);
  std::string text = json.take() + (limits ? "/s" : "");
  for (const OperationSampling& one : strategy.operations) {
    JsonWriter rate;
    rate.number(one.rate);
    text += " " + one.operation + "=" + rate.take();
  }
  return text;
}

SamplingStrategies file() {
  return *read_sampling_strategies(R"({
    "default_strategy": {"type": "probabilistic", "param": 0.5,
      "operation_strategies": [{"operation": "/health", "type": "probabilistic", "param": 0}]},
    "service_strategies": [
      {"service": "a", "type": "probabilistic", "param": 0.25,
       "operation_strategies": [{"operation": "/pay", "type": "probabilistic", "param": 1}]},
      {"service": "b", "type": "ratelimiting", "param": 7}]})");
}

class SamplingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-sampling-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto records = Records::open(directory_);
    ASSERT_TRUE(records.ok()) << records.status().to_string();
    records_ = std::move(*records);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static std::string told(Sampling& sampling, std::string_view service) {
    return brief(sampling.tell(kDefaultEnvironment, service, UnixNanos{1}));
  }
  static std::vector<std::string> listed(const Sampling& sampling) {
    std::vector<std::string> texts;
    for (const Sampling::Entry& entry : sampling.list(kDefaultEnvironment))
      texts.push_back(entry.service.value_or("(others)") + " " + brief(entry.strategy) +
                      (entry.modified ? "" : " (file)"));
    return texts;
  }

  std::string directory_;
  std::unique_ptr<Records> records_;
};

TEST_F(SamplingTest, everything_is_kept_until_something_else_is_said) {
  Sampling sampling(*records_, {});
  EXPECT_EQ(told(sampling, "any"), "1");
  EXPECT_THAT(listed(sampling), IsEmpty());
}

TEST_F(SamplingTest, a_service_has_the_usual_operations_too_but_not_beside_a_limit) {
  Sampling sampling(*records_, file());
  EXPECT_EQ(told(sampling, "other"), "0.5 /health=0");
  EXPECT_EQ(told(sampling, "a"), "0.25 /pay=1 /health=0");
  EXPECT_EQ(told(sampling, "b"), "7/s");
}

TEST_F(SamplingTest, what_is_set_comes_before_the_file_and_survives_a_restart) {
  {
    Sampling sampling(*records_, file());
    ASSERT_TRUE(sampling.set(kDefaultEnvironment, "b", {.rate = 0.125}).ok());
    ASSERT_TRUE(sampling.set(kDefaultEnvironment, std::nullopt, {.rate = 0.01}).ok());
    EXPECT_EQ(told(sampling, "b"), "0.125");
  }
  Sampling sampling(*records_, file());
  ASSERT_TRUE(sampling.restore().ok());
  EXPECT_THAT(listed(sampling), ElementsAre("(others) 0.01", "a 0.25 /pay=1 (file)", "b 0.125"));
  EXPECT_EQ(told(sampling, "a"), "0.25 /pay=1");
  EXPECT_EQ(told(sampling, "other"), "0.01");
  EXPECT_EQ(brief(sampling.tell({kDefaultEnvironment.number + 1}, "b", {})), "7/s") << "another environment";

  EXPECT_TRUE(*sampling.remove(kDefaultEnvironment, "b"));
  EXPECT_FALSE(*sampling.remove(kDefaultEnvironment, "b"));
  EXPECT_TRUE(*sampling.remove(kDefaultEnvironment, std::nullopt));
  EXPECT_EQ(told(sampling, "b"), "7/s");
  EXPECT_EQ(told(sampling, "other"), "0.5 /health=0");
}

TEST_F(SamplingTest, a_service_called_default_is_not_all_the_others) {
  Sampling sampling(*records_, {});
  ASSERT_TRUE(sampling.set(kDefaultEnvironment, "default", {.rate = 0.5}).ok());
  Sampling restored(*records_, {});
  ASSERT_TRUE(restored.restore().ok());
  EXPECT_EQ(told(restored, "default"), "0.5");
  EXPECT_EQ(told(restored, "other"), "1");
}

TEST_F(SamplingTest, who_asked_is_remembered_up_to_a_number) {
  Sampling sampling(*records_, {});
  sampling.tell(kDefaultEnvironment, "shop", UnixNanos{5});
  sampling.tell(kDefaultEnvironment, "shop", UnixNanos{9});
  const auto askers = sampling.askers(kDefaultEnvironment);
  ASSERT_THAT(askers, SizeIs(1));
  EXPECT_EQ(askers[0].service, "shop");
  EXPECT_EQ(askers[0].last.count, 9);
  EXPECT_EQ(askers[0].times, 2u);
  for (size_t i = 0; i < Sampling::kMostAskers; ++i)
    sampling.tell(kDefaultEnvironment, "service-" + std::to_string(i), UnixNanos{10});
  sampling.tell(kDefaultEnvironment, std::string(2'000, 'x'), UnixNanos{11});
  EXPECT_THAT(sampling.askers(kDefaultEnvironment), SizeIs(Sampling::kMostAskers));
  EXPECT_EQ(sampling.askers(kDefaultEnvironment).back().service, "service-999");
}

}  // namespace
}  // namespace clew::control
