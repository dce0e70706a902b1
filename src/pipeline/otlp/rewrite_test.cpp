#include "pipeline/otlp/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/otlp/join.h"
#include "pipeline/otlp/split.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

using testing::batch_of;
using ::testing::HasSubstr;
using testing::json_of;
using ::testing::Not;

Batch two_spans() {
  return batch_of(Signal::traces,
                  testing::span_request({{"service.name", "shop"}},
                                        {{.name = "first", .attributes = {{"a", "1"}, {"b", "2"}}},
                                         {.name = "second", .span = 2}}));
}

// A rewriter of lambdas.
struct Probe final : Rewriter {
  std::function<Verdict(MessageEditor&)> resource, scope, item, point;
  Verdict on_resource(MessageEditor& message) override {
    return resource ? resource(message) : Verdict::keep;
  }
  Verdict on_scope(Enclosing& in) override { return scope ? scope(in.scope) : Verdict::keep; }
  Verdict on_item(Signal, MessageEditor& message, Enclosing&) override {
    return item ? item(message) : Verdict::keep;
  }
  bool looks_into_metrics() const override { return point != nullptr; }
  Verdict on_point(uint32_t, MessageEditor& message, MessageEditor&, Enclosing&) override {
    return point(message);
  }
};

TEST(Rewrite, WhatIsNotChangedIsTheSameBytes) {
  const Batch before = two_spans();
  Probe probe;
  probe.item = [](MessageEditor& span) {
    EXPECT_FALSE(span.bytes(otlp::span::name).empty());
    (void)span.attributes().find("a");
    return Verdict::keep;
  };
  const auto after = rewrite(before, probe);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->otlp.view().data(), before.otlp.view().data());
  EXPECT_EQ(after->items, 2u);
}

TEST(Rewrite, ChangesFieldsAndAttributesAndKeepsTheRest) {
  Probe probe;
  probe.resource = [](MessageEditor& resource) {
    resource.attributes().set("deployment.environment", string_value("production"));
    return Verdict::keep;
  };
  probe.item = [](MessageEditor& span) {
    if (span.bytes(otlp::span::name) != "first") return Verdict::keep;
    span.set_bytes(otlp::span::name, "renamed");
    span.attributes().remove("a");
    span.attributes().set("c", integer_value(7));
    return Verdict::keep;
  };
  const auto after = rewrite(two_spans(), probe);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(
      json_of(*after),
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},)"
      R"({"key":"deployment.environment","value":{"stringValue":"production"}}]},"scopeSpans":[{"scope":{"name":"test","version":"1.0"},)"
      R"("spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","name":"renamed","kind":2,)"
      R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000","attributes":[{"key":"b","value":{"stringValue":"2"}},)"
      R"({"key":"c","value":{"intValue":"7"}}]},{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","name":"second","kind":2,)"
      R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000"}]}]}]})");
}

TEST(Rewrite, WhatIsLeftEmptyIsLeftOut) {
  Probe probe;
  probe.item = [](MessageEditor& span) {
    return span.bytes(otlp::span::name) == "first" ? Verdict::drop : Verdict::keep;
  };
  auto after = rewrite(two_spans(), probe);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->items, 1u);
  EXPECT_THAT(json_of(*after), Not(HasSubstr("first")));
  probe.item = [](MessageEditor&) { return Verdict::drop; };
  after = rewrite(two_spans(), probe);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->items, 0u);
  EXPECT_TRUE(after->otlp.empty());
}

TEST(Rewrite, PointsOfEveryKindHaveTheirAttributes) {
  Probe probe;
  probe.point = [](MessageEditor& point) {
    point.attributes().set("seen", boolean_value(true));
    return Verdict::keep;
  };
  const auto after =
      rewrite(batch_of(Signal::metrics, testing::metric_request({}, "load", {1, 2}, {{"cpu", "0"}})), probe);
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->items, 4u);
  const std::string json = json_of(*after);
  size_t seen = 0;
  for (size_t at = json.find("\"seen\""); at != std::string::npos; at = json.find("\"seen\"", at + 1)) ++seen;
  EXPECT_EQ(seen, 4u) << json;
  probe.point = [](MessageEditor&) { return Verdict::drop; };
  const auto empty = rewrite(batch_of(Signal::metrics, testing::metric_request({}, "load", {1})), probe);
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->items, 0u);
}

TEST(Rewrite, MalformedBytesAreRefusedWhereverTheyAre) {
  Probe probe;
  probe.item = [](MessageEditor& span) {
    (void)span.attributes().find("a");
    return Verdict::keep;
  };
  const std::string good = testing::span_request({}, {{.name = "x", .attributes = {{"a", "1"}}}});
  for (size_t cut = 1; cut < good.size(); ++cut) {
    const auto after = rewrite(batch_of(Signal::traces, good.substr(0, cut)), probe);
    ASSERT_FALSE(after.ok()) << cut;
    EXPECT_EQ(after.status().kind(), ErrorKind::bad_input);
  }
}

TEST(Split, EveryItemIsInExactlyOnePart) {
  std::vector<testing::SpanText> spans;
  for (uint32_t i = 1; i <= 25; ++i) spans.push_back({.name = "span", .span = i});
  Batch both = join({batch_of(Signal::traces, testing::span_request({{"service.name", "a"}}, spans)),
                     batch_of(Signal::traces, testing::span_request({{"service.name", "b"}}, spans))});
  ASSERT_EQ(both.items, 50u);
  const std::vector<Batch> parts = split(both, 20);
  ASSERT_EQ(parts.size(), 3u);
  uint64_t items = 0;
  for (const Batch& part : parts) {
    EXPECT_LE(part.items, 20u);
    EXPECT_EQ(*count_items(Signal::traces, part.otlp.view()), part.items);
    items += part.items;
  }
  EXPECT_EQ(items, 50u);
  EXPECT_EQ(json_of(join(parts)).size() > 0, true);
}

TEST(ItemWalk, PutTogetherAgainIsTheSame) {
  const Batch batch = join({two_spans(), two_spans()});
  RequestBuilder builder;
  ASSERT_TRUE(walk_items(batch.otlp.view(), [&](const ItemPlace& place) { builder.add(place); }).ok());
  EXPECT_EQ(json_of(batch_of(Signal::traces, builder.take())), json_of(batch));
}

}  // namespace
}  // namespace clew::pipeline
