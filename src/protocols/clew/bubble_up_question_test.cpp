#include "protocols/clew/bubble_up_question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/short_form.h"

namespace clew::api {
namespace {

using ::testing::HasSubstr;

constexpr UnixNanos kNow{1'767'225'600'000'000'000};

TEST(BubbleUpQuestion, what_cannot_be_asked) {
  struct Case {
    const char* situation;
    std::string_view body;
    const char* field;
    const char* message;
  };
  const Case cases[] = {
      {"nothing", "", "", "must be a JSON object"},
      {"no selection", R"({"query": "COUNT"})", "selection", "is missing"},
      {"a selection of nothing", R"({"selection": {}})", "selection", "Nothing is selected"},
      {"a selection that is no object", R"({"selection": "all"})", "selection", "must be an object"},
      {"an unknown member", R"({"selection": {"form": "now"}})", "selection.form", "did you mean from"},
      {"an unknown member of the question", R"({"querry": "COUNT", "selection": {}})", "querry", "query"},
      {"a wrong time", R"({"selection": {"from": "soonish"}})", "selection.from", ""},
      {"bounds of nothing", R"({"selection": {"min": 5}})", "selection.column", "min and max"},
      {"a column without bounds", R"({"selection": {"column": "x"}})", "selection.column",
       "needs min or max"},
      {"a bound that is no number", R"({"selection": {"column": "x", "max": "5"}})", "selection.max",
       "a number"},
      {"a broken condition", R"({"selection": {"filter": "= 5"}})", "selection.filter", ""},
      {"more than a condition", R"({"selection": {"filter": "a = 1 LIMIT 5"}})", "selection.filter",
       "condition only"},
      {"broken filters", R"({"selection": {"filters": [{"column": "a"}]}})", "selection.filters",
       "filters[0].op"},
      {"no columns", R"({"selection": {"filter": "a = 1"}, "most_columns": 0})", "most_columns", "from 1 to"},
  };
  for (const Case& c : cases) {
    const auto asked = read_bubble_up_question(c.body, kNow);
    ASSERT_FALSE(asked.status.ok()) << c.situation;
    EXPECT_EQ(asked.fault.field, c.field) << c.situation;
    EXPECT_THAT(std::string(asked.status.message()), HasSubstr(c.message)) << c.situation;
  }
}

TEST(BubbleUpQuestion, a_box_and_a_condition_select_together) {
  const auto asked = read_bubble_up_question(
      R"({"query": "HEATMAP(duration_ms) WHERE a = 1", "most_values": 7, "selection": {"from": "now-10m", "to": "now-5m",
          "column": "duration_ms", "min": 100, "max": 250.5, "filter": "b = 2 OR c = 3",
          "filters": [{"column": "d", "op": "exists"}]}})",
      kNow);
  ASSERT_TRUE(asked.status.ok()) << asked.status.message();
  query::Plan plan;
  plan.calculations = {{}};
  plan.filter = asked.question.selection;
  EXPECT_EQ(
      query::short_form_of(plan),
      "COUNT WHERE (intrinsic::time >= @2025-12-31T23:50:00Z AND intrinsic::time < @2025-12-31T23:55:00Z "
      "AND duration_ms >= 100 AND duration_ms < 250.5 AND (b = 2 OR c = 3) AND (d exists))");
  EXPECT_EQ(asked.question.filter, query::comparison("a", query::Operator::equal, int64_t{1}));
  EXPECT_EQ(asked.question.values, 7u);
}

}  // namespace
}  // namespace clew::api
