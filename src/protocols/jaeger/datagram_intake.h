// DatagramIntake: takes the datagrams of Jaeger's clients, for which nobody waits, gathers them while the
// store is busy, and stores them in batches. Each is stored, or counted and its reason told.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pipeline/consumer.h"
#include "protocols/arrivals.h"

namespace clew::jaeger {

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
  explicit DatagramIntake(DatagramIntakeOptions options);
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
  void refuse(const Status& failure, const Sender& sender);
  void hand_on(std::string otlp, uint64_t datagrams, const Sender& sender, uint64_t bytes);

  const DatagramIntakeOptions options_;

  std::mutex mutex_;
  std::condition_variable woken_;
  Pile pile_;              // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
  Nanoseconds told_at_{};  // of the thread alone: when the log last told of a refusal
};

}  // namespace clew::jaeger
