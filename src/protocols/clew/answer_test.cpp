#include "protocols/clew/answer.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/clew/question.h"

namespace clew::api {
namespace {

using query::Calculation;
using query::CalculationKind;
using query::ColumnRole;
using query::Histogram;
using query::ResultColumn;
using query::ResultTable;
using query::Value;
using ::testing::HasSubstr;

query::Plan plan_of(std::vector<Calculation> calculations) {
  query::Plan plan;
  plan.range = {UnixNanos{0}, UnixNanos{0} + seconds(30)};
  plan.granularity = seconds(10);
  plan.calculations = std::move(calculations);
  return plan;
}

std::string text_of(const query::Plan& plan, const ResultTable& table,
                    const std::vector<std::string>& notes = {}) {
  JsonWriter json;
  write_answer(json, plan, table, notes);
  return json.take();
}

TEST(Answer, groups_calculations_totals_and_lines) {
  Calculation p95{.kind = CalculationKind::percentile, .quantile = 0.95};
  p95.column = query::ColumnName{"duration_ms", std::nullopt};
  ResultTable table;
  table.columns = {{"name", ColumnRole::group, {Value("a"), Value()}},
                   {"COUNT", ColumnRole::calculation, {Value(int64_t{3}), Value(int64_t{1})}},
                   {"P95(duration_ms)", ColumnRole::calculation, {Value(0.5), Value()}}};
  table.row_count = 2;
  table.groups_in_all = 7;
  table.totals = {Value(int64_t{4}), Value(0.5)};
  table.series.times = {UnixNanos{0}, UnixNanos{0} + seconds(20), UnixNanos{0} + seconds(20)};
  table.series.rows = {0, 0, 1};
  table.series.calculations = {
      {"COUNT", ColumnRole::calculation, {Value(int64_t{2}), Value(int64_t{1}), Value(int64_t{1})}},
      {"P95(duration_ms)", ColumnRole::calculation, {Value(0.5), Value(0.25), Value()}}};
  const std::string text = text_of(plan_of({Calculation{}, p95}), table);
  EXPECT_THAT(
      text, HasSubstr(R"j("columns":[{"name":"name","type":"string","role":"group"},)j"
                      R"j({"name":"COUNT","type":"int64","role":"calculation"},)j"
                      R"j({"name":"P95(duration_ms)","type":"float64","role":"calculation","unit":"ms"}])j"));
  EXPECT_THAT(text,
              HasSubstr(R"j("rows":[["a",3,0.5],[null,1,null]],"total_rows":7,"totals":[null,4,0.5])j"));
  EXPECT_THAT(text, HasSubstr(R"j("step_ns":10000000000,"steps":3,"lines":[)j"
                              R"j({"row":0,"column":1,"values":[2,null,1]},)j"
                              R"j({"row":0,"column":2,"values":[0.5,null,0.25]},)j"
                              R"j({"row":1,"column":1,"values":[null,null,1]},)j"
                              R"j({"row":1,"column":2,"values":[null,null,null]}])j"));
}

TEST(Answer, lines_start_at_a_multiple_of_the_step_before_the_range) {
  query::Plan plan = plan_of({Calculation{}});
  plan.range = {UnixNanos{0} + seconds(5), UnixNanos{0} + seconds(25)};
  ResultTable table;
  table.columns = {{"COUNT", ColumnRole::calculation, {Value(int64_t{1})}}};
  table.row_count = 1;
  table.series.times = {UnixNanos{0} + seconds(20)};
  table.series.rows = {0};
  table.series.calculations = {{"COUNT", ColumnRole::calculation, {Value(int64_t{1})}}};
  EXPECT_THAT(
      text_of(plan, table),
      HasSubstr(
          R"("start_ns":"0","step_ns":10000000000,"steps":3,"lines":[{"row":0,"column":0,"values":[null,null,1]}])"));
}

TEST(Answer, histograms_that_begin_at_different_values_share_one_axis) {
  Calculation heatmap{.kind = CalculationKind::heatmap};
  heatmap.column = query::ColumnName{"duration_ms", std::nullopt};
  ResultTable table;
  table.columns = {{"HEATMAP(duration_ms)", ColumnRole::calculation, {Value(Histogram{{1}, 0, 5})}}};
  table.row_count = 1;
  table.series.times = {UnixNanos{0}, UnixNanos{0} + seconds(10)};
  table.series.rows = {0, 0};
  table.series.calculations = {{"HEATMAP(duration_ms)",
                                ColumnRole::calculation,
                                {Value(Histogram{{1, 2}, 10, 5}), Value(Histogram{{4}, 0, 5})}}};
  const std::string text = text_of(plan_of({heatmap}), table);
  EXPECT_THAT(text, HasSubstr(R"("rows":[[null]])"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("heatmaps":[{"row":0,"column":0,"bounds":[0,5,10,15,20],"counts":[[0,0,1,2],[4,0,0,0],[]]}])"));
}

TEST(Answer, bounds_of_logarithmic_histograms_are_values) {
  Calculation heatmap{.kind = CalculationKind::heatmap};
  heatmap.column = query::ColumnName{"duration_ms", std::nullopt};
  ResultTable table;
  table.columns = {{"HEATMAP(duration_ms)", ColumnRole::calculation, {Value(Histogram{{1}, 1, 1, true})}}};
  table.row_count = 1;
  table.series.times = {UnixNanos{0}};
  table.series.rows = {0};
  table.series.calculations = {
      {"HEATMAP(duration_ms)", ColumnRole::calculation, {Value(Histogram{{3, 4}, 1, 1, true})}}};
  EXPECT_THAT(text_of(plan_of({heatmap}), table), HasSubstr(R"("bounds":[10,100,1000],"counts":[[3,4])"));
}

TEST(Answer, only_the_first_hundred_rows_have_lines) {
  ResultTable table;
  table.columns = {{"name", ColumnRole::group, {}}, {"COUNT", ColumnRole::calculation, {}}};
  table.series.calculations = {{"COUNT", ColumnRole::calculation, {}}};
  for (uint32_t row = 0; row < 150; ++row) {
    table.columns[0].values.emplace_back(int64_t{row});
    table.columns[1].values.emplace_back(int64_t{1});
    table.series.times.push_back(UnixNanos{0});
    table.series.rows.push_back(row);
    table.series.calculations[0].values.emplace_back(int64_t{1});
  }
  table.row_count = 150;
  const std::string text = text_of(plan_of({Calculation{}}), table);
  EXPECT_THAT(text, HasSubstr(R"({"row":99,"column":1)"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr(R"({"row":100,)")));
}

TEST(Answer, raw_rows_of_all_types) {
  query::Plan plan;
  plan.range = {UnixNanos{0}, UnixNanos{1}};
  plan.rows = query::RowsWanted{};
  ResultTable table;
  const auto add = [&](std::string name, Value value) {
    table.columns.push_back({std::move(name), ColumnRole::row, {std::move(value)}});
  };
  add("time", UnixNanos{1'767'225'600'000'000'001});
  add("trace.trace_id", "5b8efff798038103d269b633813fc60c");
  add("duration_ns", int64_t{5});
  add("large", std::numeric_limits<int64_t>::max());
  add("nan", std::numeric_limits<double>::quiet_NaN());
  add("flag", true);
  add("text", "bad \xFF byte");
  add("absent", Value());
  table.row_count = 1;
  const std::string text = text_of(plan, table, {"No data has a column absent"});
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("rows":[["1767225600000000001","5b8efff798038103d269b633813fc60c",5,"9223372036854775807","NaN",true,"bad )"
          "\uFFFD"
          R"( byte",null]])"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"({"name":"trace.trace_id","type":"trace_id","role":"raw"},{"name":"duration_ns","type":"duration","role":"raw","unit":"ns"})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"absent","type":"any","role":"raw"})"));
  EXPECT_THAT(
      text,
      HasSubstr(R"("totals":null,"series":null,"partial":false,"notes":["No data has a column absent"])"));
}

TEST(Answer, steps_are_readable_and_at_most_about_a_hundred_and_fifty) {
  struct Case {
    Nanoseconds range;
    Nanoseconds step;
  };
  const Case cases[] = {{milliseconds(50), milliseconds(1)},
                        {seconds(60), milliseconds(500)},
                        {hours(1), seconds(30)},
                        {hours(24), seconds(10 * 60)},
                        {days(7), hours(2)},
                        {days(60), hours(12)},
                        {days(3650), days(28)}};
  for (const Case& c : cases) {
    EXPECT_EQ(readable_granularity({UnixNanos{0}, UnixNanos{0} + c.range}).count, c.step.count)
        << to_human(c.range);
  }
}

}  // namespace
}  // namespace clew::api
