// StreamHub: tells open pages that data has arrived, as server-sent events. One thread looks at the counters
// four times a second and at the store only when they moved, so that a hundred open pages cost what one does.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/http.h"
#include "protocols/clew/api.h"

namespace clew::api {

class StreamHub {
 public:
  explicit StreamHub(const ApiOptions& options);
  ~StreamHub();
  StreamHub(const StreamHub&) = delete;
  StreamHub& operator=(const StreamHub&) = delete;

  // Ends all streams and takes no more.
  void stop();
  // Greets at once. `exhausted` when too many pages are open.
  Status subscribe(EnvironmentId environment, net::Responder responder, net::Headers headers);

 private:
  // Rows of traces, logs and metrics.
  using Rows = std::array<uint64_t, 3>;
  struct Subscriber {
    EnvironmentId environment;
    net::Responder responder;
    Rows rows{};
    uint64_t refused = 0;
    Nanoseconds last_written;
  };

  void watch();
  void look(std::vector<Subscriber>& subscribers);
  Rows rows_of(EnvironmentId environment) const;
  // False when the client went away.
  bool tell(Subscriber& subscriber, const std::optional<Rows>& rows) const;

  const ApiOptions& options_;
  uint64_t items_at_last_look_ = 0;  // used by the thread only, as is the next
  bool looks_again_ = false;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;              // guarded by mutex_
  std::vector<Subscriber> newcomers_;  // guarded by mutex_
  size_t open_ = 0;                    // guarded by mutex_
  std::thread thread_;
};

}  // namespace clew::api
