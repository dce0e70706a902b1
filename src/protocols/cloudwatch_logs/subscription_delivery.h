// SubscriptionDelivery: log events on their way to the destinations of subscription filters. They wait in
// memory, because they are stored already: what is given up is counted, and can still be asked for.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http_client.h"

namespace clew::cloudwatch_logs {

// Any thread.
class SubscriptionDelivery {
 public:
  // As they wait, compressed. When there is no room, the oldest are given up.
  static constexpr size_t kMostBytesOfOne = 16 << 20;
  static constexpr size_t kMostBytes = 64 << 20;
  static constexpr Nanoseconds kLongest = hours(24);

  SubscriptionDelivery() = default;
  ~SubscriptionDelivery() { stop(); }
  SubscriptionDelivery(const SubscriptionDelivery&) = delete;
  SubscriptionDelivery& operator=(const SubscriptionDelivery&) = delete;

  // Sends a test message and waits for the answer; not ok when the destination does not take it.
  Status check(const std::string& destination);
  // Never waits. Documents reach a destination one after the other, in this order.
  void enqueue(const std::string& destination, std::string_view json, size_t events);
  // Gives up what waits, and takes no more.
  void stop();

 private:
  struct Waiting {
    std::string id;    // the same for every attempt
    std::string body;  // gzip
    size_t events = 0;
    Nanoseconds since;
    size_t bytes() const;
  };
  struct Queue {
    std::deque<Waiting> waiting;
    size_t bytes = 0;
    bool busy = false;  // one of its documents is being sent
    int failures = 0;   // in a row
    Nanoseconds due;
  };
  using Queues = std::map<std::string, Queue>;  // by destination

  void work();
  Queues::iterator next_due();
  void settle(Queues::iterator queue, Waiting document, const Status& sent);
  void make_room();
  void give_up_oldest(Queue& queue);
  Result<std::shared_ptr<net::HttpClient>> client();
  Status post(const std::string& destination, const std::string& id, std::string body);

  std::mutex mutex_;
  std::condition_variable woken_;
  // Guarded by mutex_:
  bool stopping_ = false;
  Queues queues_;
  size_t bytes_ = 0;
  std::shared_ptr<net::HttpClient> client_;  // made when it is needed
  std::vector<std::thread> threads_;         // likewise
};

}  // namespace clew::cloudwatch_logs
