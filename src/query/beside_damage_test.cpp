#include "query/beside_damage.h"

#include <future>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "query/trace.h"
#include "query/trace_search.h"
#include "store/columnar/store.h"
#include "telemetry/otlp_json.h"

namespace clew::query {
namespace {

constexpr const char* kDirectory = "/data";

// Four spans a trace.
Batch one_span(uint64_t number) {
  const std::string trace = std::to_string(number / 4 + 1), span = std::to_string(number + 1);
  const std::string json =
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"op","traceId":")" +
      std::string(32 - trace.size(), '0') + trace + R"(","spanId":")" + std::string(16 - span.size(), '0') +
      span + R"(","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225600000000005",)" +
      R"("attributes":[{"key":"n","value":{"intValue":")" + span + R"("}}]}]}]}]})";
  auto protobuf = json_to_protobuf(Signal::traces, json);
  return {Signal::traces, kDefaultEnvironment, SharedBytes(protobuf.ok() ? *protobuf : std::string())};
}

// Two parts of eight spans, one of them damaged in all that is not its footer.
class BesideDamage : public testing::Test {
 protected:
  void SetUp() override {
    store::ColumnarOptions options;
    options.directory = kDirectory;
    options.retention = {};
    options.background = false;
    auto opened = store::ColumnarStore::open(std::move(options), disk_);
    ASSERT_TRUE(opened.ok());
    store_ = std::move(opened).value();
    for (uint64_t i = 0; i < 16; ++i) {
      std::promise<void> done;
      store_->append(one_span(i), [&](const store::AppendOutcome&) { done.set_value(); });
      done.get_future().get();
      if (i % 8 == 7) {
        const Status sealed = store_->seal();
        ASSERT_TRUE(sealed.ok()) << sealed.to_string();
      }
    }
    const std::string parts = std::string(kDirectory) + "/parts";
    const std::string path = parts + "/" + disk_.list(parts)->front().name;
    const auto part = store::Part::open(disk_, path);
    for (const store::Chunk& chunk : (*part)->footer().granules[0].chunks)
      ASSERT_TRUE(disk_.flip_bit(path, chunk.piece.offset, 1).ok());
  }
  store::Snapshot snapshot() { return store_->snapshot(kDefaultEnvironment, Signal::traces); }

  SimulatedFileSystem disk_;
  std::unique_ptr<store::ColumnarStore> store_;
};

TEST_F(BesideDamage, CalculationsAnswerForTheRest) {
  const store::Snapshot before = snapshot();
  Plan plan;
  plan.calculations.push_back({.kind = CalculationKind::count, .column = {}, .alias = {}, .filter = {}});
  plan.group_by.push_back({"n", {}});
  for (int times = 0; times < 2; ++times) {
    const auto table = run(plan, times == 0 ? before : snapshot());
    ASSERT_TRUE(table.ok()) << table.status().to_string();
    EXPECT_EQ(table->row_count, 8u);
    EXPECT_EQ(table->cost.rows_set_aside, 8u);
  }
  // Of another time nothing is missing.
  plan.range = {UnixNanos{0}, UnixNanos{1}};
  EXPECT_EQ(run(plan, snapshot())->cost.rows_set_aside, 0u);
}

TEST_F(BesideDamage, RowsAndTracesAnswerForTheRest) {
  Plan plan;
  plan.rows = RowsWanted{};
  plan.limit = 100;
  const auto rows = run(plan, snapshot());
  ASSERT_TRUE(rows.ok()) << rows.status().to_string();
  EXPECT_EQ(rows->row_count, 8u);
  const auto found = search_traces({}, snapshot());
  ASSERT_TRUE(found.ok()) << found.status().to_string();
  EXPECT_EQ(found->traces.size(), 2u);
  EXPECT_EQ(found->cost.rows_set_aside, 8u);
}

TEST_F(BesideDamage, ATraceIsFetchedOfTheRest) {
  const auto damaged = fetch_trace(*parse_trace_id("00000000000000000000000000000001"), {snapshot(), {}, {}});
  EXPECT_EQ(damaged.status().kind(), ErrorKind::not_found);
  const auto sound = fetch_trace(*parse_trace_id("00000000000000000000000000000004"), {snapshot(), {}, {}});
  ASSERT_TRUE(sound.ok()) << sound.status().to_string();
  EXPECT_EQ(sound->spans.size(), 4u);
  EXPECT_EQ(sound->cost.rows_set_aside, 8u);
}

TEST_F(BesideDamage, AllAttemptsTogetherKeepTheTimeLimit) {
  RunOptions options;
  options.time_limit = seconds(10);
  int attempts = 0;
  const auto answer = run_beside_damage(
      snapshot(), options, [&](const store::Snapshot& sound, const RunOptions& rest) -> Result<int> {
        EXPECT_LE(rest.time_limit, options.time_limit);
        ++attempts;
        for (const auto& segment : sound.segments) {
          for (uint32_t column = 0; column < segment->columns().size(); ++column) {
            if (!segment->granules().empty() && segment->zone_map(0, column))
              CLEW_TRY(segment->read(0, column).status());
          }
        }
        return 1;
      });
  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(attempts, 2);
}

}  // namespace
}  // namespace clew::query
