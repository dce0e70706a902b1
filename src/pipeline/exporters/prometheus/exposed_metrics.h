// ExposedMetrics: the last value of each series, as text for whoever asks. What comes as differences is added
// up.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "pipeline/exporters/prometheus/prometheus_names.h"
#include "pipeline/otlp/message_editor.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

struct ExposedMetricsSettings {
  PrometheusNaming naming;
  std::vector<std::pair<std::string, std::string>> const_labels;
  bool with_resource_labels = false;  // every attribute of the resource on every series
  bool with_scope_labels = true;
  bool with_times = false;
  Nanoseconds expiration = seconds(300);
  size_t most_series = 1'000'000;
};

class ExposedMetrics {
 public:
  explicit ExposedMetrics(ExposedMetricsSettings settings) : settings_(std::move(settings)) {}

  // How many points cannot be told in this format, or found no room. bad_input when malformed.
  Result<uint64_t> add(const Batch& batch);
  std::string text(bool open_metrics);

 private:
  using LabelPairs = std::map<std::string, std::string>;
  struct Exemplar {
    std::string labels;
    double value = 0;
    UnixNanos at;
  };
  struct Series {
    std::string labels;  // a="b",c="d"
    double value = 0;    // or the sum
    uint64_t count = 0;
    std::vector<double> bounds;  // or quantiles
    std::vector<double> values;  // counts of buckets up to each bound, or values of quantiles
    std::optional<Exemplar> exemplar;
    UnixNanos at;
    Nanoseconds updated{};
  };
  enum class Kind : uint8_t { gauge, counter, histogram, summary };
  struct Family {
    Kind kind = Kind::gauge;
    std::string help;
    std::map<std::string, Series> series;  // by labels
  };
  class Collecting;

  void forget_old();
  void write(const std::string& name, const Family& family, bool open_metrics, std::string& out) const;

  const ExposedMetricsSettings settings_;
  std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::string, Family> families_;
  size_t series_ = 0;
};

}  // namespace clew::pipeline
