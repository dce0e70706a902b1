#include "query/metric_measurements.h"

#include <algorithm>

#include "query/time_buckets.h"

namespace clew::query {
namespace {

constexpr size_t kBytesOfNode = 48;  // of a map, beside its value

MetricForm form_of(const MetricPoint& point) {
  switch (point.kind) {
    case MetricKind::gauge:
      return MetricForm::gauge;
    case MetricKind::sum:
      return point.is_cumulative && !point.is_monotonic ? MetricForm::value : MetricForm::increase;
    case MetricKind::histogram:
    case MetricKind::exponential_histogram:
      return MetricForm::histogram;
    case MetricKind::summary:
      break;
  }
  return MetricForm::summary;
}

}  // namespace

Status MetricMeasurements::visit(const GranuleScan& scan, size_t first_column) {
  CLEW_ASSIGN(const std::vector<MetricPoint> points, read_points(scan, first_column));
  CLEW_ASSIGN(const uint32_t* groups,
              keys_.assign(scan.reader, scan.segment.columns, scan.segment.time, scan.selection));
  for_each_row(scan.selection, [&](uint32_t row) {
    if (!points[row].has_no_value) add(groups[row], points[row]);
  });
  return {};
}

void MetricMeasurements::add(uint32_t group, const MetricPoint& point) {
  const MetricForm form = form_of(point);
  const auto number = static_cast<size_t>(form);
  ++points_[number];
  const int64_t step = bucket_start({point.time}, step_).count;
  const bool is_series = form == MetricForm::value || form == MetricForm::summary ||
                         (point.is_cumulative && form != MetricForm::gauge);
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
  if (form == MetricForm::histogram) {
    into.count += point.count;
    into.sum.add(point.sum);
    into.extend(point.least, point.most);
    const size_t before = into.buckets.bytes();
    into.buckets.add(HistogramBuckets::of_point(point.kind, point.rest));
    bytes_ += into.buckets.bytes() - before;
    return;
  }
  into.count += 1;
  into.sum.add(point.value);
  into.extend(point.value, point.value);
}

MetricMeasurements::Reading MetricMeasurements::reading_of(const MetricPoint& point) {
  if (point.kind == MetricKind::sum) return {.time = point.time, .value = point.value, .buckets = {}};
  return {.time = point.time,
          .value = point.sum,
          .count = point.count,
          .least = point.least,
          .most = point.most,
          .buckets = HistogramBuckets::of_point(point.kind, point.rest)};
}

void MetricMeasurements::merge(const MetricMeasurements& other) {
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

MetricForm MetricMeasurements::commonest() const {
  return static_cast<MetricForm>(std::max_element(points_.begin(), points_.end()) - points_.begin());
}

std::map<GroupAndStep, Measured> MetricMeasurements::of(MetricForm form, UnixNanos from) const {
  const auto number = static_cast<size_t>(form);
  std::map<GroupAndStep, Measured> all = measured_[number];
  static const Reading nothing;
  for (const auto& [key, steps] : series_[number]) {
    const Reading* before = key.start >= from.count ? &nothing : nullptr;
    for (const auto& [step, ends] : steps) {
      Measured& into = all[{key.group, step}];
      if (form == MetricForm::value) {
        into.count = 1;
        into.sum.add(ends.last.value);
      } else {
        const Reading& since = before != nullptr ? *before : ends.first;
        into.count += std::max(ends.last.count - since.count, 0.0);
        into.sum.add(std::max(ends.last.value - since.value, 0.0));
        into.extend(ends.last.least, ends.last.most);
        into.buckets.add(ends.last.buckets.since(since.buckets));
      }
      before = &ends.last;
    }
  }
  return all;
}

}  // namespace clew::query
