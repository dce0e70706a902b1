#include "protocols/clew/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::api {
namespace {

using ::testing::HasSubstr;

constexpr UnixNanos kNow{1'767'225'600'000'000'000};

TEST(Question, what_cannot_be_asked) {
  struct Case {
    const char* situation;
    std::string_view body;
    const char* field;
    const char* message;
  };
  const Case cases[] = {
      {"nothing", "", "", "must be a JSON object"},
      {"no object", "[1]", "", "must be a JSON object"},
      {"cut off", R"({"query": "COUNT")", "", "must be a JSON object"},
      {"no question", "{}", "query", "Give a query"},
      {"both questions", R"({"query": "COUNT", "specification": {}})", "query", "not both"},
      {"unknown member", R"({"querry": "COUNT"})", "querry", "did you mean query?"},
      {"query is no text", R"({"query": 7})", "query", "must be a string"},
      {"specification is no object", R"({"specification": "COUNT"})", "specification", "must be an object"},
      {"unknown signal", R"({"query": "COUNT", "signal": "spans"})", "signal", "traces, logs and metrics"},
      {"time limit of nothing", R"({"query": "COUNT", "timeout_ms": 0})", "timeout_ms", "whole number"},
      {"time limit in words", R"({"query": "COUNT", "timeout_ms": "1s"})", "timeout_ms", "whole number"},
      {"unreadable start", R"({"query": "COUNT", "from": "early"})", "from", ""},
      {"unreadable end", R"({"query": "COUNT", "to": "late"})", "to", ""},
      {"end before start", R"({"query": "COUNT", "from": "now", "to": "now-1h"})", "from", "before"},
      {"unreadable question", R"({"query": "COUNT WHERE"})", "query", ""},
  };
  for (const Case& c : cases) {
    const QuestionOrFault asked = read_question(c.body, kNow);
    ASSERT_FALSE(asked.status.ok()) << c.situation;
    EXPECT_EQ(asked.status.kind(), ErrorKind::bad_input) << c.situation;
    EXPECT_EQ(asked.fault.field, c.field) << c.situation;
    EXPECT_THAT(std::string(asked.status.message()), HasSubstr(c.message)) << c.situation;
  }
}

TEST(Question, ranges) {
  struct Case {
    const char* situation;
    std::string_view body;
    Nanoseconds from;  // after now
    Nanoseconds to;
  };
  const Case cases[] = {
      {"the last hour, and clocks that run ahead a little",
       R"({"query": "COUNT"})",
       {-hours(1).count},
       seconds(5)},
      {"given beside the question",
       R"({"query": "COUNT", "from": "now-2h", "to": "now-1h"})",
       {-hours(2).count},
       {-hours(1).count}},
      {"only the start", R"({"query": "COUNT", "from": "now-3h"})", {-hours(3).count}, seconds(5)},
      {"only the end: an hour before it",
       R"({"query": "COUNT", "to": "now-3h"})",
       {-hours(4).count},
       {-hours(3).count}},
      {"the question's own wins",
       R"({"query": "COUNT SINCE now-30m", "from": "now-2h"})",
       {-hours(1).count / 2},
       seconds(5)},
  };
  for (const Case& c : cases) {
    const QuestionOrFault asked = read_question(c.body, kNow);
    ASSERT_TRUE(asked.status.ok()) << c.situation << ": " << asked.status.message();
    EXPECT_EQ((asked.question.plan.range.from - kNow).count, c.from.count) << c.situation;
    EXPECT_EQ((asked.question.plan.range.to - kNow).count, c.to.count) << c.situation;
  }
}

TEST(Question, calculations_get_totals_and_on_request_readable_steps) {
  const QuestionOrFault asked = read_question(
      R"({"query": "COUNT GROUP BY name", "signal": "logs", "series": true, "timeout_ms": 50})", kNow);
  ASSERT_TRUE(asked.status.ok()) << asked.status.message();
  EXPECT_TRUE(asked.question.plan.totals);
  EXPECT_EQ(asked.question.plan.granularity, std::optional(seconds(30)));
  EXPECT_EQ(asked.question.plan.signal, Signal::logs);
  EXPECT_EQ(asked.question.time_limit, std::optional(milliseconds(50)));
}

TEST(Question, a_heatmap_has_equal_or_logarithmic_steps) {
  const QuestionOrFault asked =
      read_question(R"~({"query": "HEATMAP(duration_ms)", "heatmap_steps": "logarithmic"})~", kNow);
  ASSERT_TRUE(asked.status.ok()) << asked.status.message();
  EXPECT_EQ(asked.question.plan.heatmap_steps, query::HeatmapSteps::logarithmic);
  const QuestionOrFault refused = read_question(R"({"query": "COUNT", "heatmap_steps": "log"})", kNow);
  EXPECT_EQ(refused.status.message(), "heatmap_steps are equal or logarithmic, not \"log\"");
  EXPECT_EQ(refused.fault.field, "heatmap_steps");
}

TEST(Question, steps_are_for_who_wants_them) {
  struct Case {
    std::string_view body;
    bool steps;
  };
  const Case cases[] = {
      {R"({"query": "COUNT"})", false},
      {R"({"query": "COUNT", "series": false})", false},
      {R"({"query": "COUNT", "series": true})", true},
      {R"({"query": "COUNT EVERY 10s"})", true},
      {R"~({"query": "HEATMAP(duration_ms)"})~", true},
  };
  for (const Case& c : cases) {
    const QuestionOrFault asked = read_question(c.body, kNow);
    EXPECT_EQ(asked.question.plan.granularity.has_value(), c.steps) << c.body;
  }
}

}  // namespace
}  // namespace clew::api
