// DatagramIntake: takes datagrams of spans, for which nobody waits, gathers them while the store is busy, and
// stores them in batches. Each is stored, or counted and its reason told.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/counters.h"
#include "base/time.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"

namespace clew {

struct DatagramRefusal {
  Counter counter;
  std::string reason;
  std::string remedy;
  std::string id;  // of what was refused, for the log; may be empty
};

// What became of datagrams since the log was told.
struct DatagramTally {
  uint64_t stored = 0;
  uint64_t refused = 0;
  std::string first_refused;  // where from, its id, the reason
  Nanoseconds took;
};

// What the datagrams of a protocol hold. One thread asks, that of the intake.
class DatagramFormat {
 public:
  struct Counters {
    Counter stored;
    Counter lost;  // because the store was behind
  };
  explicit DatagramFormat(Counters given) : counters(given) {}
  virtual ~DatagramFormat() = default;

  // Adds what a datagram holds to the batch, unless it is refused.
  virtual std::optional<DatagramRefusal> add(std::string_view datagram) = 0;
  // What has been added since the last time, as an ExportTraceServiceRequest; may be empty.
  virtual std::string take_batch() = 0;
  // Once a second at the most.
  virtual void log_tally(const DatagramTally& tally) const = 0;
  virtual void log_loss(uint64_t datagrams, std::string_view reason) const = 0;

  const Counters counters;
};

struct DatagramIntakeOptions {
  // Both must outlive the intake.
  pipeline::Consumer* consumer = nullptr;
  Arrivals* arrivals = nullptr;
  EnvironmentId environment = kDefaultEnvironment;
  // Datagrams that wait for their turn; what comes beyond is lost, and counted.
  size_t waiting_bytes = size_t{128} << 20;
};

class DatagramIntake {
 public:
  DatagramIntake(std::unique_ptr<DatagramFormat> format, DatagramIntakeOptions options);
  // Stores what waits.
  ~DatagramIntake();
  DatagramIntake(const DatagramIntake&) = delete;
  DatagramIntake& operator=(const DatagramIntake&) = delete;

  // Any thread. The bytes are copied.
  void take(std::string_view datagram, const Sender& sender);
  void stop();

 private:
  // Datagrams one after the other in one text: no allocation for each.
  struct Pile {
    std::string bytes;
    std::vector<size_t> ends;
    Sender sender;  // of the last
  };

  void work();
  void store(const Pile& pile);
  void refuse(const DatagramRefusal& refusal, const Sender& sender);
  void hand_on(std::string otlp, uint64_t datagrams, const Sender& sender, uint64_t bytes);
  void tell();

  const std::unique_ptr<DatagramFormat> format_;
  const DatagramIntakeOptions options_;

  std::mutex mutex_;
  std::condition_variable woken_;
  Pile pile_;              // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
  // Of the thread alone.
  std::optional<DatagramTally> tally_;
  Nanoseconds told_at_;
};

}  // namespace clew
