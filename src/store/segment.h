// Segment: an immutable set of rows in columns, in memory or in a file, as the query engine sees it.
//
// A segment is a sequence of granules of at most kGranuleRows rows. Every column of a granule is read on its
// own, decoded into a ColumnData. A column is (scope, name, type); a row has a value there or has none.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "telemetry/ids.h"

namespace clew::store {

// A row number inside a granule fits 16 bits. Part of the format.
constexpr uint32_t kGranuleRows = 65'536;

// Values reach the disk: never change them.
enum class ColumnType : uint8_t {
  string = 1,
  int64 = 2,
  float64 = 3,
  boolean = 4,
  bytes = 5,      // read like string
  json = 6,       // an array or a deep object, as JSON text; read like string
  trace_id = 7,   // 16 raw bytes; read like string
  span_id = 8,    // 8 raw bytes; read like string
  time = 9,       // nanoseconds since 1970; read like int64
  duration = 10,  // nanoseconds; read like int64
};

constexpr bool is_stringlike(ColumnType type) {
  return type == ColumnType::string || type == ColumnType::bytes || type == ColumnType::json ||
         type == ColumnType::trace_id || type == ColumnType::span_id;
}

// Values reach the disk: never change them.
enum class Scope : uint8_t {
  intrinsic = 1,        // fields of the data model itself: telemetry/semantic_names.h lists them
  attribute = 2,        // attributes of the span, event, link, log record or data point
  instrumentation = 3,  // attributes of the instrumentation scope
  resource = 4,         // attributes of the resource
};

// "string", "int64", "time", … and "attribute", "resource", …: in the API and in dumps.
std::string_view name_of(ColumnType type);
std::string_view name_of(Scope scope);

struct ColumnInfo {
  Scope scope;
  ColumnType type;
  std::string name;
  bool operator==(const ColumnInfo&) const = default;
};

// One column of one granule, decoded. Exactly one of the value arrays is filled, according to type and
// encoding, with one entry a row; where a row has no value the entry is unspecified (but a valid code).
struct ColumnData {
  ColumnType type = ColumnType::string;
  uint32_t rows = 0;
  // One bit a row, row 0 in the lowest bit of word 0; empty when every row has a value.
  std::vector<uint64_t> present;

  std::vector<int64_t> integers;                 // int64, time, duration
  std::vector<double> floats;                    // float64
  std::vector<uint8_t> booleans;                 // boolean
  std::vector<uint32_t> codes;                   // stringlike, by dictionary …
  std::span<const std::string_view> dictionary;  // … of distinct values, in no promised order
  std::vector<std::string_view> strings;         // stringlike, without a dictionary

  // Owns what the views above point to.
  std::shared_ptr<const void> owner;

  bool has(uint32_t row) const { return present.empty() || (present[row >> 6] >> (row & 63) & 1) != 0; }
  bool is_dictionary() const { return !codes.empty(); }
  std::string_view string_at(uint32_t row) const {
    return is_dictionary() ? dictionary[codes[row]] : strings[row];
  }
};

struct GranuleInfo {
  uint32_t rows = 0;
  UnixNanos first;  // smallest and largest value of the intrinsic column `time`
  UnixNanos last;
};

// What is known of a column of a granule without reading it.
struct ZoneMap {
  uint32_t present = 0;  // rows that have a value
  // Only for int64, time, duration (integer_*) and float64 without NaN (float_*).
  std::optional<int64_t> integer_min, integer_max;
  std::optional<double> float_min, float_max;
};

// The entries of `rows`, in their order.
ColumnData pick_rows(const ColumnData& data, std::span<const uint32_t> rows);

// A granule that could not be read, and that later snapshots are without (store/sound_snapshot.h).
struct SetAside {
  std::string file;
  uint32_t granule = 0;
  uint64_t rows = 0;
  UnixNanos first;  // of its rows
  UnixNanos last;
  std::string reason;  // names the bytes
};

class Segment {
 public:
  virtual ~Segment() = default;

  // Stable for the life of the process and unique: a key for caches.
  virtual uint64_t id() const = 0;
  virtual std::span<const GranuleInfo> granules() const = 0;
  // Positions in this span are the `column` arguments below. No two are equal.
  virtual std::span<const ColumnInfo> columns() const = 0;

  // nullopt: no row of the granule has a value there, and reading would be in vain.
  virtual std::optional<ZoneMap> zone_map(uint32_t granule, uint32_t column) const = 0;
  // All rows of one column of one granule. Any thread. Fails with `corrupt` when the checksum does not match.
  virtual Result<ColumnData> read(uint32_t granule, uint32_t column) const = 0;
  // The same column of some rows (ascending, at least one): a ColumnData with one entry for each of `rows`.
  // For a few rows of many; at most as dear as read() and picking, which is what it does unless a segment
  // knows better.
  virtual Result<ColumnData> read_rows(uint32_t granule, uint32_t column,
                                       std::span<const uint32_t> rows) const;
  // For a stringlike column: the distinct values in the segment (or a superset), if it keeps such a list,
  // else nullopt. The span lives as long as the segment. Codes of read() index the same list only if the same
  // data pointer is given.
  virtual std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const = 0;
  // Whether dictionary(), if there is one, ascends by bytes.
  virtual bool has_sorted_dictionary(uint32_t /*column*/) const { return false; }
  // The rows whose value is dictionary(column)[code], one bit a row, if the segment can tell quicker than by
  // read(); else nothing.
  virtual Result<std::optional<std::vector<uint64_t>>> rows_with_code(uint32_t /*granule*/,
                                                                      uint32_t /*column*/,
                                                                      uint32_t /*code*/) const {
    return std::optional<std::vector<uint64_t>>();
  }
  // Granules that may hold rows of this trace; all of them when unknown. Ascending.
  virtual std::vector<uint32_t> granules_of_trace(const TraceId& trace) const = 0;
  // Bytes that read() of this column fetches from the disk; 0 when in memory.
  virtual uint64_t stored_bytes(uint32_t granule, uint32_t column) const = 0;
  // The granules that failed to be read so far: each is found by the first read that fails.
  virtual std::vector<SetAside> set_aside() const { return {}; }
};

}  // namespace clew::store
