#include "query/metric_trend.h"

#include <gtest/gtest.h>

#include "query/testing/memory_table.h"

namespace clew::query {
namespace {

using store::ColumnType;
using testing::attribute;
using testing::intrinsic;
using testing::TableRow;

constexpr int64_t kSecond = 1'000'000'000;

struct Sent {
  std::string host;
  int64_t series = 0;
  int64_t at = 0;  // seconds
  double value = 0;
  int64_t start = 0;
};

TableRow point(std::string kind, const Sent& sent) {
  return {intrinsic("metric.name", ColumnType::string, "m"),
          intrinsic("metric.kind", ColumnType::string, std::move(kind)),
          testing::at_time(sent.at * kSecond),
          intrinsic("metric.start_time", ColumnType::time, sent.start * kSecond),
          intrinsic("metric.series", ColumnType::int64, sent.series),
          attribute("host", sent.host)};
}

TableRow counter(const Sent& sent) {
  TableRow row = point("sum", sent);
  row.push_back(intrinsic("metric.temporality", ColumnType::string, "cumulative"));
  row.push_back(intrinsic("metric.monotonic", ColumnType::boolean, true));
  row.push_back(intrinsic("metric.value", ColumnType::float64, sent.value));
  return row;
}

MetricQuestion every_ten_seconds() {
  MetricQuestion question;
  question.metric = "m";
  question.range = {UnixNanos{100 * kSecond}, UnixNanos{140 * kSecond}};
  question.step = seconds(10);
  return question;
}

std::string text_of(const MetricTrend& trend) {
  std::string text = to_text(trend.table);
  const Series& series = trend.table.series;
  for (size_t i = 0; i < series.size(); ++i) {
    text += std::to_string(series.times[i].count / kSecond) + " row " + std::to_string(series.rows[i]);
    for (const ResultColumn& column : series.calculations) text += " " + to_text(column.values[i]);
    text += "\n";
  }
  return text;
}

// Whatever the order of the rows and however they are cut into granules.
std::string trend(std::vector<TableRow> rows, const MetricQuestion& question) {
  const std::string whole = text_of(metric_trend(question, testing::snapshot_of(rows)).value());
  std::reverse(rows.begin(), rows.end());
  const auto pieces = testing::snapshot_of(rows, {.granule_rows = 2, .segment_granules = 1});
  EXPECT_EQ(text_of(metric_trend(question, pieces).value()), whole);
  return whole;
}

TEST(MetricTrend, CumulativeSeriesGrowEachOnItsOwn) {
  const std::vector<TableRow> rows = {counter({"a", 1, 101, 1000}), counter({"a", 1, 111, 1007}),
                                      counter({"a", 1, 121, 1010}), counter({"b", 2, 102, 5}),
                                      counter({"b", 2, 112, 6}),    counter({"b", 2, 122, 9})};
  // The first step has one point of each, of which nobody knows since when they count.
  EXPECT_EQ(trend(rows, every_ten_seconds()),
            "increase\n14\n"
            "100 row 0 0\n110 row 0 8\n120 row 0 6\n");
  MetricQuestion by_host = every_ten_seconds();
  by_host.by = ColumnName{"host", {}};
  EXPECT_EQ(trend(rows, by_host),
            "host  increase\na     10\nb     4\n"
            "100 row 0 0\n100 row 1 0\n110 row 0 7\n110 row 1 1\n120 row 0 3\n120 row 1 3\n");
}

TEST(MetricTrend, AProcessThatBeginsAnewCountsFromZero) {
  const std::vector<TableRow> rows = {counter({"a", 1, 101, 50}), counter({"a", 1, 109, 53}),
                                      counter({"a", 1, 115, 4, 112}), counter({"a", 1, 125, 6, 112})};
  EXPECT_EQ(trend(rows, every_ten_seconds()),
            "increase\n9\n"
            "100 row 0 3\n110 row 0 4\n120 row 0 2\n");
}

TEST(MetricTrend, AValueThatMayFallIsTheSumOfTheLastOfEachSeries) {
  std::vector<TableRow> rows;
  for (const Sent& sent :
       {Sent{"a", 1, 101, 10}, Sent{"a", 1, 109, 8}, Sent{"b", 2, 105, 1}, Sent{"b", 2, 115, 2}}) {
    rows.push_back(point("sum", sent));
    rows.back().push_back(intrinsic("metric.temporality", ColumnType::string, "cumulative"));
    rows.back().push_back(intrinsic("metric.value", ColumnType::int64, static_cast<int64_t>(sent.value)));
  }
  EXPECT_EQ(trend(rows, every_ten_seconds()), "value\n5.5\n100 row 0 9\n110 row 0 2\n");
}

TEST(MetricTrend, TheSumOfDifferencesIsTheSameInWhateverOrderTheyCome) {
  std::vector<TableRow> rows;
  for (const double value : {1e16, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.3}) {
    rows.push_back(point("sum", {"a", static_cast<int64_t>(rows.size()), 101}));
    rows.back().push_back(intrinsic("metric.temporality", ColumnType::string, "delta"));
    rows.back().push_back(intrinsic("metric.monotonic", ColumnType::boolean, true));
    rows.back().push_back(intrinsic("metric.value", ColumnType::float64, value));
  }
  EXPECT_EQ(trend(rows, every_ten_seconds()),
            "increase\n1.0000000000000004e+16\n100 row 0 1.0000000000000004e+16\n");
}

TEST(MetricTrend, GaugesHaveTheirMeanAndExtremes) {
  std::vector<TableRow> rows;
  for (const Sent& sent : {Sent{"a", 1, 101, 1}, Sent{"b", 2, 102, 3}, Sent{"a", 1, 111, -5}}) {
    rows.push_back(point("gauge", sent));
    rows.back().push_back(intrinsic("metric.value", ColumnType::float64, sent.value));
  }
  EXPECT_EQ(trend(rows, every_ten_seconds()),
            "mean                 min  max\n-0.3333333333333333  -5   3\n"
            "100 row 0 2 1 3\n110 row 0 -5 -5 -5\n");
}

TEST(MetricTrend, PercentilesLieWithinWhatWasMeasured) {
  TableRow row = point("histogram", {"a", 1, 101});
  row.push_back(intrinsic("metric.temporality", ColumnType::string, "delta"));
  row.push_back(intrinsic("metric.count", ColumnType::int64, int64_t{4}));
  row.push_back(intrinsic("metric.sum", ColumnType::float64, 12.0));
  // Four of them between 2 and 10.
  row.push_back(intrinsic("metric.point", ColumnType::bytes,
                          std::string("\x32\x18\0\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                      "\x3a\x10\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\x24\x40",
                                      44)));
  EXPECT_EQ(trend({row}, every_ten_seconds()),
            "count  mean  P50  P90  P99\n4      3     6    9.2  9.92\n100 row 0 4 3 6 9.2 9.92\n");
  row.push_back(intrinsic("metric.min", ColumnType::float64, 2.5));
  row.push_back(intrinsic("metric.max", ColumnType::float64, 3.5));
  EXPECT_EQ(trend({row}, every_ten_seconds()),
            "count  mean  P50  P90  P99\n4      3     3.5  3.5  3.5\n100 row 0 4 3 3.5 3.5 3.5\n");
}

TEST(MetricTrend, APointOfNothingAndPointsOfAnotherKindAreLeftOut) {
  std::vector<TableRow> rows = {counter({"a", 1, 101, 7, 100}), counter({"a", 1, 102, 9, 100}),
                                counter({"a", 1, 111, 0, 100})};
  rows.back().push_back(intrinsic("meta.flags", ColumnType::int64, int64_t{1}));
  rows.push_back(point("gauge", {"a", 3, 121, 0}));
  EXPECT_EQ(trend(rows, every_ten_seconds()), "increase\n9\n100 row 0 9\n");
}

}  // namespace
}  // namespace clew::query
