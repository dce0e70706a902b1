// What is unusual about a pattern of log lines: by plain statistics of the lines that were asked about, with
// the bounds named in the source. Nothing is learned from other times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace clew::cloudwatch_logs::insights {

struct PatternLine {
  double milliseconds = 0;
  std::string text;
};

struct Anomaly {
  enum class Kind : uint8_t {
    frequency,  // far more in some part of the time than in the others
    novelty,    // not there in the first three quarters of the time
    token,      // a word that is nearly always the same is another one
    number,     // a number far from the others in its place
    http_error  // status codes from 400 on
  };
  Kind kind = Kind::frequency;
  std::string description;
};
std::string_view name_of(Anomaly::Kind kind);

// For each pattern those that it has, in the order of the kinds.
std::vector<std::vector<Anomaly>> find_anomalies(const std::vector<std::vector<PatternLine>>& patterns,
                                                 const TimeRange& range);

}  // namespace clew::cloudwatch_logs::insights
