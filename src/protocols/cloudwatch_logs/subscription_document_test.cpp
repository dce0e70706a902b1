#include "protocols/cloudwatch_logs/subscription_document.h"

#include <gtest/gtest.h>

#include "base/json_value.h"
#include "protocols/cloudwatch_logs/event_rows.h"

namespace clew::cloudwatch_logs {
namespace {

SubscriptionDocument document_of(std::string_view pattern, const std::vector<PutEvent>& events) {
  const Result<FilterPattern> parsed = FilterPattern::parse(pattern);
  EXPECT_TRUE(parsed.ok());
  return data_message("f", *parsed,
                      {.environment = kDefaultEnvironment,
                       .region = "us-east-1",
                       .group = "g",
                       .stream = "s",
                       .first_number = 7,
                       .ingested = {0},
                       .events = events});
}

TEST(SubscriptionDocument, holds_what_matches_under_the_ids_that_events_have) {
  const SubscriptionDocument document = document_of("ERROR", {{1, "ok"}, {2, "ERROR \"x\""}, {3, "fine"}});
  EXPECT_EQ(document.events, 1U);
  const std::string expected =
      R"({"messageType":"DATA_MESSAGE","owner":"000000000000","logGroup":"g","logStream":"s",)"
      R"("subscriptionFilters":["f"],"logEvents":[{"id":")" +
      EventPlace{2, 8}.text() + R"(","timestamp":2,"message":"ERROR \"x\""}]})";
  EXPECT_EQ(document.json, expected);
}

TEST(SubscriptionDocument, names_the_columns_of_a_pattern_with_columns) {
  const SubscriptionDocument document = document_of("[verb, status = 5*]", {{1, "GET 503"}, {2, "GET 200"}});
  EXPECT_EQ(document.events, 1U);
  EXPECT_NE(document.json.find(R"("extractedFields":{"status":"503","verb":"GET"})"), std::string::npos)
      << document.json;
}

TEST(SubscriptionDocument, says_when_nothing_matches) {
  EXPECT_EQ(document_of("ERROR", {{1, "ok"}}).events, 0U);
}

TEST(SubscriptionDocument, a_destination_is_tried_with_one_event) {
  const Result<JsonValue> json = parse_json(control_message({1'500'000'000}));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(*json->find("messageType")->string(), "CONTROL_MESSAGE");
  EXPECT_EQ(*json->find("logEvents")->array()->at(0).find("timestamp")->integer(), 1500);
}

}  // namespace
}  // namespace clew::cloudwatch_logs
