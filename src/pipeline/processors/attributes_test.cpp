#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// What a span with these attributes has afterwards, as JSON of the list.
std::string attributes_after(const std::string& yaml, const testing::TextAttributes& attributes,
                             std::shared_ptr<const SenderContext> sender = nullptr) {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(configure_attributes, yaml, next);
  Batch batch = testing::batch_of(
      Signal::traces,
      testing::span_request({{"service.name", "shop"}}, {{.name = "GET /", .attributes = attributes}}));
  batch.sender = std::move(sender);
  processor->consume(batch, [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  const std::string json = testing::json_of(next.batches().at(0));
  const size_t at = json.find("\"attributes\"", json.find("endTimeUnixNano"));
  if (at == std::string::npos) return "";
  return json.substr(at, json.find("]}]}]}]}", at) - at);
}

struct Case {
  const char* action;
  testing::TextAttributes before;
  const char* after;
};

TEST(Attributes, Actions) {
  const Case cases[] = {
      {"{key: a, value: 1, action: insert}", {}, R"("attributes":[{"key":"a","value":{"intValue":"1"}})"},
      {"{key: a, value: 1, action: insert}",
       {{"a", "x"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"x"}})"},
      {"{key: a, value: '1', action: update}",
       {{"a", "x"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"1"}})"},
      {"{key: a, value: 1, action: update}", {}, ""},
      {"{key: a, value: 1.5, action: upsert}",
       {{"a", "x"}},
       R"("attributes":[{"key":"a","value":{"doubleValue":1.5}})"},
      {"{key: a, from_attribute: b, action: upsert}",
       {{"b", "x"}},
       R"("attributes":[{"key":"b","value":{"stringValue":"x"}},{"key":"a","value":{"stringValue":"x"}})"},
      {"{key: a, from_attribute: missing, action: upsert}",
       {{"a", "x"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"x"}})"},
      {"{key: a, action: delete}",
       {{"a", "x"}, {"b", "y"}},
       R"("attributes":[{"key":"b","value":{"stringValue":"y"}})"},
      {"{pattern: ^secret, action: delete}",
       {{"secret.a", "x"}, {"b", "y"}},
       R"("attributes":[{"key":"b","value":{"stringValue":"y"}})"},
      {"{key: a, action: hash}",
       {{"a", "x"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}})"},
      {"{key: a, pattern: '^(?P<host>[^:]+):(?P<port>\\d+)$', action: extract}",
       {{"a", "db:5432"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"db:5432"}},{"key":"host","value":{"stringValue":"db"}},{"key":"port","value":{"stringValue":"5432"}})"},
      {"{key: a, converted_type: int, action: convert}",
       {{"a", "12"}},
       R"("attributes":[{"key":"a","value":{"intValue":"12"}})"},
      {"{key: a, converted_type: int, action: convert}",
       {{"a", "twelve"}},
       R"("attributes":[{"key":"a","value":{"stringValue":"twelve"}})"},
      {"{key: a, converted_type: double, action: convert}",
       {{"a", "1.25"}},
       R"("attributes":[{"key":"a","value":{"doubleValue":1.25}})"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(attributes_after(std::string("actions: [") + one.action + "]", one.before), one.after)
        << one.action;
}

TEST(Attributes, ValuesFromTheRequest) {
  const auto sender =
      std::make_shared<const SenderContext>(SenderContext{{{"x-tenant", "acme"}}, "10.0.0.7:1234", "alice"});
  EXPECT_THAT(
      attributes_after("actions: [{key: t, from_context: metadata.x-tenant, action: insert}]", {}, sender),
      HasSubstr("acme"));
  EXPECT_THAT(
      attributes_after("actions: [{key: t, from_context: client.address, action: insert}]", {}, sender),
      HasSubstr("\"10.0.0.7\""));
  EXPECT_THAT(attributes_after("actions: [{key: t, from_context: auth.subject, action: insert}]", {}, sender),
              HasSubstr("alice"));
}

TEST(Attributes, OnlyWhatIsIncludedAndNotExcluded) {
  const std::string insert = "actions: [{key: seen, value: true, action: insert}]\n";
  const auto seen = [&](const std::string& match) {
    return attributes_after(insert + match, {{"a", "x"}}).find("seen") != std::string::npos;
  };
  EXPECT_TRUE(seen("include: {match_type: strict, services: [shop]}"));
  EXPECT_FALSE(seen("include: {match_type: strict, services: [sho]}"));
  EXPECT_TRUE(seen("include: {match_type: regexp, span_names: ['^GET']}"));
  EXPECT_TRUE(seen("include: {match_type: strict, attributes: [{key: a, value: x}]}"));
  EXPECT_FALSE(seen("include: {match_type: strict, attributes: [{key: a, value: y}]}"));
  EXPECT_TRUE(seen("include: {match_type: strict, libraries: [{name: test}]}"));
  EXPECT_FALSE(seen("exclude: {match_type: strict, span_kinds: [SPAN_KIND_SERVER]}"));
  EXPECT_TRUE(seen("exclude: {match_type: strict, span_kinds: [SPAN_KIND_CLIENT]}"));
}

TEST(Attributes, MistakesAreSaid) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_attributes, "actions: [{key: a, action: upsrt}]"),
              ElementsAre(HasSubstr(
                  "part::actions[0]::action: expected one of insert, update, upsert, delete, hash, extract, "
                  "convert, got 'upsrt'; did you mean 'upsert'?")));
  EXPECT_THAT(workshop.complaints(configure_attributes, "actions: [{key: a, action: insert}]"),
              ElementsAre(HasSubstr("needs exactly one of value, from_attribute and from_context")));
  EXPECT_THAT(workshop.complaints(configure_attributes, "actions: [{pattern: '(', action: delete}]"),
              ElementsAre(HasSubstr("is no regular expression")));
  EXPECT_THAT(workshop.complaints(configure_attributes, "action: []").size(), 2);
}

TEST(Resource, ChangesResourcesOnly) {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(
      configure_resource,
      "attributes: [{key: service.name, value: store, action: update}, {key: a, value: 1, action: insert}]",
      next);
  for (const Batch& batch :
       {testing::batch_of(Signal::traces, testing::span_request({{"service.name", "shop"}}, {{.name = "x"}})),
        testing::batch_of(Signal::logs, testing::log_request({{"service.name", "shop"}}, {"hello"})),
        testing::batch_of(Signal::metrics, testing::metric_request({{"service.name", "shop"}}, "m", {1}))}) {
    processor->consume(batch, [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
    const std::string json = testing::json_of(next.batches().back());
    EXPECT_THAT(
        json,
        HasSubstr(
            R"({"key":"service.name","value":{"stringValue":"store"}},{"key":"a","value":{"intValue":"1"}}]})"));
    EXPECT_THAT(json, Not(HasSubstr("shop")));
    EXPECT_EQ(next.batches().back().items, batch.items);
  }
}

}  // namespace
}  // namespace clew::pipeline
