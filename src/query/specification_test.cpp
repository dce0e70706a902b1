#include "query/specification.h"

#include <gtest/gtest.h>

#include "query/short_form.h"

namespace clew::query {
namespace {

constexpr UnixNanos kNow{1'767'225'600'000'000'000};  // 2026-01-01T00:00:00Z

struct Accepted {
  const char* json;
  const char* short_form;  // without the time range
};

TEST(Specification, becomes_a_plan) {
  for (
      const Accepted& c : {
          Accepted{R"({})", "COUNT LIMIT 100"},
          Accepted{
              R"({"calculations":[{"op":"COUNT"},{"op":"P99","column":"duration_ms"}],"breakdowns":["service.name"],
                        "filters":[{"column":"error","op":"=","value":true},{"column":"a","op":"in","value":["x",2,0.5]}],
                        "orders":[{"op":"P99","column":"duration_ms","order":"descending"},{"column":"service.name"}],
                        "havings":[{"calculate_op":"COUNT","op":">","value":10}],"limit":7,"granularity":60})",
              "COUNT, P99(duration_ms) WHERE (error = true AND a in (\"x\", 2, 0.5)) GROUP BY service.name "
              "HAVING COUNT > 10 "
              "ORDER BY P99(duration_ms) DESC, service.name ASC LIMIT 7 EVERY 60s"},
          Accepted{
              R"({"filters":[{"column":"a","op":"exists"},{"column":"b","op":"does-not-contain","value":"x"}],"filter_combination":"OR"})",
              "COUNT WHERE (a exists OR b does-not-contain \"x\") LIMIT 100"},
          Accepted{
              R"({"calculations":[{"op":"SUM","column":"n","name":"bad","filters":[{"column":"e","op":"=","value":1}]}],
                        "orders":[{"column":"bad","order":"descending"}]})",
              "SUM(n) AS bad FILTER ((e = 1)) ORDER BY #1 DESC LIMIT 100"},
          Accepted{
              R"json({"calculations":[{"op":"COUNT","name":"all"}],"formulas":[{"name":"twice","expression":"$all * 2"}],
                        "calculated_fields":[{"name":"f","expression":"LENGTH($name)"}],"breakdowns":["root.name","f"],
                        "filters":[{"column":"none.error","op":"exists"},{"column":"child.x","op":">","value":2}],
                        "havings":[{"column":"twice","op":">","value":3}],"compare_time_offset_seconds":7200})json",
              "COUNT AS all, FORMULA('$all * 2') AS twice WHERE (none.error exists AND child.x > 2) GROUP BY "
              "root.name, f HAVING #2 > 3 LIMIT 100 COMPARE 7200000000000ns DEFINE f AS 'LENGTH($name)'"},
      }) {
    auto plan = plan_of_specification(c.json, kNow);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    plan->range = {};
    EXPECT_EQ(short_form_of(*plan), c.short_form);
  }
}

TEST(Specification, time_ranges) {
  auto range_of = [](const char* json) { return plan_of_specification(json, kNow).value().range; };
  int64_t now = kNow.count / 1'000'000'000;
  EXPECT_EQ(range_of("{}"), (TimeRange{{(now - 7200) * 1'000'000'000}, kNow}));
  EXPECT_EQ(range_of(R"({"time_range":60})"), (TimeRange{{(now - 60) * 1'000'000'000}, kNow}));
  EXPECT_EQ(range_of(R"({"time_range":60,"start_time":100})"),
            (TimeRange{{100'000'000'000}, {160'000'000'000}}));
  EXPECT_EQ(range_of(R"({"time_range":60,"end_time":100})"),
            (TimeRange{{40'000'000'000}, {100'000'000'000}}));
  EXPECT_EQ(range_of(R"({"start_time":40,"end_time":100})"),
            (TimeRange{{40'000'000'000}, {100'000'000'000}}));
}

struct Refused {
  const char* json;
  const char* message;
};

TEST(Specification, errors_name_the_field) {
  for (const Refused& c : {
           Refused{"{", "not JSON"},
           Refused{"[]", "must be a JSON object"},
           Refused{R"({"calculations":{}})", "calculations: must be an array"},
           Refused{R"({"calculations":[{"op":"FROG"}]})",
                   "calculations[0].op: \"FROG\" is not a calculation"},
           Refused{R"({"calculations":[{"op":"COUNT"},{"op":"SUM"}]})",
                   "calculations[1].column: SUM needs a column"},
           Refused{R"({"calculations":[{"op":"COUNT","column":"x"}]})",
                   "calculations[0].column: COUNT takes no column"},
           Refused{R"({"filters":[{"op":"="}]})", "filters[0].column: is missing"},
           Refused{R"({"filters":[{"column":"a","op":"~"}]})", "filters[0].op: \"~\" is not an operator"},
           Refused{R"({"filters":[{"column":"a","op":"="}]})", "filters[0].value: is missing"},
           Refused{R"({"filters":[{"column":"a","op":"=","value":{}}]})",
                   "filters[0].value: must be a string"},
           Refused{R"({"filters":[{"column":"a","op":"in","value":[]}]})",
                   "filters[0].value: in needs at least one value"},
           Refused{R"({"filters":[{"column":"a","op":"exists","value":1}]})",
                   "filters[0].value: exists takes no value"},
           Refused{R"({"filter_combination":"XOR"})", "filter_combination: must be AND or OR"},
           Refused{R"({"breakdowns":[5]})", "breakdowns[0]: must be a string"},
           Refused{R"({"orders":[{"op":"COUNT","order":"up"}]})", "orders[0].order: must be ascending"},
           Refused{R"({"orders":[{"column":"zz"}]})", "orders[0]: must be among"},
           Refused{R"({"havings":[{"calculate_op":"SUM","column":"a","op":">","value":1}]})",
                   "havings[0]: must be among"},
           Refused{R"({"limit":0})", "limit: must be from 1"},
           Refused{R"({"limit":1.5})", "limit: must be a whole number"},
           Refused{R"({"time_range":1,"start_time":1,"end_time":2})", "time_range: give at most two"},
           Refused{R"({"start_time":5,"end_time":4})", "end_time: must be after"},
           Refused{R"({"time_range":-1})", "time_range: -1 is out of range"},
           Refused{R"({"formulas":[{"name":"x"}]})", "formulas[0].expression: is missing"},
           Refused{R"json({"calculated_fields":[{"name":"x","expression":"IF(1)"}]})json",
                   "calculated_fields[0].expression: IF takes at least 2 arguments, got 1\n  IF(1)\n  ^"},
       }) {
    auto plan = plan_of_specification(c.json, kNow);
    ASSERT_FALSE(plan.ok()) << c.json;
    EXPECT_NE(plan.status().message().find(c.message), std::string::npos) << plan.status().message();
  }
}

TEST(ShortForm, errors_point_at_the_character) {
  auto plan = plan_of_short_form("COUNT WHERE a >> 3", kNow);
  ASSERT_FALSE(plan.ok());
  EXPECT_TRUE(plan.status().message().ends_with("\n  COUNT WHERE a >> 3\n                 ^"))
      << plan.status().message();
}

}  // namespace
}  // namespace clew::query
