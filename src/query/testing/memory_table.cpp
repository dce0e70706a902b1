#include "query/testing/memory_table.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <map>

#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnData;
using store::ColumnInfo;
using store::ColumnType;

// Strings with an address that stays.
struct Dictionary {
  std::deque<std::string> texts;
  std::vector<std::string_view> views;
  std::map<std::string, uint32_t, std::less<>> codes;

  uint32_t code_of(const std::string& text) {
    auto [at, is_new] = codes.emplace(text, static_cast<uint32_t>(texts.size()));
    if (is_new) views.emplace_back(texts.emplace_back(text));
    return at->second;
  }
};

struct MemoryColumn {
  ColumnInfo info;
  std::vector<const StoredValue*> values;  // by row of the segment; null where there is none
  Dictionary dictionary;
};

ColumnType type_of(const StoredValue& value) {
  constexpr ColumnType kTypes[] = {ColumnType::int64, ColumnType::float64, ColumnType::boolean,
                                   ColumnType::string};
  return kTypes[value.index()];
}

class MemorySegment : public store::Segment {
 public:
  MemorySegment(std::vector<TableRow> rows, const Layout& layout) : layout_(layout), rows_(std::move(rows)) {
    static std::atomic<uint64_t> next_id{1};
    id_ = next_id++;
    for (size_t row = 0; row < rows_.size(); ++row) {
      for (const Cell& cell : rows_[row]) column(cell.column).values[row] = &cell.value;
    }
    for (MemoryColumn& column : columns_) {
      infos_.push_back(column.info);
      for (const StoredValue* value : column.values) {
        if (value && is_stringlike(column.info.type))
          column.dictionary.code_of(std::get<std::string>(*value));
      }
    }
    for (size_t first = 0; first < rows_.size(); first += layout_.granule_rows) add_granule(first);
  }

  uint64_t id() const override { return id_; }
  std::span<const store::GranuleInfo> granules() const override { return granules_; }
  std::span<const ColumnInfo> columns() const override { return infos_; }

  std::optional<store::ZoneMap> zone_map(uint32_t granule, uint32_t column) const override {
    store::ZoneMap zone;
    bool has_nan = false;
    for (const StoredValue* value : values_of(granule, column)) {
      if (value == nullptr) continue;
      ++zone.present;
      if (const auto* integer = std::get_if<int64_t>(value)) {
        zone.integer_min = std::min(zone.integer_min.value_or(*integer), *integer);
        zone.integer_max = std::max(zone.integer_max.value_or(*integer), *integer);
      } else if (const auto* real = std::get_if<double>(value)) {
        has_nan |= std::isnan(*real);
        zone.float_min = std::min(zone.float_min.value_or(*real), *real);
        zone.float_max = std::max(zone.float_max.value_or(*real), *real);
      }
    }
    if (has_nan) zone.float_min = zone.float_max = std::nullopt;
    if (zone.present == 0) return std::nullopt;
    return zone;
  }

  Result<ColumnData> read(uint32_t granule, uint32_t column) const override {
    std::span<const StoredValue* const> values = values_of(granule, column);
    const MemoryColumn& source = columns_[column];
    ColumnData data;
    data.type = source.info.type;
    data.rows = static_cast<uint32_t>(values.size());
    if (std::find(values.begin(), values.end(), nullptr) != values.end()) {
      data.present.resize((values.size() + 63) / 64);
      for (size_t row = 0; row < values.size(); ++row)
        data.present[row / 64] |= uint64_t{values[row] != nullptr} << (row % 64);
      // Garbage beyond the last row: nobody may look there.
      if (values.size() % 64 != 0) data.present.back() |= ~uint64_t{0} << (values.size() % 64);
    }
    switch (data.type) {
      case ColumnType::int64:
      case ColumnType::time:
      case ColumnType::duration:
        fill<int64_t>(values, data.integers, int64_t{-77});
        break;
      case ColumnType::float64:
        fill<double>(values, data.floats, -77.5);
        break;
      case ColumnType::boolean:
        fill<bool>(values, data.booleans, uint8_t{1});
        break;
      default:
        fill_strings(source, values, data);
    }
    return data;
  }

  std::optional<std::span<const std::string_view>> dictionary(uint32_t column) const override {
    if (layout_.strings != StringLayout::segment_dictionary || !is_stringlike(infos_[column].type))
      return std::nullopt;
    return std::span(columns_[column].dictionary.views);
  }

  std::vector<uint32_t> granules_of_trace(const TraceId& trace) const override {
    std::vector<uint32_t> found;
    for (uint32_t granule = 0; granule < granules_.size(); ++granule) {
      for (uint32_t c = 0; c < infos_.size(); ++c) {
        if (infos_[c].type != ColumnType::trace_id) continue;
        std::span<const StoredValue* const> values = values_of(granule, c);
        auto is_trace = [&](const StoredValue* value) {
          return value && std::get<std::string>(*value) == trace.view();
        };
        if (std::any_of(values.begin(), values.end(), is_trace)) {
          found.push_back(granule);
          break;
        }
      }
    }
    return found;
  }
  uint64_t stored_bytes(uint32_t granule, uint32_t) const override { return granules_[granule].rows; }

 private:
  MemoryColumn& column(const ColumnInfo& info) {
    for (MemoryColumn& column : columns_) {
      if (column.info == info) return column;
    }
    MemoryColumn& column = columns_.emplace_back();
    column.info = info;
    column.values.resize(rows_.size());
    return column;
  }

  void add_granule(size_t first) {
    store::GranuleInfo info{
        .rows = static_cast<uint32_t>(std::min<size_t>(layout_.granule_rows, rows_.size() - first)),
        .first = {INT64_MAX},
        .last = {INT64_MIN}};
    for (size_t row = first; row < first + info.rows; ++row) {
      for (const Cell& cell : rows_[row]) {
        if (cell.column.type != ColumnType::time || cell.column.name != names::kTime) continue;
        UnixNanos at{std::get<int64_t>(cell.value)};
        info.first = std::min(info.first, at);
        info.last = std::max(info.last, at);
      }
    }
    granules_.push_back(info);
  }

  std::span<const StoredValue* const> values_of(uint32_t granule, uint32_t column) const {
    return std::span(columns_[column].values)
        .subspan(size_t{granule} * layout_.granule_rows, granules_[granule].rows);
  }

  template <typename T, typename To>
  static void fill(std::span<const StoredValue* const> values, std::vector<To>& to, To filler) {
    for (const StoredValue* value : values)
      to.push_back(value ? static_cast<To>(std::get<T>(*value)) : filler);
  }

  void fill_strings(const MemoryColumn& source, std::span<const StoredValue* const> values,
                    ColumnData& data) const {
    if (layout_.strings == StringLayout::segment_dictionary) {
      for (const StoredValue* value : values)
        data.codes.push_back(value ? source.dictionary.codes.at(std::get<std::string>(*value)) : 0);
      data.dictionary = source.dictionary.views;
      return;
    }
    if (layout_.strings == StringLayout::granule_dictionary) {
      auto dictionary = std::make_shared<Dictionary>();
      for (const StoredValue* value : values)
        data.codes.push_back(value ? dictionary->code_of(std::get<std::string>(*value)) : 0);
      if (dictionary->views.empty()) dictionary->code_of("");
      data.dictionary = dictionary->views;
      data.owner = dictionary;
      return;
    }
    auto text = std::make_shared<std::string>();
    for (const StoredValue* value : values) {
      if (value) *text += std::get<std::string>(*value);
      if (layout_.strings == StringLayout::plain) *text += '|';
    }
    size_t at = 0;
    for (const StoredValue* value : values) {
      size_t size = value ? std::get<std::string>(*value).size() : 0;
      data.strings.push_back(std::string_view(*text).substr(at, size));
      at += size + (layout_.strings == StringLayout::plain ? 1 : 0);
    }
    data.owner = text;
  }

  Layout layout_;
  std::vector<TableRow> rows_;
  std::deque<MemoryColumn> columns_;
  std::vector<ColumnInfo> infos_;
  std::vector<store::GranuleInfo> granules_;
  uint64_t id_;
};

}  // namespace

Cell attribute(std::string name, StoredValue value) {
  ColumnType type = type_of(value);
  return {{store::Scope::attribute, type, std::move(name)}, std::move(value)};
}
Cell resource(std::string name, StoredValue value) {
  ColumnType type = type_of(value);
  return {{store::Scope::resource, type, std::move(name)}, std::move(value)};
}
Cell intrinsic(std::string name, ColumnType type, StoredValue value) {
  return {{store::Scope::intrinsic, type, std::move(name)}, std::move(value)};
}
Cell at_time(int64_t nanoseconds) {
  return intrinsic(std::string(names::kTime), ColumnType::time, nanoseconds);
}

store::Snapshot snapshot_of(const std::vector<TableRow>& rows, const Layout& layout) {
  store::Snapshot snapshot;
  size_t segment_rows = size_t{layout.granule_rows} * layout.segment_granules;
  for (size_t first = 0; first < rows.size(); first += segment_rows) {
    auto begin = rows.begin() + static_cast<ptrdiff_t>(first);
    auto end = rows.begin() + static_cast<ptrdiff_t>(std::min(rows.size(), first + segment_rows));
    snapshot.segments.push_back(std::make_shared<MemorySegment>(std::vector<TableRow>(begin, end), layout));
  }
  return snapshot;
}

}  // namespace clew::query::testing
