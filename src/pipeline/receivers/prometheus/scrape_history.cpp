#include "pipeline/receivers/prometheus/scrape_history.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "base/hex.h"

namespace clew::pipeline {
namespace {

Exemplar exemplar_of(const ExposedExemplar& exposed, UnixNanos at) {
  Exemplar exemplar{.at = exposed.time.value_or(at), .value = exposed.value};
  for (const auto& [name, value] : exposed.labels) {
    const auto id = name == "trace_id" || name == "span_id" ? bytes_of_hex(value) : std::nullopt;
    if (name == "trace_id" && id && id->size() == 16)
      exemplar.trace_id = *id;
    else if (name == "span_id" && id && id->size() == 8)
      exemplar.span_id = *id;
    else
      exemplar.attributes.emplace_back(name, value);
  }
  return exemplar;
}

std::optional<double> bound_of(std::string_view text) {
  if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
  double bound = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), bound);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return bound;
}

uint64_t whole(double count) {
  return count >= 0 && count < 1.8e19 ? static_cast<uint64_t>(count) : 0;
}

}  // namespace

size_t ScrapeHistory::add(const std::vector<ExposedFamily>& families, UnixNanos at, bool is_up,
                          MetricRequest& to) {
  ++look_;
  added_ = 0;
  if (is_up)
    for (const ExposedFamily& family : families) {
      if (family.type == ExposedType::histogram || family.type == ExposedType::summary)
        add_groups(family, at, to);
      else
        add_numbers(family, at, to);
    }
  end_unseen(at, to);
  return added_;
}

ScrapeHistory::Series& ScrapeHistory::touch(Kind kind, const std::string& metric, const TextPairs& attributes,
                                            double value, UnixNanos at) {
  std::string key = metric;
  for (const auto& [name, text] : attributes) ((key += '\0') += name) += '\0', key += text;
  const auto [found, is_new] = series_.try_emplace(std::move(key));
  Series& series = found->second;
  if (is_new) {
    ++added_;
    series.metric = metric;
    series.attributes = attributes;
  }
  if (is_new || value < series.last || series.kind != kind) series.start = at;
  series.kind = kind;
  series.last = value;
  series.seen = look_;
  return series;
}

void ScrapeHistory::add_numbers(const ExposedFamily& family, UnixNanos at, MetricRequest& to) {
  const bool is_counter = family.type == ExposedType::counter;
  // When series of a counter began, as OpenMetrics tells.
  std::map<MetricLabels, UnixNanos> created;
  if (is_counter)
    for (const ExposedSample& one : family.samples)
      if (one.name == family.name + "_created") created[one.labels] = {static_cast<int64_t>(one.value * 1e9)};
  std::map<std::string, std::vector<NumberPoint>> points;
  for (const ExposedSample& one : family.samples) {
    if (is_counter && one.name != family.name && one.name == family.name + "_created") continue;
    const Series& series = touch(is_counter ? Kind::counter : Kind::gauge, one.name, one.labels, one.value,
                                 one.time.value_or(at));
    NumberPoint point{one.labels, one.value};
    if (is_counter) {
      const auto began = created.find(one.labels);
      point.extras.start = began != created.end() ? began->second : series.start;
    }
    point.extras.at = one.time;
    if (one.exemplar) point.extras.exemplars.push_back(exemplar_of(*one.exemplar, at));
    points[one.name].push_back(std::move(point));
  }
  for (const auto& [name, of_name] : points)
    to.add(name, family.unit, is_counter ? MetricKind::monotonic_sum : MetricKind::gauge,
           {.start = at, .at = at}, of_name, family.help);
}

std::vector<ScrapeHistory::Group> ScrapeHistory::groups_of(const ExposedFamily& family, UnixNanos at) const {
  const std::string_view inner = family.type == ExposedType::histogram ? "le" : "quantile";
  std::map<TextPairs, Group> groups;
  for (const ExposedSample& one : family.samples) {
    TextPairs attributes = one.labels;
    std::optional<double> bound;
    std::erase_if(attributes, [&](const auto& label) {
      if (label.first != inner) return false;
      bound = bound_of(label.second);
      return true;
    });
    Group& group = groups[attributes];
    group.attributes = attributes;
    if (one.time) group.time = one.time;
    const std::string_view suffix =
        std::string_view(one.name).substr(std::min(family.name.size(), one.name.size()));
    if (suffix == "_sum") {
      group.sum = one.value;
    } else if (suffix == "_count") {
      group.count = one.value;
      group.has_count = true;
    } else if (suffix == "_created") {
      group.created = UnixNanos{static_cast<int64_t>(one.value * 1e9)};
    } else if (bound) {
      group.buckets.emplace_back(*bound, one.value);
      if (one.exemplar) group.exemplars.push_back(exemplar_of(*one.exemplar, at));
    }
  }
  std::vector<Group> all;
  for (auto& [attributes, group] : groups) {
    std::sort(group.buckets.begin(), group.buckets.end());
    all.push_back(std::move(group));
  }
  return all;
}

void ScrapeHistory::add_groups(const ExposedFamily& family, UnixNanos at, MetricRequest& to) {
  const bool is_histogram = family.type == ExposedType::histogram;
  std::map<std::vector<double>, std::vector<HistogramPoint>> histograms;  // by bounds
  std::vector<SummaryPoint> summaries;
  for (Group& group : groups_of(family, at)) {
    if (!group.has_count && !group.buckets.empty() && is_histogram) group.count = group.buckets.back().second;
    const Series& series = touch(is_histogram ? Kind::histogram : Kind::summary, family.name,
                                 group.attributes, group.count, group.time.value_or(at));
    PointExtras extras{.exemplars = std::move(group.exemplars),
                       .start = group.created.value_or(series.start),
                       .at = group.time};
    if (!is_histogram) {
      summaries.push_back(
          {group.attributes, whole(group.count), group.sum, group.buckets, std::move(extras)});
      continue;
    }
    HistogramPoint point{group.attributes, whole(group.count), group.sum, {}, std::move(extras)};
    std::vector<double> bounds;
    double before = 0;
    for (const auto& [bound, cumulative] : group.buckets) {
      if (std::isinf(bound)) continue;
      bounds.push_back(bound);
      point.bucket_counts.push_back(whole(cumulative - before));
      before = std::max(before, cumulative);
    }
    point.bucket_counts.push_back(whole(group.count - before));
    histograms[std::move(bounds)].push_back(std::move(point));
  }
  const MetricTime time{.start = at, .at = at};
  for (const auto& [bounds, points] : histograms)
    to.add_histogram(family.name, family.unit, time, bounds, points, family.help);
  to.add_summary(family.name, family.unit, time, summaries, family.help);
}

void ScrapeHistory::end_unseen(UnixNanos at, MetricRequest& to) {
  const MetricTime time{.start = at, .at = at};
  const PointExtras ended{.has_no_value = true};
  for (auto it = series_.begin(); it != series_.end();) {
    const Series& series = it->second;
    if (series.seen == look_) {
      ++it;
      continue;
    }
    switch (series.kind) {
      case Kind::gauge:
        to.add(series.metric, "", MetricKind::gauge, time, {{series.attributes, 0.0, ended}});
        break;
      case Kind::counter:
        to.add(series.metric, "", MetricKind::monotonic_sum, time, {{series.attributes, 0.0, ended}});
        break;
      case Kind::histogram:
        to.add_histogram(series.metric, "", time, {}, {{series.attributes, 0, 0, {}, ended}});
        break;
      case Kind::summary:
        to.add_summary(series.metric, "", time, {{series.attributes, 0, 0, {}, ended}});
        break;
    }
    it = series_.erase(it);
  }
}

}  // namespace clew::pipeline
