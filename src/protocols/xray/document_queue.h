// DocumentQueue: what the daemon has received and not sent yet. The oldest document goes when there are too
// many.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace clew::xray {

// Any thread.
class DocumentQueue {
 public:
  // A batch is taken when it has this many documents, or when the first has waited for a second.
  static constexpr size_t kBatch = 50;

  explicit DocumentQueue(size_t most) : most_(most) {}

  // False when another document had to go for this one.
  bool add(std::string_view document);
  // Waits for a batch. Empty once the queue is closed and everything was taken.
  std::vector<std::string> take();
  // Documents that come later are not taken; those that wait are handed out at once.
  void close();
  // Waits, at most for so long, until the queue is closed. True when it is.
  bool wait_for_close(Nanoseconds limit);

 private:
  struct Waiting {
    std::string document;
    Nanoseconds since;
  };

  const size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;  // guarded by mutex_
  bool closed_ = false;          // guarded by mutex_
};

}  // namespace clew::xray
