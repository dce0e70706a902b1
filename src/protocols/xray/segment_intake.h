// SegmentIntake: takes segment documents that nobody waits for an answer about, gathers them while the store
// is busy, and stores them in batches. Each document is stored, or counted and its reason logged.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/time.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {

struct IntakeOptions {
  // Both must outlive the intake.
  pipeline::Consumer* consumer = nullptr;
  Arrivals* arrivals = nullptr;
  EnvironmentId environment = kDefaultEnvironment;
  // Documents that wait for their turn; what comes beyond is lost, and counted.
  size_t waiting_bytes = size_t{128} << 20;
};

class SegmentIntake {
 public:
  explicit SegmentIntake(IntakeOptions options);
  // Stores what waits.
  ~SegmentIntake();
  SegmentIntake(const SegmentIntake&) = delete;
  SegmentIntake& operator=(const SegmentIntake&) = delete;

  // Any thread. The text is copied.
  void take(std::string_view document, const Sender& sender);
  // Of a datagram without a document in it.
  void refuse(std::string_view reason, const Sender& sender);
  void stop();

 private:
  // Documents one after the other in one text: no allocation for each.
  struct Pile {
    std::string texts;
    std::vector<size_t> ends;
    Sender sender;  // of the last
  };
  struct Told {
    uint64_t segments = 0;
    uint64_t refused = 0;
    std::string first_reason;
    Nanoseconds took;
  };

  void work();
  void store(Pile pile);
  void hand_on(std::string otlp, uint64_t documents, const Sender& sender, uint64_t bytes);
  void tell(bool at_the_end);

  const IntakeOptions options_;

  std::mutex mutex_;
  std::condition_variable woken_;
  Pile pile_;              // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  Told told_;              // guarded by mutex_: since the last line of the log
  std::thread thread_;
  Nanoseconds told_at_;  // of the thread alone
};

}  // namespace clew::xray
