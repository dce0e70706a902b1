#include "pipeline/receivers/filelog/log_operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

// What becomes of a line, in one line; "dropped" when nothing does.
std::string outcome_of(const std::string& operators, const std::string& line) {
  const auto value = parse_yaml("operators: " + operators, "test.yaml");
  EXPECT_TRUE(value.ok()) << operators;
  Complaints complaints;
  LogOperators steps;
  {
    Section section(*value, "part", complaints);
    steps = read_log_operators(section);
  }
  EXPECT_THAT(complaints.errors(), ::testing::IsEmpty()) << operators;
  LogEntry entry;
  entry.body = JsonValue(line);
  entry.observed = UnixNanos{1'772'366'400'000'000'000};  // 2026-03-01T12:00:00Z
  OperatorFailures failures;
  if (!apply_all(steps, entry, failures)) return "dropped";
  std::string text = "body=" + entry.body.text() + " attributes=" + entry.attributes.text();
  if (!entry.resource.object()->empty()) text += " resource=" + entry.resource.text();
  if (entry.time) text += " time=" + to_rfc3339(*entry.time);
  if (entry.severity != 0) text += " severity=" + std::to_string(entry.severity);
  if (!entry.severity_text.empty()) text += " text=" + entry.severity_text;
  if (!entry.trace_id.empty()) text += " traced";
  if (failures.failed != 0) text += " failed";
  return text;
}

TEST(LogOperators, WhatIsNestedTooDeeplyStaysText) {
  std::string deep = "1";
  for (int i = 0; i < 30; ++i) deep = "{\"a\":" + deep + "}";
  EXPECT_THAT(outcome_of("[{type: json_parser}]", deep), ::testing::EndsWith("attributes={} failed"));
}

TEST(LogOperators, DoWhatTheySay) {
  struct Case {
    const char* operators;
    const char* line;
    const char* expected;
  };
  const Case cases[] = {
      {"[{type: json_parser}]", R"({"a":1,"b":{"c":1.5}})",
       R"(body="{\"a\":1,\"b\":{\"c\":1.5}}" attributes={"a":1,"b":{"c":1.5}})"},
      {"[{type: json_parser, parse_to: body}]", R"({"a":true})", R"(body={"a":true} attributes={})"},
      {"[{type: json_parser}]", "no json", R"(body="no json" attributes={} failed)"},
      {"[{type: json_parser, on_error: drop}]", "no json", "dropped"},
      {"[{type: json_parser}]", "[1]", R"(body="[1]" attributes={} failed)"},
      {"[{type: regex_parser, regex: '^(?P<verb>\\w+) (?P<status>\\d+)'}]", "GET 200",
       R"(body="GET 200" attributes={"verb":"GET","status":"200"})"},
      {"[{type: regex_parser, regex: '^(?P<verb>\\d+)$'}]", "GET", R"(body="GET" attributes={} failed)"},
      {"[{type: json_parser, timestamp: {parse_from: attributes.t, layout: '%Y-%m-%d %H:%M:%S.%f', location: "
       "UTC},"
       " severity: {parse_from: attributes.level}}]",
       R"({"t":"2026-02-28 23:59:59.25","level":"Warning"})",
       R"(body="{\"t\":\"2026-02-28 23:59:59.25\",\"level\":\"Warning\"}" )"
       R"(attributes={"t":"2026-02-28 23:59:59.25","level":"Warning"} )"
       "time=2026-02-28T23:59:59.25Z severity=13 text=Warning"},
      {"[{type: json_parser, parse_to: body, timestamp: {parse_from: body.t, layout_type: epoch, layout: "
       "ms}}]",
       R"({"t":1772366400123})", R"(body={"t":1772366400123} attributes={} time=2026-03-01T12:00:00.123Z)"},
      {"[{type: severity_parser, parse_from: body, mapping: {error: 5xx, warn: [{min: 400, max: 499}, "
       "odd]}}]",
       "503", R"(body="503" attributes={} severity=17 text=503)"},
      {"[{type: severity_parser, parse_from: body, mapping: {error: 5xx, warn: [{min: 400, max: 499}, "
       "odd]}}]",
       "odd", R"(body="odd" attributes={} severity=13 text=odd)"},
      {"[{type: severity_parser, parse_from: body, overwrite_text: true}]", "notice",
       R"(body="notice" attributes={} severity=10 text=INFO2)"},
      {"[{type: severity_parser, parse_from: body}]", "weird", R"(body="weird" attributes={} text=weird)"},
      {"[{type: json_parser}, {type: trace_parser}, {type: remove, field: attributes.trace_id}]",
       R"({"trace_id":"0123456789abcdef0123456789abcdef"})",
       R"(body="{\"trace_id\":\"0123456789abcdef0123456789abcdef\"}" attributes={} traced)"},
      {"[{type: json_parser}, {type: trace_parser}]", R"({"trace_id":"xyz"})",
       R"(body="{\"trace_id\":\"xyz\"}" attributes={"trace_id":"xyz"} failed)"},
      {"[{type: add, field: 'attributes[\"a.b\"]', value: 8}, {type: copy, from: body, to: resource.line}]",
       "x", R"(body="x" attributes={"a.b":8} resource={"line":"x"})"},
      {"[{type: move, from: body, to: attributes.a.b}]", "x", R"(body=null attributes={"a":{"b":"x"}})"},
      {"[{type: move, from: attributes.none, to: body}]", "x", R"(body="x" attributes={} failed)"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(outcome_of(one.operators, one.line), one.expected) << one.operators << "\n" << one.line;
}

}  // namespace
}  // namespace clew::pipeline
