#include "protocols/xray/sampling_rule.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::xray {
namespace {

using ::testing::HasSubstr;

constexpr const char* kRule =
    R"({"RuleName":"Cruddur_SamplingRule","ResourceARN":"*","Priority":9000,"FixedRate":0.1,"ReservoirSize":5,)"
    R"("ServiceName":"backend-flask","ServiceType":"*","Host":"*","HTTPMethod":"*","URLPath":"*","Version":1})";

JsonValue json(std::string_view text) {
  Result<JsonValue> parsed = parse_json(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : JsonValue();
}

class XraySamplingRules : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-rules-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto records = control::Records::open(directory_);
    ASSERT_TRUE(records.ok()) << records.status().to_string();
    records_ = std::move(*records);
  }
  void TearDown() override {
    records_.reset();
    std::filesystem::remove_all(directory_);
  }
  SamplingRules rules() { return SamplingRules(*records_); }

  std::string directory_;
  std::unique_ptr<control::Records> records_;
};

TEST_F(XraySamplingRules, DefaultIsAlwaysThereAndLast) {
  const auto before = rules().list(kDefaultEnvironment);
  ASSERT_TRUE(before.ok());
  ASSERT_EQ(before->size(), 1u);
  EXPECT_EQ(
      record_of(before->front(), "eu-west-1"),
      json(
          R"({"SamplingRule":{"RuleName":"Default","RuleARN":)"
          R"("arn:aws:xray:eu-west-1:000000000000:sampling-rule/Default","ResourceARN":"*","Priority":10000,)"
          R"("FixedRate":0.05,"ReservoirSize":1,"ServiceName":"*","ServiceType":"*","Host":"*","HTTPMethod":"*",)"
          R"("URLPath":"*","Version":1,"Attributes":{}},"CreatedAt":0,"ModifiedAt":0})"));
  EXPECT_EQ(rules().last_modification(kDefaultEnvironment)->count, 0);
  ASSERT_TRUE(rules().create(kDefaultEnvironment, json(kRule)).ok());
  const auto after = rules().list(kDefaultEnvironment);
  ASSERT_EQ(after->size(), 2u);
  EXPECT_EQ((*after)[0].name(), "Cruddur_SamplingRule");
  EXPECT_EQ((*after)[1].name(), "Default");
  EXPECT_EQ(rules().list({7})->size(), 1u);
}

TEST_F(XraySamplingRules, ARuleIsMadeChangedAndDeleted) {
  ASSERT_TRUE(rules().create(kDefaultEnvironment, json(kRule)).ok());
  const int64_t made = rules().last_modification(kDefaultEnvironment)->count;
  EXPECT_GT(made, 0);
  EXPECT_THAT(std::string(rules().create(kDefaultEnvironment, json(kRule)).status().message()),
              HasSubstr("already exists"));
  const auto changed = rules().update(
      kDefaultEnvironment,
      json(
          R"({"RuleARN":"arn:aws:xray:us-east-1:1:sampling-rule/Cruddur_SamplingRule","FixedRate":1,"Host":null})"));
  ASSERT_TRUE(changed.ok()) << changed.status().to_string();
  EXPECT_EQ(changed->fixed_rate(), 1);
  EXPECT_EQ(changed->reservoir_size(), 5);
  EXPECT_GT(rules().last_modification(kDefaultEnvironment)->count, made);
  const int64_t before_removal = rules().last_modification(kDefaultEnvironment)->count;
  const auto removed = rules().remove(kDefaultEnvironment, json(R"({"RuleName":"Cruddur_SamplingRule"})"));
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->fixed_rate(), 1);
  EXPECT_GT(rules().last_modification(kDefaultEnvironment)->count, before_removal);
  EXPECT_EQ(rules().list(kDefaultEnvironment)->size(), 1u);
  EXPECT_FALSE(rules().remove(kDefaultEnvironment, json(R"({"RuleName":"Cruddur_SamplingRule"})")).ok());
  EXPECT_FALSE(
      rules().update(kDefaultEnvironment, json(R"({"RuleName":"Cruddur_SamplingRule","FixedRate":1})")).ok());
}

TEST_F(XraySamplingRules, OfDefaultOnlyRateAndReservoirChange) {
  const auto changed = rules().update(
      kDefaultEnvironment, json(R"({"RuleName":"Default","FixedRate":0.5,"ReservoirSize":3,"Host":"*"})"));
  ASSERT_TRUE(changed.ok()) << changed.status().to_string();
  EXPECT_EQ(changed->fixed_rate(), 0.5);
  EXPECT_EQ(rules().find(kDefaultEnvironment, "Default")->reservoir_size(), 3);
  for (const char* update : {R"({"RuleName":"Default","Host":"a"})", R"({"RuleName":"Default","Priority":5})",
                             R"({"RuleName":"Default","FixedRate":2})"})
    EXPECT_FALSE(rules().update(kDefaultEnvironment, json(update)).ok()) << update;
  EXPECT_FALSE(rules().remove(kDefaultEnvironment, json(R"({"RuleName":"Default"})")).ok());
}

TEST_F(XraySamplingRules, WhatIsNoRuleIsRefusedByMember) {
  struct Case {
    const char* member;
    const char* value;
    const char* said;
  };
  for (const Case& one : {
           Case{"RuleName", "\"\"", "samplingRule.RuleName"},
           Case{"RuleName", "\"123456789012345678901234567890123\"", "samplingRule.RuleName"},
           Case{"RuleName", "\"Default\"", "already exists"},
           Case{"ServiceName", "null", "samplingRule.ServiceName"},
           Case{"Host", "5", "samplingRule.Host"},
           Case{"HTTPMethod", "\"12345678901\"", "samplingRule.HTTPMethod"},
           Case{"Priority", "0", "samplingRule.Priority"},
           Case{"Priority", "10000", "samplingRule.Priority"},
           Case{"Priority", "1.5", "samplingRule.Priority"},
           Case{"FixedRate", "1.01", "samplingRule.FixedRate"},
           Case{"FixedRate", "-0.1", "samplingRule.FixedRate"},
           Case{"FixedRate", "\"0.1\"", "samplingRule.FixedRate"},
           Case{"ReservoirSize", "-1", "samplingRule.ReservoirSize"},
           Case{"Version", "2", "samplingRule.Version"},
           Case{"Attributes", "[]", "samplingRule.attributes"},
           Case{"Attributes", R"({"a":""})", "samplingRule.attributes"},
           Case{"Attributes", R"({"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1"})",
                "samplingRule.attributes"},
           Case{"SamplingRateBoost", "1", "samplingRule.samplingRateBoost"},
       }) {
    JsonValue rule = json(kRule);
    rule[one.member] = json(one.value);
    const auto made = rules().create(kDefaultEnvironment, rule);
    ASSERT_FALSE(made.ok()) << one.member << one.value;
    EXPECT_THAT(std::string(made.status().message()), HasSubstr(one.said));
  }
  EXPECT_FALSE(rules().create(kDefaultEnvironment, JsonValue()).ok());
  EXPECT_FALSE(rules().update(kDefaultEnvironment, json(R"({"RuleName":"a","RuleARN":"b"})")).ok());
  EXPECT_FALSE(rules().update(kDefaultEnvironment, json(R"({"RuleARN":"b"})")).ok());
}

}  // namespace
}  // namespace clew::xray
