// What a target of Prometheus exposes: its text format (0.0.4) and OpenMetrics.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace clew::pipeline {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

struct ExposedExemplar {
  MetricLabels labels;
  double value = 0;
  std::optional<UnixNanos> time;
};

struct ExposedSample {
  std::string name;
  MetricLabels labels;  // in the order of the line, without empty values
  double value = 0;
  std::optional<UnixNanos> time;
  std::optional<ExposedExemplar> exemplar;
};

enum class ExposedType : uint8_t {
  unknown,
  counter,
  gauge,
  histogram,
  gauge_histogram,
  summary,
  info,
  state_set
};

// What was said about a metric, and its samples. Those of a name that nothing was said about are a family of
// their own.
struct ExposedFamily {
  std::string name;
  ExposedType type = ExposedType::unknown;
  std::string help, unit;
  std::vector<ExposedSample> samples;
};

struct ExpositionLimits {
  size_t samples = 1'000'000;
  size_t labels = 100;  // of one sample
};

// bad_input: "line 3: …". Nothing of a text is taken that is wrong somewhere.
Result<std::vector<ExposedFamily>> parse_exposition(std::string_view text, bool is_open_metrics,
                                                    const ExpositionLimits& limits = {});

}  // namespace clew::pipeline
