// For tests of the store: batches out of OTLP JSON, and tables out of segments.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/segment.h"
#include "store/storage.h"
#include "telemetry/otlp_json.h"

namespace clew::store {

inline Batch batch_of(Signal signal, std::string_view json) {
  auto protobuf = json_to_protobuf(signal, json);
  EXPECT_TRUE(protobuf.ok()) << protobuf.status().to_string();
  return {signal, kDefaultEnvironment, SharedBytes(protobuf.ok() ? *protobuf : std::string())};
}

// One span `name` of service `shop`, with an id made of `number`, begun `number` seconds after 2026-01-01.
inline Batch one_span(uint64_t number, std::string_view name = "op",
                      UnixNanos base = {1767225600'000'000'000}) {
  const std::string start = std::to_string(base.count + static_cast<int64_t>(number) * 1'000'000'000);
  return batch_of(
      Signal::traces,
      fmt::format(
          R"({{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},
    "scopeSpans":[{{"spans":[{{"traceId":"{:032x}","spanId":"{:016x}","name":"{}","startTimeUnixNano":"{}","endTimeUnixNano":"{}",
    "attributes":[{{"key":"n","value":{{"intValue":"{}"}}}}]}}]}}]}}]}})",
          number / 4 + 1, number + 1, name, start, start, number));
}

inline std::string value_text(const ColumnData& data, uint32_t row) {
  if (!data.integers.empty()) return std::to_string(data.integers[row]);
  if (!data.floats.empty()) return fmt::format("{}", data.floats[row]);
  if (!data.booleans.empty()) return data.booleans[row] != 0 ? "true" : "false";
  const std::string_view value = data.string_at(row);
  if (data.type == ColumnType::string || data.type == ColumnType::json) return std::string(value);
  std::string hex;
  for (const unsigned char byte : value) hex += fmt::format("{:02x}", byte);
  return hex;
}

// Every row as "name=value …", columns by scope and name, origins left out; rows sorted.
inline std::vector<std::string> rows_of(const Segment& segment) {
  std::vector<std::string> rows;
  for (uint32_t granule = 0; granule < segment.granules().size(); ++granule) {
    std::vector<std::vector<std::string>> values(segment.granules()[granule].rows);
    for (uint32_t column = 0; column < segment.columns().size(); ++column) {
      const ColumnInfo& info = segment.columns()[column];
      if (info.name == "meta.origin" || !segment.zone_map(granule, column)) continue;
      const auto data = segment.read(granule, column);
      EXPECT_TRUE(data.ok()) << info.name << ": " << data.status().to_string();
      if (!data.ok()) continue;
      for (uint32_t row = 0; row < data->rows; ++row) {
        if (data->has(row)) values[row].push_back(info.name + "=" + value_text(*data, row));
      }
    }
    for (auto& row : values) {
      std::sort(row.begin(), row.end());
      std::string line;
      for (const std::string& value : row) line += (line.empty() ? "" : " ") + value;
      rows.push_back(line);
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// " metric.series=…" of a row; the number is a hash.
inline std::string series_in(const std::string& row) {
  const size_t at = row.find(" metric.series=");
  if (at == std::string::npos) return {};
  return row.substr(at, row.find(' ', at + 1) - at);
}
inline std::string without_series(std::string row) {
  const std::string series = series_in(row);
  return row.erase(row.find(series), series.size());
}

inline std::vector<std::string> rows_of(const Snapshot& snapshot) {
  std::vector<std::string> rows;
  for (const auto& segment : snapshot.segments) {
    const auto more = rows_of(*segment);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace clew::store
