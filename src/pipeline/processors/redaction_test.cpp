#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string redacted(const std::string& yaml, Signal signal, const std::string& request) {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(configure_redaction, yaml, next);
  processor->consume(testing::batch_of(signal, request),
                     [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  return testing::json_of(next.batches().at(0));
}

// The attributes of a log record that had these.
std::string attributes_after(const std::string& yaml, const std::string& attributes) {
  const auto request =
      json_to_protobuf(Signal::logs, R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[)" +
                                         attributes + "]}]}]}]}");
  const std::string json = redacted(yaml, Signal::logs, *request);
  const size_t at = json.find("\"attributes\":[");
  return at == std::string::npos ? "" : json.substr(at + 14, json.rfind("]}]}]}]}") - at - 14);
}

TEST(Redaction, Attributes) {
  struct Case {
    const char* situation;
    const char* yaml;
    const char* before;
    const char* after;
  };
  const Case cases[] = {
      {"not allowed", "{allowed_keys: [a]}",
       R"({"key":"a","value":{"stringValue":"x"}},{"key":"b","value":{"stringValue":"y"}})",
       R"({"key":"a","value":{"stringValue":"x"}})"},
      {"ignored is allowed", "{allowed_keys: [c], ignored_keys: [b]}",
       R"({"key":"b","value":{"stringValue":"y"}})", R"({"key":"b","value":{"stringValue":"y"}})"},
      {"blocked within a text", "{allow_all_keys: true, blocked_values: ['4[0-9]{12}(?:[0-9]{3})?']}",
       R"({"key":"a","value":{"stringValue":"card 4111111111111111, 4111111111111112."}})",
       R"({"key":"a","value":{"stringValue":"card ****, ****."}})"},
      {"ignored is not masked", "{allow_all_keys: true, ignored_keys: [a], blocked_values: [x]}",
       R"({"key":"a","value":{"stringValue":"x"}})", R"({"key":"a","value":{"stringValue":"x"}})"},
      {"allowed values win",
       "{allow_all_keys: true, blocked_values: [mycompany.com], allowed_values: ['support@.+']}",
       R"({"key":"a","value":{"stringValue":"support@mycompany.com"}},{"key":"b","value":{"stringValue":"me@mycompany.com"}})",
       R"({"key":"a","value":{"stringValue":"support@mycompany.com"}},{"key":"b","value":{"stringValue":"me@****"}})"},
      {"blocked keys hide the whole value", "{allow_all_keys: true, blocked_key_patterns: ['.*token.*']}",
       R"({"key":"api_token","value":{"intValue":"5"}},{"key":"a","value":{"intValue":"5"}})",
       R"({"key":"api_token","value":{"stringValue":"****"}},{"key":"a","value":{"intValue":"5"}})"},
      {"hashed", "{allow_all_keys: true, blocked_values: [secret], hash_function: md5}",
       R"({"key":"a","value":{"stringValue":"a secret"}})",
       R"({"key":"a","value":{"stringValue":"a 5ebe2294ecd0e0f08eab7690d2a6ee69"}})"},
      {"numbers stay", "{allow_all_keys: true, blocked_values: ['^5$']}",
       R"({"key":"a","value":{"intValue":"5"}})", R"({"key":"a","value":{"intValue":"5"}})"},
      {"unless all types are looked at",
       "{allow_all_keys: true, blocked_values: ['^5$'], redact_all_types: true}",
       R"({"key":"a","value":{"intValue":"5"}})", R"({"key":"a","value":{"stringValue":"****"}})"},
      {"within lists and maps", "{allow_all_keys: true, blocked_values: [x], blocked_key_patterns: [^pw$]}",
       R"({"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"},{"kvlistValue":{"values":[{"key":"pw","value":{"intValue":"1"}}]}}]}}})",
       R"({"key":"a","value":{"arrayValue":{"values":[{"stringValue":"****"},{"kvlistValue":{"values":[{"key":"pw","value":{"stringValue":"****"}}]}}]}}})"},
      {"with a summary", "{allowed_keys: [a, c], blocked_values: [x], summary: debug}",
       R"({"key":"a","value":{"stringValue":"x"}},{"key":"b","value":{"stringValue":"y"}})",
       R"({"key":"a","value":{"stringValue":"****"}},{"key":"redaction.redacted.keys","value":{"stringValue":"b"}},)"
       R"({"key":"redaction.redacted.count","value":{"intValue":"1"}},{"key":"redaction.masked.keys","value":{"stringValue":"a"}},)"
       R"({"key":"redaction.masked.count","value":{"intValue":"1"}})"},
      {"with counts only", "{allowed_keys: [a], summary: info}", R"({"key":"b","value":{"stringValue":"y"}})",
       R"({"key":"redaction.redacted.count","value":{"intValue":"1"}})"},
  };
  for (const Case& one : cases) EXPECT_EQ(attributes_after(one.yaml, one.before), one.after) << one.situation;
}

TEST(Redaction, ReachesEverythingThatHasAttributes) {
  const char* yaml = "{allow_all_keys: true, blocked_values: [secret]}";
  const std::string span = *json_to_protobuf(Signal::traces, R"({"resourceSpans":[{
    "resource":{"attributes":[{"key":"r","value":{"stringValue":"secret"}}]},
    "scopeSpans":[{"scope":{"attributes":[{"key":"s","value":{"stringValue":"secret"}}]},"spans":[{"name":"op",
      "attributes":[{"key":"a","value":{"stringValue":"secret"}}],
      "events":[{"name":"e","attributes":[{"key":"e","value":{"stringValue":"secret"}}]}]}]}]}]})");
  EXPECT_THAT(redacted(yaml, Signal::traces, span), Not(HasSubstr("secret")));
  EXPECT_THAT(redacted(yaml, Signal::logs, testing::log_request({}, {"a secret body"}, {{"k", "secret"}})),
              Not(HasSubstr("secret")));
  EXPECT_THAT(redacted(yaml, Signal::metrics, testing::metric_request({}, "m", {1, 2}, {{"k", "secret"}})),
              Not(HasSubstr("secret")));
}

TEST(Redaction, Mistakes) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_redaction,
                                  "{allow_all_keys: true, blocked_values: ['('], hash_function: sha512, "
                                  "url_sanitizer: {enabled: true}}"),
              ElementsAre(HasSubstr("blocked_values: '(' is no regular expression"),
                          HasSubstr("hash_function: expected one of md5, sha1, sha3"),
                          HasSubstr("url_sanitizer: clew does not offer this")));
}

}  // namespace
}  // namespace clew::pipeline
