// ScrapeHistory: makes metrics of what a target exposes, and remembers of its series since when they count
// and which there were, so that resets and ends are told.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/otlp/metric_request.h"
#include "pipeline/receivers/prometheus/exposition.h"

namespace clew::pipeline {

class ScrapeHistory {
 public:
  // Adds the metrics of one look at the target. `is_up` false: nothing was to be had, and all series end. The
  // number of series that were not there before.
  size_t add(const std::vector<ExposedFamily>& families, UnixNanos at, bool is_up, MetricRequest& to);

 private:
  enum class Kind : uint8_t { gauge, counter, histogram, summary };
  struct Series {
    Kind kind = Kind::gauge;
    std::string metric;
    TextPairs attributes;
    UnixNanos start;
    double last = 0;
    uint64_t seen = 0;  // number of the look
  };
  // Several samples of a histogram or summary.
  struct Group {
    TextPairs attributes;
    std::vector<std::pair<double, double>> buckets;  // le or quantile, value
    double sum = 0, count = 0;
    bool has_count = false;
    std::optional<UnixNanos> time, created;
    std::vector<Exemplar> exemplars;
  };

  void add_numbers(const ExposedFamily& family, UnixNanos at, MetricRequest& to);
  void add_groups(const ExposedFamily& family, UnixNanos at, MetricRequest& to);
  std::vector<Group> groups_of(const ExposedFamily& family, UnixNanos at) const;
  // The series, seen now; a value below the last one starts it anew.
  Series& touch(Kind kind, const std::string& metric, const TextPairs& attributes, double value,
                UnixNanos at);
  void end_unseen(UnixNanos at, MetricRequest& to);

  std::unordered_map<std::string, Series> series_;  // by metric and attributes
  uint64_t look_ = 0;
  size_t added_ = 0;
};

}  // namespace clew::pipeline
