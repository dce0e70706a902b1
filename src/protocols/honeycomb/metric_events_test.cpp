#include "protocols/honeycomb/metric_events.h"

#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "query/run.h"
#include "query/short_form.h"
#include "store/columnar/store.h"
#include "telemetry/otlp_json.h"

namespace clew::honeycomb {
namespace {

class MetricEvents : public ::testing::Test {
 protected:
  MetricEvents() {
    directory_ = ::testing::TempDir() + "clew-metric-events-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    store::ColumnarOptions options;
    options.directory = directory_;
    options.durability = store::Durability::none;
    store_ = std::move(store::ColumnarStore::open(options)).value();
  }
  ~MetricEvents() override {
    EXPECT_TRUE(store_->close().ok());
    std::filesystem::remove_all(directory_);
  }

  // Metrics of a service, as the members of a scope's list.
  void send(std::string_view service, std::string_view metrics) {
    const std::string json = fmt::format(
        R"({{"resourceMetrics":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{}"}}}}]}},
            "scopeMetrics":[{{"metrics":[{}]}}]}}]}})",
        service, metrics);
    auto bytes = json_to_protobuf(Signal::metrics, json);
    ASSERT_TRUE(bytes.ok()) << bytes.status().message();
    store_->append({.signal = Signal::metrics,
                    .environment = kDefaultEnvironment,
                    .otlp = SharedBytes(std::move(*bytes))},
                   [](const store::AppendOutcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  }

  // The rows of a question over the events, cells with a blank between them.
  std::string ask(std::string_view question, TimeRange range = {}) {
    const auto events = metric_events(store_->snapshot(kDefaultEnvironment, Signal::metrics), range);
    if (!events.ok()) return std::string(events.status().message());
    const auto plan = query::plan_of_short_form(question, {});
    const auto table = query::run(plan.value(), *events);
    if (!table.ok()) return std::string(table.status().message());
    std::string text;
    for (size_t row = 0; row < table->row_count; ++row) {
      for (const query::ResultColumn& column : table->columns)
        text += (&column == &table->columns[0] ? "" : " ") + query::to_text(column.values[row]);
      text += ";";
    }
    return text;
  }

  std::string directory_;
  std::unique_ptr<store::ColumnarStore> store_;
};

std::string gauge(std::string_view name, std::string_view value, std::string_view time = "5000000000",
                  std::string_view host = "a") {
  return fmt::format(
      R"({{"name":"{}","gauge":{{"dataPoints":[{{"timeUnixNano":"{}",{},"attributes":[{{"key":"host","value":{{"stringValue":"{}"}}}}]}}]}}}})",
      name, time, value, host);
}

TEST_F(MetricEvents, PointsOfOneSecondWithTheSameAttributesAreOneEvent) {
  send("shop", gauge("cpu", R"("asDouble":0.5)") + "," + gauge("memory", R"("asInt":"7")", "5900000000") +
                   "," + gauge("cpu", R"("asDouble":0.75)", "6000000000") + "," +
                   gauge("cpu", R"("asDouble":0.25)", "5000000000", "b"));
  send("pay", gauge("cpu", R"("asDouble":2)"));
  EXPECT_EQ(ask("COUNT, SUM(cpu), SUM(memory) GROUP BY service.name, host ORDER BY service.name, host"),
            "pay a 1 2 null;shop a 2 1.25 7;shop b 1 0.25 null;");
  EXPECT_EQ(ask("COUNT WHERE cpu = 0.5 AND memory = 7"), "1;");
  EXPECT_EQ(ask("COUNT WHERE meta.signal_type = metric AND meta.annotation_type = metric_event"), "4;");
  EXPECT_EQ(ask("COUNT WHERE metric.name exists"), "0;");
  EXPECT_EQ(ask("ROWS time, cpu WHERE service.name = shop AND host = a ORDER BY time ASC"),
            "1970-01-01T00:00:05Z 0.5;1970-01-01T00:00:06Z 0.75;");
}

TEST_F(MetricEvents, TheLaterOfTwoPointsCounts) {
  send("shop", gauge("cpu", R"("asDouble":1)") + "," + gauge("cpu", R"("asDouble":3)"));
  EXPECT_EQ(ask("COUNT, MAX(cpu), MIN(cpu)"), "1 3 3;");
}

TEST_F(MetricEvents, HistogramsAndSummariesHaveSeveralColumns) {
  send(
      "shop",
      R"({"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"5000000000","count":"10","sum":50,
           "min":1,"max":30,"explicitBounds":[5,10,20],"bucketCounts":["5","4","0","1"]}]}},
          {"name":"s","summary":{"dataPoints":[{"timeUnixNano":"5000000000","count":"4","sum":10,
           "quantileValues":[{"quantile":0,"value":1},{"quantile":0.5,"value":2},{"quantile":0.999,"value":3},{"quantile":1,"value":4}]}]}},
          {"name":"e","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"5000000000","count":"2","sum":8,
           "scale":0,"zeroCount":"0","positive":{"offset":0,"bucketCounts":["2"]}}]}})");
  EXPECT_EQ(ask("MAX(h.count), MAX(h.sum), MAX(h.avg), MAX(h.min), MAX(h.max), MAX(h.p05), MAX(h.p50), "
                "MAX(h.p90), MAX(h.p999)"),
            "10 50 5 1 30 5 5 20 20;");
  EXPECT_EQ(ask("MAX(s.count), MAX(s.avg), MAX(s.min), MAX(s.p50), MAX(s.p999), MAX(s.max)"),
            "4 2.5 1 2 3 4;");
  EXPECT_EQ(ask("COUNT, MAX(e.count), MAX(e.avg)"), "1 2 4;");
}

TEST_F(MetricEvents, OnlyWhatARangeNeedsIsJoined) {
  send("shop", gauge("cpu", R"("asDouble":1)"));
  EXPECT_EQ(ask("COUNT", {{0}, {1'000'000'000}}), "0;");
  EXPECT_EQ(ask("COUNT", {{0}, {9'000'000'000}}), "1;");
}

}  // namespace
}  // namespace clew::honeycomb
