#include "query/metric_trend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "query/beside_damage.h"
#include "query/group_keys.h"
#include "query/metric_points.h"
#include "query/query_limits.h"
#include "query/scan.h"
#include "query/time_buckets.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// What is made of a point.
enum class Form : uint8_t { gauge, increase, value, histogram, summary };
constexpr size_t kForms = 5;

Form form_of(const MetricPoint& point) {
  switch (point.kind) {
    case MetricKind::gauge:
      return Form::gauge;
    case MetricKind::sum:
      return point.is_cumulative && !point.is_monotonic ? Form::value : Form::increase;
    case MetricKind::histogram:
    case MetricKind::exponential_histogram:
      return Form::histogram;
    case MetricKind::summary:
      break;
  }
  return Form::summary;
}

// The points of a series: one process's counting of it.
struct SeriesKey {
  uint32_t group = 0;
  int64_t series = 0, start = 0;
  bool operator==(const SeriesKey&) const = default;
};
struct SeriesHash {
  size_t operator()(const SeriesKey& key) const {
    const uint64_t mixed = (static_cast<uint64_t>(key.series) ^ key.group) * 0x9e3779b97f4a7c15;
    return mixed ^ (static_cast<uint64_t>(key.start) * 0xc2b2ae3d27d4eb4f);
  }
};

struct Reading {
  int64_t time = 0;
  double value = 0;  // of a sum; the sum of a histogram's measurements
  double count = 0;
  HistogramBuckets buckets;

  // Of two of one time, which one sender sent twice, the one that tells more.
  bool is_before(const Reading& other) const {
    return std::tie(time, count, value) < std::tie(other.time, other.count, other.value);
  }
};

// What of a series' points in a step has to be known: between the two it only grew.
struct Ends {
  Reading first, last;
  void add(const Reading& reading) {
    if (reading.is_before(first)) first = reading;
    if (last.is_before(reading)) last = reading;
  }
};

// What was measured in a step, by all series of a group.
struct Measured {
  double count = 0, sum = 0;
  double least = std::numeric_limits<double>::infinity(), most = -std::numeric_limits<double>::infinity();
  HistogramBuckets buckets;

  void add(const Measured& other) {
    count += other.count;
    sum += other.sum;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
    buckets.add(other.buckets);
  }
  double mean() const { return count > 0 ? sum / count : 0; }
};

using GroupAndStep = std::pair<uint32_t, int64_t>;

// What one worker read, and in the end all of them.
class Points {
 public:
  Points(const MetricQuestion& question, std::vector<size_t> by)
      : step_(question.step), keys_(std::move(by), std::nullopt) {}

  Status visit(const GranuleScan& scan, size_t first_column) {
    CLEW_ASSIGN(const std::vector<MetricPoint> points, read_points(scan, first_column));
    CLEW_ASSIGN(const uint32_t* groups,
                keys_.assign(scan.reader, scan.segment.columns, scan.segment.time, scan.selection));
    for_each_row(scan.selection, [&](uint32_t row) {
      if (!points[row].has_no_value) add(groups[row], points[row]);
    });
    return {};
  }

  void merge(const Points& other) {
    std::vector<uint32_t> to(other.keys_.size());
    for (uint32_t group = 0; group < to.size(); ++group) to[group] = keys_.adopt(other.keys_, group);
    for (size_t form = 0; form < kForms; ++form) {
      points_[form] += other.points_[form];
      for (const auto& [at, measured] : other.measured_[form])
        measured_[form][{to[at.first], at.second}].add(measured);
      for (const auto& [key, steps] : other.series_[form]) {
        auto& own = series_[form][{to[key.group], key.series, key.start}];
        for (const auto& [step, ends] : steps) {
          const auto [known, is_new] = own.try_emplace(step, ends);
          if (is_new) continue;
          known->second.add(ends.first);
          known->second.add(ends.last);
        }
      }
    }
  }

  Form commonest() const {
    return static_cast<Form>(std::max_element(points_.begin(), points_.end()) - points_.begin());
  }

  // Of a form, with the growth of cumulative series.
  std::map<GroupAndStep, Measured> measured(Form form, UnixNanos from) && {
    const auto number = static_cast<size_t>(form);
    std::map<GroupAndStep, Measured> all = std::move(measured_[number]);
    for (const auto& [key, steps] : series_[number]) {
      const Reading* before = nullptr;
      // What was counted before its process began is nothing.
      static const Reading nothing;
      if (key.start >= from.count) before = &nothing;
      for (const auto& [step, ends] : steps) {
        Measured& into = all[{key.group, step}];
        if (form == Form::value) {
          into.count = 1;
          into.sum += ends.last.value;
        } else {
          const Reading& since = before != nullptr ? *before : ends.first;
          into.count += std::max(ends.last.count - since.count, 0.0);
          into.sum += std::max(ends.last.value - since.value, 0.0);
          into.buckets.add(ends.last.buckets.since(since.buckets));
        }
        before = &ends.last;
      }
    }
    return all;
  }

  const GroupKeys& keys() const { return keys_; }
  size_t bytes() const { return bytes_ + keys_.bytes(); }

 private:
  static constexpr size_t kBytesOfNode = 48;  // of a map, beside its value

  void add(uint32_t group, const MetricPoint& point) {
    const Form form = form_of(point);
    const auto number = static_cast<size_t>(form);
    ++points_[number];
    const int64_t step = bucket_start({point.time}, step_).count;
    const bool is_series =
        form == Form::value || form == Form::summary || (point.is_cumulative && form != Form::gauge);
    if (is_series) {
      auto& steps = series_[number][{group, point.series, point.start}];
      const Reading reading = reading_of(point);
      const auto [known, is_new] = steps.try_emplace(step, Ends{reading, reading});
      if (!is_new) return known->second.add(reading);
      bytes_ += sizeof(Ends) + kBytesOfNode + 2 * reading.buckets.bytes();
      return;
    }
    const auto [known, is_new] = measured_[number].try_emplace({group, step});
    if (is_new) bytes_ += sizeof(Measured) + kBytesOfNode;
    Measured& into = known->second;
    if (form == Form::histogram) {
      into.count += point.count;
      into.sum += point.sum;
      const size_t before = into.buckets.bytes();
      into.buckets.add(HistogramBuckets::of_point(point.kind, point.rest));
      bytes_ += into.buckets.bytes() - before;
      return;
    }
    into.count += 1;
    into.sum += point.value;
    into.least = std::min(into.least, point.value);
    into.most = std::max(into.most, point.value);
  }

  static Reading reading_of(const MetricPoint& point) {
    if (point.kind == MetricKind::sum) return {.time = point.time, .value = point.value, .buckets = {}};
    return {.time = point.time,
            .value = point.sum,
            .count = point.count,
            .buckets = HistogramBuckets::of_point(point.kind, point.rest)};
  }

  const Nanoseconds step_;
  GroupKeys keys_;
  std::array<uint64_t, kForms> points_{};
  std::array<std::map<GroupAndStep, Measured>, kForms> measured_;
  std::array<std::unordered_map<SeriesKey, std::map<int64_t, Ends>, SeriesHash>, kForms> series_;
  size_t bytes_ = 0;
};

struct Column {
  std::string_view name;
  std::optional<double> (*of)(const Measured&);
};

std::vector<Column> columns_of(Form form) {
  const Column count{"count", [](const Measured& m) { return std::optional(m.count); }};
  const Column mean{"mean",
                    [](const Measured& m) { return m.count > 0 ? std::optional(m.mean()) : std::nullopt; }};
  const auto sum = [](const Measured& m) { return std::optional(m.sum); };
  switch (form) {
    case Form::gauge:
      return {mean,
              {"min", [](const Measured& m) { return std::optional(m.least); }},
              {"max", [](const Measured& m) { return std::optional(m.most); }}};
    case Form::increase:
      return {{"increase", sum}};
    case Form::value:
      return {{"value", sum}};
    case Form::histogram:
      return {count,
              mean,
              {"P50", [](const Measured& m) { return m.buckets.quantile(0.5); }},
              {"P90", [](const Measured& m) { return m.buckets.quantile(0.9); }},
              {"P99", [](const Measured& m) { return m.buckets.quantile(0.99); }}};
    case Form::summary:
      break;
  }
  return {count, mean};
}

// By what groups are ordered: how much there is of them.
double size_of(Form form, const Measured& measured) {
  return form == Form::gauge                             ? measured.most
         : form == Form::increase || form == Form::value ? measured.sum
                                                         : measured.count;
}

Value value_of(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Value(*number) : Value();
}

// Over the range; of a value that rises and falls, its mean over the steps.
Measured over_all(Form form, const std::vector<const Measured*>& steps) {
  Measured all;
  for (const Measured* step : steps) all.add(*step);
  if (form == Form::value && !steps.empty()) all.sum /= static_cast<double>(steps.size());
  return all;
}

ResultTable table_of(const MetricQuestion& question, Form form, const GroupKeys& keys,
                     const std::map<GroupAndStep, Measured>& measured) {
  struct Group {
    uint32_t number;
    Value name;
    Measured all;
  };
  std::vector<Group> groups;
  for (auto at = measured.begin(); at != measured.end();) {
    const uint32_t group = at->first.first;
    std::vector<const Measured*> steps;
    for (; at != measured.end() && at->first.first == group; ++at) steps.push_back(&at->second);
    groups.push_back({group, question.by ? keys.value(group, 0) : Value(), over_all(form, steps)});
  }
  std::sort(groups.begin(), groups.end(), [form](const Group& a, const Group& b) {
    const double left = size_of(form, a.all), right = size_of(form, b.all);
    return left != right ? left > right : to_text(a.name) < to_text(b.name);
  });
  ResultTable table;
  table.groups_in_all = groups.size();
  if (groups.size() > question.limit) groups.resize(question.limit);
  table.row_count = groups.size();

  const std::vector<Column> columns = columns_of(form);
  if (question.by) table.columns.push_back({full_name(*question.by), ColumnRole::group, {}});
  for (const Column& column : columns) {
    table.columns.push_back({std::string(column.name), ColumnRole::calculation, {}});
    table.series.calculations.push_back(table.columns.back());
  }
  std::map<std::pair<int64_t, uint32_t>, const Measured*> points;  // by step and row
  for (uint32_t row = 0; row < groups.size(); ++row) {
    size_t at = 0;
    if (question.by) table.columns[at++].values.push_back(groups[row].name);
    for (const Column& column : columns)
      table.columns[at++].values.push_back(value_of(column.of(groups[row].all)));
    for (auto step = measured.lower_bound({groups[row].number, INT64_MIN});
         step != measured.end() && step->first.first == groups[row].number; ++step)
      points[{step->first.second, row}] = &step->second;
  }
  for (const auto& [at, point] : points) {
    table.series.times.push_back({at.first});
    table.series.rows.push_back(at.second);
    for (size_t i = 0; i < columns.size(); ++i)
      table.series.calculations[i].values.push_back(value_of(columns[i].of(*point)));
  }
  return table;
}

Plan plan_of(const MetricQuestion& question, Form form) {
  Plan plan;
  plan.signal = Signal::metrics;
  plan.range = question.range;
  plan.granularity = question.step;
  plan.limit = question.limit;
  if (question.by) plan.group_by = {*question.by};
  for (const Column& column : columns_of(form)) {
    Calculation calculation;
    calculation.kind = CalculationKind::sum;
    calculation.alias = column.name;
    plan.calculations.push_back(std::move(calculation));
  }
  return plan;
}

Result<MetricTrend> trend_of(const MetricQuestion& question, const store::Snapshot& snapshot,
                             const RunOptions& options) {
  NameList names;
  ScanWanted wanted;
  wanted.range = question.range;
  wanted.signal = Signal::metrics;
  const Filter points = all_of({comparison({std::string(names::kMetricName), store::Scope::intrinsic},
                                           Operator::equal, {question.metric}),
                                question.filter});
  CLEW_ASSIGN(CompiledFilter filter, compile(points, names));
  wanted.filters.push_back(std::move(filter));
  NameList of_points;
  add_point_columns(of_points);
  wanted.names = names.names();
  const size_t first_column = wanted.names.size();
  for (const ColumnName& name : of_points.names()) wanted.names.push_back(name);
  std::vector<size_t> by;
  if (question.by) {
    by.push_back(wanted.names.size());
    wanted.names.push_back(*question.by);
  }

  Scan scan(wanted, snapshot);
  QueryLimits limits(options);
  std::vector<Points> read;
  for (size_t i = 0; i < scan.workers(options); ++i) read.emplace_back(question, by);
  Scan::Visitor visitor;
  visitor.visit = [&](const GranuleScan& granule) {
    return read[granule.worker].visit(granule, first_column);
  };
  visitor.bytes_held = [&](size_t worker) { return read[worker].bytes(); };
  CLEW_TRY(scan.run(options, limits, visitor));
  for (size_t i = 1; i < read.size(); ++i) {
    read[0].merge(read[i]);
    CLEW_TRY(limits.check());
  }
  const Form form = read[0].commonest();
  const std::map<GroupAndStep, Measured> measured = std::move(read[0]).measured(form, question.range.from);
  MetricTrend trend{.plan = plan_of(question, form),
                    .table = table_of(question, form, read[0].keys(), measured)};
  trend.table.cost = scan.cost();
  trend.table.cost.elapsed = limits.elapsed();
  trend.table.cost.rows_set_aside = store::rows_set_aside(snapshot, question.range.from, question.range.to);
  return trend;
}

}  // namespace

Result<MetricTrend> metric_trend(const MetricQuestion& question, const store::Snapshot& snapshot,
                                 const RunOptions& options) {
  return run_beside_damage(snapshot, options, [&](const store::Snapshot& sound, const RunOptions& rest) {
    return trend_of(question, sound, rest);
  });
}

}  // namespace clew::query
