// SelfTelemetry: what a collector counts of itself, under the names that people's dashboards know
// (otelcol_receiver_accepted_spans{receiver="otlp"} …).
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/batch.h"

namespace clew::pipeline {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Counts of values up to each bound, as Prometheus has them.
class ValueHistogram {
 public:
  explicit ValueHistogram(std::vector<double> bounds)
      : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
  void add(double value);

 private:
  friend class SelfTelemetry;
  const std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

class SelfTelemetry {
 public:
  // Any thread; the same name and labels give the same cell, which lives as long as this. Ask once, keep the
  // reference.
  std::atomic<int64_t>& counter(std::string_view name, const Labels& labels);
  std::atomic<int64_t>& gauge(std::string_view name, const Labels& labels);
  ValueHistogram& histogram(std::string_view name, const Labels& labels, std::vector<double> bounds);

  // The value of a cell, 0 when there is none: for tests and pages.
  int64_t value_of(std::string_view name, const Labels& labels) const;
  std::string prometheus_text() const;

 private:
  enum class Kind : uint8_t { counter, gauge, histogram };
  struct Family {
    Kind kind;
    std::map<std::string, std::atomic<int64_t>*> cells;  // by labels as text
    std::map<std::string, ValueHistogram*> histograms;
  };
  std::atomic<int64_t>& cell(Kind kind, std::string_view name, const Labels& labels);

  mutable std::mutex mutex_;
  // Guarded by mutex_; the values in the cells are not.
  std::map<std::string, Family, std::less<>> families_;
  std::deque<std::atomic<int64_t>> cells_;
  std::deque<ValueHistogram> histograms_;
};

// "spans", "metric_points", "log_records": the last word of many names.
std::string_view items_word(Signal signal);

}  // namespace clew::pipeline
