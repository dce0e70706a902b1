#include "protocols/honeycomb/metric_events.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

using store::ColumnData;
using store::ColumnInfo;
using store::ColumnType;
using store::Scope;

constexpr int64_t kJoined = 1'000'000'000;
constexpr std::string_view kSignal = "meta.signal_type";

struct Percentile {
  std::string_view suffix;
  double fraction;
};
constexpr std::array<Percentile, 11> kPercentiles = {{{".p001", 0.001},
                                                      {".p01", 0.01},
                                                      {".p05", 0.05},
                                                      {".p10", 0.10},
                                                      {".p25", 0.25},
                                                      {".p50", 0.50},
                                                      {".p75", 0.75},
                                                      {".p90", 0.90},
                                                      {".p95", 0.95},
                                                      {".p99", 0.99},
                                                      {".p999", 0.999}}};

// One column over all events. Values come in any order; a later one replaces an earlier.
class EventColumn {
 public:
  explicit EventColumn(ColumnInfo info) : info_(std::move(info)) {}

  const ColumnInfo& info() const { return info_; }
  void set(uint32_t event, int64_t value) { place(integers_, event) = value; }
  void set(uint32_t event, double value) { place(floats_, event) = value; }
  void set(uint32_t event, bool value) { place(booleans_, event) = value ? 1 : 0; }
  void set(uint32_t event, std::string_view value) { place(texts_, event) = value; }
  void set(uint32_t event, const ColumnData& from, uint32_t row) {
    if (is_stringlike(info_.type))
      set(event, from.string_at(row));
    else if (info_.type == ColumnType::float64)
      set(event, from.floats[row]);
    else if (info_.type == ColumnType::boolean)
      set(event, from.booleans[row] != 0);
    else
      set(event, from.integers[row]);
  }

  bool has(uint32_t event) const {
    return event / 64 < present_.size() && (present_[event / 64] >> (event % 64) & 1) != 0;
  }
  uint32_t count(uint32_t from, uint32_t rows) const {
    uint32_t found = 0;
    for (uint32_t event = from; event < from + rows; ++event) found += has(event) ? 1 : 0;
    return found;
  }

  // `self` keeps the texts.
  static ColumnData slice(const std::shared_ptr<const EventColumn>& self, uint32_t from, uint32_t rows) {
    ColumnData data;
    data.type = self->info_.type;
    data.rows = rows;
    data.present.resize((rows + 63) / 64);
    for (uint32_t row = 0; row < rows; ++row) {
      if (self->has(from + row)) data.present[row / 64] |= uint64_t{1} << (row % 64);
    }
    const auto copy = [&](const auto& values, auto& into) {
      into.resize(rows);
      for (uint32_t row = 0; row < rows && from + row < values.size(); ++row) into[row] = values[from + row];
    };
    if (is_stringlike(data.type))
      copy(self->texts_, data.strings);
    else if (data.type == ColumnType::float64)
      copy(self->floats_, data.floats);
    else if (data.type == ColumnType::boolean)
      copy(self->booleans_, data.booleans);
    else
      copy(self->integers_, data.integers);
    data.owner = self;
    return data;
  }

 private:
  template <typename T>
  T& place(std::vector<T>& values, uint32_t event) {
    if (values.size() <= event) values.resize(size_t{event} + 1);
    if (present_.size() <= event / 64) present_.resize(event / 64 + 1);
    present_[event / 64] |= uint64_t{1} << (event % 64);
    return values[event];
  }

  ColumnInfo info_;
  std::vector<uint64_t> present_;
  std::vector<int64_t> integers_;
  std::vector<double> floats_;
  std::vector<uint8_t> booleans_;
  std::vector<std::string> texts_;
};

class EventSegment : public store::Segment {
 public:
  EventSegment(std::vector<std::shared_ptr<const EventColumn>> columns, const std::vector<int64_t>& times)
      : id_(next_id()), columns_(std::move(columns)) {
    for (const auto& column : columns_) infos_.push_back(column->info());
    for (size_t from = 0; from < times.size(); from += store::kGranuleRows) {
      const size_t rows = std::min<size_t>(times.size() - from, store::kGranuleRows);
      const auto begin = times.begin() + static_cast<ptrdiff_t>(from);
      const auto [first, last] = std::minmax_element(begin, begin + static_cast<ptrdiff_t>(rows));
      granules_.push_back({.rows = static_cast<uint32_t>(rows), .first = {*first}, .last = {*last}});
      std::vector<uint32_t>& present = present_.emplace_back();
      for (const auto& column : columns_)
        present.push_back(column->count(static_cast<uint32_t>(from), static_cast<uint32_t>(rows)));
    }
  }

  uint64_t id() const override { return id_; }
  std::span<const store::GranuleInfo> granules() const override { return granules_; }
  std::span<const ColumnInfo> columns() const override { return infos_; }
  std::optional<store::ZoneMap> zone_map(uint32_t granule, uint32_t column) const override {
    if (present_[granule][column] == 0) return std::nullopt;
    store::ZoneMap zone;
    zone.present = present_[granule][column];
    return zone;
  }
  Result<ColumnData> read(uint32_t granule, uint32_t column) const override {
    return EventColumn::slice(columns_[column], granule * store::kGranuleRows, granules_[granule].rows);
  }
  std::optional<std::span<const std::string_view>> dictionary(uint32_t) const override {
    return std::nullopt;
  }
  std::vector<uint32_t> granules_of_trace(const TraceId&) const override {
    std::vector<uint32_t> all(granules_.size());
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }
  uint64_t stored_bytes(uint32_t, uint32_t) const override { return 0; }

 private:
  // Apart from those of stored segments, which count from 0.
  static uint64_t next_id() {
    static std::atomic<uint64_t> next{uint64_t{1} << 63};
    return next++;
  }

  uint64_t id_;
  std::vector<std::shared_ptr<const EventColumn>> columns_;
  std::vector<ColumnInfo> infos_;
  std::vector<store::GranuleInfo> granules_;
  std::vector<std::vector<uint32_t>> present_;  // by granule, then column
};

// Joins the points of one segment.
class Merge {
 public:
  explicit Merge(const store::Segment& source) : source_(source) {
    for (uint32_t i = 0; i < source.columns().size(); ++i) {
      const ColumnInfo& column = source.columns()[i];
      const bool is_of_origin = column.name == names::kLibraryName || column.name == names::kLibraryVersion ||
                                column.name == names::kResourceSchema || column.name == names::kScopeSchema;
      if (column.scope != Scope::intrinsic || is_of_origin) carried_.push_back(i);
    }
  }

  Status add(uint32_t granule) {
    Point point;
    CLEW_TRY(read(granule, names::kTime, ColumnType::time, point.time));
    CLEW_TRY(read(granule, names::kOrigin, ColumnType::bytes, point.origin));
    CLEW_TRY(read(granule, names::kMetricName, ColumnType::string, point.name));
    CLEW_TRY(read(granule, names::kMetricKind, ColumnType::string, point.kind));
    CLEW_TRY(read(granule, names::kMetricValue, ColumnType::int64, point.integer));
    CLEW_TRY(read(granule, names::kMetricValue, ColumnType::float64, point.real));
    CLEW_TRY(read(granule, names::kMetricCount, ColumnType::int64, point.count));
    CLEW_TRY(read(granule, names::kMetricSum, ColumnType::float64, point.sum));
    CLEW_TRY(read(granule, names::kMetricMin, ColumnType::float64, point.minimum));
    CLEW_TRY(read(granule, names::kMetricMax, ColumnType::float64, point.maximum));
    CLEW_TRY(read(granule, names::kMetricPoint, ColumnType::bytes, point.rest));
    if (!point.time || !point.name || !point.origin) return {};
    Carried carried;
    for (const uint32_t column : carried_) {
      if (!source_.zone_map(granule, column)) continue;
      CLEW_ASSIGN(ColumnData data, source_.read(granule, column));
      carried.emplace_back(column, std::move(data));
    }
    for (uint32_t row = 0; row < source_.granules()[granule].rows; ++row) {
      if (!point.time->has(row) || !point.name->has(row)) continue;
      add_point(event_of(point, carried, row), point, row);
    }
    return {};
  }

  std::shared_ptr<const store::Segment> take() {
    EventColumn& time = column({Scope::intrinsic, ColumnType::time, std::string(names::kTime)});
    EventColumn& signal = column({Scope::intrinsic, ColumnType::string, std::string(kSignal)});
    EventColumn& annotation =
        column({Scope::intrinsic, ColumnType::string, std::string(names::kAnnotationType)});
    for (uint32_t event = 0; event < times_.size(); ++event) {
      time.set(event, times_[event]);
      signal.set(event, std::string_view("metric"));
      annotation.set(event, std::string_view("metric_event"));
    }
    std::vector<std::shared_ptr<const EventColumn>> columns(columns_.begin(), columns_.end());
    return std::make_shared<EventSegment>(std::move(columns), times_);
  }

 private:
  using Carried = std::vector<std::pair<uint32_t, ColumnData>>;  // by number of the column
  // The columns of a granule, by what they say of a point.
  struct Point {
    std::optional<ColumnData> time, origin, name, kind, integer, real, count, sum, minimum, maximum, rest;
  };

  Status read(uint32_t granule, std::string_view name, ColumnType type, std::optional<ColumnData>& into) {
    for (uint32_t i = 0; i < source_.columns().size(); ++i) {
      const ColumnInfo& info = source_.columns()[i];
      if (info.scope != Scope::intrinsic || info.name != name || info.type != type) continue;
      if (!source_.zone_map(granule, i)) return {};
      CLEW_ASSIGN(into, source_.read(granule, i));
    }
    return {};
  }

  static void append_value(std::string& key, const ColumnData& data, uint32_t row) {
    const auto append = [&](const auto& value) {
      key.append(reinterpret_cast<const char*>(&value), sizeof(value));
    };
    if (is_stringlike(data.type)) {
      const std::string_view text = data.string_at(row);
      append(text.size());
      key += text;
    } else if (data.type == ColumnType::float64) {
      append(data.floats[row]);
    } else if (data.type == ColumnType::boolean) {
      append(data.booleans[row]);
    } else {
      append(data.integers[row]);
    }
  }

  void append_values(std::string& key, Scope scope, const Carried& carried, uint32_t row) const {
    for (const auto& [number, data] : carried) {
      if (source_.columns()[number].scope != scope || !data.has(row)) continue;
      key.append(reinterpret_cast<const char*>(&number), sizeof(number));
      append_value(key, data, row);
    }
  }

  // A number for its resource: an origin is a resource and an instrumentation scope, of which only the first
  // tells events apart.
  uint32_t resource_of(const ColumnData& origin, const Carried& carried, uint32_t row) {
    const std::string bytes(origin.has(row) ? origin.string_at(row) : std::string_view());
    const auto [place, is_new] = resource_of_origin_.try_emplace(bytes, 0);
    if (is_new) {
      std::string resource;
      append_values(resource, Scope::resource, carried, row);
      place->second =
          resources_.try_emplace(std::move(resource), static_cast<uint32_t>(resources_.size())).first->second;
    }
    return place->second;
  }

  uint32_t event_of(const Point& point, const Carried& carried, uint32_t row) {
    const int64_t time = point.time->integers[row];
    const int64_t second = time / kJoined;
    key_.assign(reinterpret_cast<const char*>(&second), sizeof(second));
    const uint32_t resource = resource_of(*point.origin, carried, row);
    key_.append(reinterpret_cast<const char*>(&resource), sizeof(resource));
    append_values(key_, Scope::attribute, carried, row);
    const auto [place, is_new] = events_.try_emplace(key_, static_cast<uint32_t>(times_.size()));
    if (is_new) {
      times_.push_back(time);
      for (const auto& [number, data] : carried) {
        if (data.has(row)) column(source_.columns()[number]).set(place->second, data, row);
      }
    }
    return place->second;
  }

  void add_point(uint32_t event, const Point& point, uint32_t row) {
    const auto has = [row](const std::optional<ColumnData>& data) { return data && data->has(row); };
    const std::string name(point.name->string_at(row));
    const auto whole = [&](std::string_view suffix, int64_t value) {
      column({Scope::attribute, ColumnType::int64, name + std::string(suffix)}).set(event, value);
    };
    const auto real = [&](std::string_view suffix, double value) {
      column({Scope::attribute, ColumnType::float64, name + std::string(suffix)}).set(event, value);
    };
    if (has(point.integer)) whole("", point.integer->integers[row]);
    if (has(point.real)) real("", point.real->floats[row]);
    if (!has(point.count)) return;
    const int64_t count = point.count->integers[row];
    whole(".count", count);
    if (has(point.sum)) {
      real(".sum", point.sum->floats[row]);
      if (count > 0) real(".avg", point.sum->floats[row] / static_cast<double>(count));
    }
    if (has(point.minimum)) real(".min", point.minimum->floats[row]);
    if (has(point.maximum)) real(".max", point.maximum->floats[row]);
    if (!has(point.rest) || !has(point.kind)) return;
    const std::string_view kind = point.kind->string_at(row), rest = point.rest->string_at(row);
    if (kind == "histogram") add_percentiles(rest, real);
    if (kind == "summary") add_quantiles(rest, real);
  }

  template <typename Real>
  static void add_percentiles(std::string_view bytes, const Real& real) {
    std::vector<uint64_t> counts;
    std::vector<double> bounds;
    ProtobufReader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      if (reader.tag() == otlp::histogram_point::bucket_counts)
        counts = packed<uint64_t>(reader.get_view());
      else if (reader.tag() == otlp::histogram_point::explicit_bounds)
        bounds = packed<double>(reader.get_view());
      else
        reader.skip();
    }
    double total = 0;
    for (const uint64_t one : counts) total += static_cast<double>(one);
    if (bounds.empty() || counts.size() != bounds.size() + 1 || !(total > 0)) return;
    for (const Percentile& percentile : kPercentiles) {
      // The highest bound below which no more than this share of the values are.
      double below = 0, found = bounds[0];
      for (size_t i = 0; i < bounds.size(); ++i) {
        below += static_cast<double>(counts[i]);
        if (below / total > percentile.fraction) break;
        found = bounds[i];
      }
      real(percentile.suffix, found);
    }
  }

  template <typename Real>
  static void add_quantiles(std::string_view bytes, const Real& real) {
    ProtobufReader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      if (reader.tag() != otlp::summary_point::quantile_values) {
        reader.skip();
        continue;
      }
      double quantile = 0, value = 0;
      ProtobufReader one = reader.get_message();
      while (one.next()) {
        if (one.tag() == otlp::quantile::quantile)
          quantile = one.get_double();
        else if (one.tag() == otlp::quantile::value)
          value = one.get_double();
        else
          one.skip();
      }
      if (quantile <= 0) {
        real(".min", value);
      } else if (quantile >= 1) {
        real(".max", value);
      } else {
        // 0.5 is p50, 0.99 is p99, 0.999 is p999.
        std::string digits = fmt::format("{:.3f}", quantile).substr(2);
        if (digits.ends_with('0')) digits.pop_back();
        real(".p" + digits, value);
      }
    }
  }

  template <typename T>
  static std::vector<T> packed(protozero::data_view bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
  }

  EventColumn& column(const ColumnInfo& info) {
    std::shared_ptr<EventColumn>& found = by_name_[{info.scope, info.type, info.name}];
    if (!found) {
      found = std::make_shared<EventColumn>(info);
      columns_.push_back(found);
    }
    return *found;
  }

  const store::Segment& source_;
  std::vector<uint32_t> carried_;
  std::string key_;
  std::unordered_map<std::string, uint32_t> resource_of_origin_, resources_, events_;
  std::vector<int64_t> times_;  // by event: of its first point
  std::map<std::tuple<Scope, ColumnType, std::string>, std::shared_ptr<EventColumn>> by_name_;
  std::vector<std::shared_ptr<EventColumn>> columns_;
};

}  // namespace

Result<store::Snapshot> metric_events(const store::Snapshot& metrics, const TimeRange& range) {
  const bool unbounded = range == TimeRange{};
  store::Snapshot events{.segments = {}, .set_aside = metrics.set_aside};
  uint64_t points = 0;
  for (const auto& segment : metrics.segments) {
    std::optional<Merge> merge;
    for (uint32_t granule = 0; granule < segment->granules().size(); ++granule) {
      const store::GranuleInfo& info = segment->granules()[granule];
      if (info.rows == 0 || (!unbounded && !range.overlaps(info.first, info.last))) continue;
      points += info.rows;
      if (points > kMostMergedPoints && unbounded) break;
      if (points > kMostMergedPoints)
        return Status(ErrorKind::exhausted,
                      fmt::format("the range has more than {} metric data points; ask for a shorter one",
                                  kMostMergedPoints));
      if (!merge) merge.emplace(*segment);
      try {
        CLEW_TRY(merge->add(granule));
      } catch (const protozero::exception& malformed) {
        return Status(ErrorKind::corrupt, fmt::format("a metric data point: {}", malformed.what()));
      }
    }
    if (merge) events.segments.push_back(merge->take());
  }
  return events;
}

}  // namespace clew::honeycomb
