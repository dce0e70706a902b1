// KeyRates: how many traces of a kind stand for one that is kept, the rarer the kind the fewer. Kinds are
// told apart by a key that is made of fields.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "base/time.h"

namespace clew::pipeline {

// Of a goal of so many kept among all of `counts`, each key gets a share by the logarithm of its count; what
// a key does not need goes to the others. A key of which all are kept has rate 1.
std::map<std::string, int64_t> rates_by_logarithm(const std::map<std::string, double>& counts, double goal);

struct KeyRateSettings {
  enum class Goal : uint8_t { rate, throughput, throughput_each };
  Goal goal = Goal::rate;
  double goal_value = 1;         // one of so many; or so many a second; or so many a second shared equally
  Nanoseconds interval{};        // between adjustments
  Nanoseconds window{};          // what came in this time counts; 0: what came since the last adjustment
  double weight = 0;             // of what came in the last interval; 0: only that counts
  double forgotten_below = 0.5;  // of weighted counts
  int64_t initial_rate = 1;      // until the first adjustment
  size_t most_keys = 500;        // further ones get the initial rate
  // Adjusted before the interval is over when more came than so many times the weighted counts; 0: never.
  double burst_multiple = 0;
  int64_t burst_delay = 3;  // intervals before the first burst
};

// Not safe for threads.
class KeyRates {
 public:
  explicit KeyRates(KeyRateSettings settings) : settings_(settings) {}

  // Counts one trace of this key, with so many spans, and says of how many of its kind it is to be the one
  // that is kept.
  int64_t rate_for(const std::string& key, Nanoseconds now, double spans = 1);

 private:
  // What came in an interval of this length.
  struct Interval {
    double seconds = 0;
    std::map<std::string, double> counts;
  };

  bool is_burst() const;
  void adjust(double elapsed_seconds);
  void smooth(double& seconds);

  const KeyRateSettings settings_;
  Nanoseconds began_{-1};
  int64_t adjustments_ = 0;
  double came_ = 0;                         // in this interval
  double burst_ = 0;                        // what is one; 0: nothing
  std::deque<Interval> intervals_;          // with a window: those within it
  std::map<std::string, double> counts_;    // of this interval
  std::map<std::string, double> smoothed_;  // with a weight: of earlier ones too
  std::map<std::string, int64_t> rates_;
};

}  // namespace clew::pipeline
