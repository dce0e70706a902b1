// BundleTickets: addresses to which one bundle of source maps may be uploaded without a token. Whoever asked
// for one with a token hands it to the uploader. Any thread.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::rollbar {

struct BundlePlace {
  EnvironmentId environment;
  std::string version;
  std::string prefix_url;  // what stands before each file's name
};

class BundleTickets {
 public:
  static constexpr Nanoseconds kValid = hours(1);
  // The oldest is forgotten for the next.
  static constexpr size_t kMost = 1'000;

  // Nobody guesses it.
  std::string issue(BundlePlace place, UnixNanos at);
  // Once only. Nothing when there is none such, or no longer.
  std::optional<BundlePlace> take(std::string_view ticket, UnixNanos at);

 private:
  struct Issued {
    std::string ticket;
    BundlePlace place;
    UnixNanos at;
  };
  std::mutex mutex_;
  std::deque<Issued> issued_;  // guarded by mutex_; the oldest first
};

}  // namespace clew::rollbar
