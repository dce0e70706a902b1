// Which queries are calculated on columns, and which need each event. That both ways answer the same is told
// by tests/cloudwatch_logs/pushdown.test.js, with a store.
#include "protocols/cloudwatch_logs/insights_pushdown.h"

#include <gtest/gtest.h>

namespace clew::cloudwatch_logs::insights {
namespace {

MemberColumns members() {
  MemberColumns columns{store::Snapshot()};
  columns.add("ms", store::ColumnType::int64);
  columns.add("ms", store::ColumnType::float64);
  columns.add("level", store::ColumnType::string);
  columns.add("status", store::ColumnType::int64);
  columns.add("status", store::ColumnType::string);
  columns.add("ok", store::ColumnType::boolean);
  columns.add("user.id", store::ColumnType::string);
  columns.add("tags", store::ColumnType::json);
  return columns;
}

std::optional<Pushdown> pushed(std::string_view text) {
  const auto parsed = parse_query(text);
  const auto* query = std::get_if<Query>(&parsed);
  EXPECT_NE(query, nullptr) << text;
  if (query == nullptr) return std::nullopt;
  for (size_t i = 0; i < query->commands.size(); ++i) {
    if (std::holds_alternative<StatsCommand>(query->commands[i])) return push_down(*query, i, members());
  }
  ADD_FAILURE() << text << " has no stats";
  return std::nullopt;
}

TEST(InsightsPushdown, what_columns_can_answer) {
  for (const char* text : {
           "stats count(*)",
           "stats count(*) by bin(5m)",
           "stats count(*), count(level) by @logStream, @log, bin(@timestamp, 1h)",
           "filter @message like /time(d )?out/ and @logStream != \"b\" | stats count(*) by bin(30s)",
           "fields level, ms | filter ms > 10 or not (level = \"error\") | stats avg(ms), max(ms) - min(ms) "
           "by user.id",
           "filter level in [\"a\", \"b\"] and ispresent(ok) | stats sum(ms) / count(*) as mean by ok, "
           "status",
           "filter level like \"err\" | stats count(nothing)",
           "stats pct(ms, 95), median(ms) by level",
           "stats count_distinct(level), count_distinct(ms) by bin(1m)",
           "stats sortsFirst(ms), sortsLast(ms)",
       })
    EXPECT_TRUE(pushed(text)) << text;
}

TEST(InsightsPushdown, what_needs_each_event) {
  for (const char* text : {
           "stats histogram(ms, 10)",                            // ranges are known only in the end
           "stats count_distinct(status)",                       // 500 and "500" are the same
           "stats stddev(ms), latest(ms)",                       //
           "stats pct(level, 95)",                               //
           "stats max(level)",                                   // texts
           "stats count(*) by bin(1w)",                          // weeks begin on Monday
           "stats count(*) by bin(1mo)",                         //
           "stats count(*) by bin(5m), bin(1h)",                 //
           "stats count(*) by user",                             // an object
           "stats count(*) by tags",                             // a list
           "stats count(*) by tags.0",                           // within one
           "stats count(*) by `tags[0]`",                        //
           "stats sum(status)",                                  // some are texts, which count as numbers
           "filter status > 100 | stats count(*)",               //
           "filter ok = \"true\" | stats count(*)",              //
           "filter ms < \"a\" | stats count(*)",                 // orders texts behind numbers
           "filter status like \"5\" | stats count(*)",          //
           "filter strlen(level) > 2 | stats count(*)",          //
           "fields ms * 2 as twice | stats sum(twice)",          //
           "parse @message \"a=*\" as a | stats count(*) by a",  //
           "stats count(*) by @requestId",                       // of Lambda's lines
           "stats sum(ms * 2)",                                  //
           "stats count(*) by aws.log.event.bytes",              // is no field
       })
    EXPECT_FALSE(pushed(text)) << text;
}

TEST(InsightsPushdown, what_several_calls_need_is_calculated_once) {
  EXPECT_EQ(pushed("stats avg(ms), sum(ms), max(ms), pct(ms, 50), median(ms)")->plan.calculations.size(), 4U);
}

TEST(InsightsPushdown, members_are_looked_at_only_where_they_are_named) {
  EXPECT_FALSE(pushed("filter @message like /x/ | stats count(*) by @logStream, bin(1m)")->looks_at_members);
  EXPECT_TRUE(pushed("stats count(*) by level")->looks_at_members);
  EXPECT_TRUE(pushed("filter ispresent(level) | stats count(*)")->looks_at_members);
  EXPECT_TRUE(pushed("stats max(ms)")->looks_at_members);
}

}  // namespace
}  // namespace clew::cloudwatch_logs::insights
