#include "pipeline/self_telemetry.h"

#include <algorithm>

#include <fmt/format.h>

namespace clew::pipeline {
namespace {

std::string text_of(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text += name + "=\"";
    for (const char c : value) {
      if (c == '\\' || c == '"') text += '\\';
      text += c == '\n' ? ' ' : c;
    }
    text += '"';
  }
  return text;
}

std::string with_labels(std::string_view name, std::string_view labels) {
  return labels.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, labels);
}

}  // namespace

void ValueHistogram::add(double value) {
  const auto place = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<size_t>(place)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::atomic<int64_t>& SelfTelemetry::cell(Kind kind, std::string_view name, const Labels& labels) {
  std::lock_guard lock(mutex_);
  Family& family = families_.try_emplace(std::string(name), Family{kind, {}, {}}).first->second;
  std::atomic<int64_t>*& place = family.cells[text_of(labels)];
  if (place == nullptr) place = &cells_.emplace_back(0);
  return *place;
}

std::atomic<int64_t>& SelfTelemetry::counter(std::string_view name, const Labels& labels) {
  return cell(Kind::counter, name, labels);
}

std::atomic<int64_t>& SelfTelemetry::gauge(std::string_view name, const Labels& labels) {
  return cell(Kind::gauge, name, labels);
}

ValueHistogram& SelfTelemetry::histogram(std::string_view name, const Labels& labels,
                                         std::vector<double> bounds) {
  std::lock_guard lock(mutex_);
  Family& family = families_.try_emplace(std::string(name), Family{Kind::histogram, {}, {}}).first->second;
  ValueHistogram*& place = family.histograms[text_of(labels)];
  if (place == nullptr) place = &histograms_.emplace_back(std::move(bounds));
  return *place;
}

int64_t SelfTelemetry::value_of(std::string_view name, const Labels& labels) const {
  std::lock_guard lock(mutex_);
  const auto family = families_.find(name);
  if (family == families_.end()) return 0;
  const auto found = family->second.cells.find(text_of(labels));
  return found == family->second.cells.end() ? 0 : found->second->load();
}

std::string SelfTelemetry::prometheus_text() const {
  constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram"};
  std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, family] : families_) {
    text += fmt::format("# TYPE {} {}\n", name, kKinds[static_cast<size_t>(family.kind)]);
    for (const auto& [labels, value] : family.cells)
      text += fmt::format("{} {}\n", with_labels(name, labels), value->load());
    for (const auto& [labels, histogram] : family.histograms) {
      uint64_t sum = 0;
      const std::string before = labels.empty() ? "" : labels + ",";
      for (size_t i = 0; i < histogram->counts_.size(); ++i) {
        sum += histogram->counts_[i].load();
        const std::string bound =
            i < histogram->bounds_.size() ? fmt::format("{}", histogram->bounds_[i]) : "+Inf";
        text += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, before, bound, sum);
      }
      text += fmt::format("{} {}\n{} {}\n", with_labels(name + "_sum", labels), histogram->sum_.load(),
                          with_labels(name + "_count", labels), sum);
    }
  }
  return text;
}

std::string_view items_word(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return "spans";
    case Signal::logs:
      return "log_records";
    case Signal::metrics:
      return "metric_points";
  }
  return "items";
}

}  // namespace clew::pipeline
