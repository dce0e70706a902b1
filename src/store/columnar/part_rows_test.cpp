#include <random>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

// Spans with whatever makes columns take every form: sparse and full ones, parents here and elsewhere, text
// that is worth a dictionary and text that is not.
std::string spans_json(std::mt19937_64& random, size_t count) {
  std::string spans;
  for (size_t i = 0; i < count; ++i) {
    std::string attributes =
        fmt::format(R"({{"key":"number","value":{{"intValue":"{}"}}}})", random() % 1000);
    if (i % 3 == 0)
      attributes += fmt::format(R"(,{{"key":"sparse","value":{{"stringValue":"v{}"}}}})", random() % 5);
    if (i % 2 == 0)
      attributes += fmt::format(R"(,{{"key":"unique","value":{{"stringValue":"{:x}"}}}})", random());
    if (i % 5 == 0)
      attributes += fmt::format(R"(,{{"key":"real","value":{{"doubleValue":{}}}}})",
                                static_cast<double>(random() % 99) / 7);
    if (i % 7 == 0) attributes += R"(,{"key":"flag","value":{"boolValue":true}})";
    std::string parent =
        i % 4 == 0 ? "" : fmt::format(R"("parentSpanId":"{:016x}",)", i % 6 == 0 ? 999'999 : i);
    spans += fmt::format(
        R"({}{{"traceId":"{:032x}","spanId":"{:016x}",{}"name":"op{}","startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":[{}]}})",
        i == 0 ? "" : ",", i / 5 + 1, i + 1, parent, random() % 4, 1767225600'000'000'000 + i * 1000,
        1767225600'000'000'000 + i * 1000 + random() % 100'000, attributes);
  }
  return fmt::format(
      R"({{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}},{{"key":"pod","value":{{"intValue":"7"}}}}]}},"scopeSpans":[{{"spans":[{}]}}]}}]}})",
      spans);
}

TEST(PartRows, are_the_same_as_those_picked_from_whole_columns) {
  SimulatedFileSystem files;
  ColumnarOptions options{.directory = "/data", .background = false};
  auto store = ColumnarStore::open(options, files);
  ASSERT_TRUE(store.ok()) << store.status().to_string();
  std::mt19937_64 random(11);
  for (size_t batch = 0; batch < 3; ++batch)
    (*store)->append(batch_of(Signal::traces, spans_json(random, 700)),
                     [](AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()); });
  ASSERT_TRUE((*store)->seal().ok());
  Snapshot snapshot = (*store)->snapshot(kDefaultEnvironment, Signal::traces);
  size_t compared = 0;
  for (const auto& segment : snapshot.segments) {
    for (uint32_t granule = 0; granule < segment->granules().size(); ++granule) {
      std::vector<uint32_t> rows;
      for (uint32_t row = 0; row < segment->granules()[granule].rows; ++row) {
        if (random() % 9 == 0 || row == 0) rows.push_back(row);
      }
      for (uint32_t column = 0; column < segment->columns().size(); ++column) {
        if (!segment->zone_map(granule, column)) continue;
        SCOPED_TRACE(segment->columns()[column].name);
        auto whole = segment->read(granule, column);
        auto some = segment->read_rows(granule, column, rows);
        ASSERT_TRUE(whole.ok() && some.ok()) << some.status().to_string();
        ASSERT_EQ(some->rows, rows.size());
        for (uint32_t i = 0; i < rows.size(); ++i) {
          ASSERT_EQ(some->has(i), whole->has(rows[i]));
          if (!some->has(i)) continue;
          EXPECT_EQ(value_text(*some, i), value_text(*whole, rows[i]));
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 1000u);
}

}  // namespace
}  // namespace clew::store
