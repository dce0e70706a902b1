// TraceRoom: where traces wait until they are likely to be complete, and the thread that lets them out. For
// tail_sampling and groupbytrace.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pipeline/traces/waiting_traces.h"

namespace clew::pipeline {

struct TraceRoomLimits {
  Nanoseconds wait{};
  std::optional<Nanoseconds> wait_after_root{};  // when the root has come, no longer than that
  uint64_t most_traces = 0;
  uint64_t most_bytes = uint64_t{512} << 20;
};

class TraceRoom {
 public:
  // `release` is called on one thread, with one trace after the other.
  TraceRoom(TraceRoomLimits limits, std::atomic<int64_t>& in_memory, std::atomic<int64_t>& early,
            std::function<void(WaitingTrace)> release)
      : limits_(limits),
        in_memory_(in_memory),
        early_(early),
        release_(std::move(release)),
        waiting_(limits.most_traces, limits.most_bytes, limits.wait, limits.wait_after_root) {}
  ~TraceRoom() { stop(); }

  void start();
  // Releases what is left.
  void stop();

  // Any thread. How many of the traces are new; nothing when the room is twice as full as it should be, since
  // releasing does not keep up.
  std::optional<uint64_t> add(EnvironmentId environment, std::vector<TracePiece> pieces);

 private:
  void run();

  const TraceRoomLimits limits_;
  std::atomic<int64_t>& in_memory_;
  std::atomic<int64_t>& early_;  // released before their time: the room was full
  const std::function<void(WaitingTrace)> release_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  WaitingTraces waiting_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace clew::pipeline
