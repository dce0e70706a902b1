// WaitingTraces: the traces that tail_sampling and groupbytrace hold until they are likely to be complete,
// oldest first. Bounded: who adds takes out what does not fit, the oldest, before its time.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "pipeline/otlp/split_by_trace.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

struct WaitingTrace {
  EnvironmentId environment;
  std::string trace_id;
  Nanoseconds due{};                  // monotonic: when it is likely to be complete
  std::vector<std::string> requests;  // in the order of their arrival
  uint64_t spans = 0;
  uint64_t bytes = 0;

  // Everything as one request.
  Batch joined() &&;
};

// Of which environment, and which trace. Traces of two environments never meet.
using TraceKey = std::string;
TraceKey trace_key(EnvironmentId environment, std::string_view trace_id);

// Not safe for threads.
class WaitingTraces {
 public:
  // A trace waits for `wait` after its first span, and no longer than `wait_after_root` after its root came.
  WaitingTraces(size_t most_traces, uint64_t most_bytes, Nanoseconds wait,
                std::optional<Nanoseconds> wait_after_root)
      : most_traces_(most_traces), most_bytes_(most_bytes), wait_(wait), wait_after_root_(wait_after_root) {}

  // Whether the trace is a new one.
  bool add(EnvironmentId environment, TracePiece piece, Nanoseconds now);
  // One that is due, or the oldest if it is one too many.
  std::optional<WaitingTrace> take_due(Nanoseconds now);
  std::optional<WaitingTrace> take_oldest();
  // When the next one is due; nothing while there is none.
  std::optional<Nanoseconds> next_due() const;

  bool is_over_limit() const { return traces_.size() > most_traces_ || bytes_ > most_bytes_; }
  size_t traces() const { return traces_.size(); }
  uint64_t bytes() const { return bytes_; }

 private:
  using Traces = std::list<WaitingTrace>;
  WaitingTrace take(Traces::iterator which);

  const size_t most_traces_;
  const uint64_t most_bytes_;
  const Nanoseconds wait_;
  const std::optional<Nanoseconds> wait_after_root_;
  Traces traces_;  // by arrival of the first span
  // Those due before the others of their age, by the arrival of their root. Some are gone already.
  std::deque<std::pair<Nanoseconds, TraceKey>> hastened_;
  std::unordered_map<TraceKey, Traces::iterator> by_key_;
  uint64_t bytes_ = 0;
};

}  // namespace clew::pipeline
