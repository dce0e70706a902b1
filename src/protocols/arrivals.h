// Arrivals: who sends what through which door, and what was turned away lately, with the remedy. Receivers
// tell it; the newcomer's page shows it. Bounded: the senders heard from least recently are forgotten first.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/http.h"
#include "telemetry/batch.h"

namespace clew {

struct Sender {
  std::string peer;  // address without the port, which changes with every connection
  uint16_t door = 0;
  std::string protocol;  // "OTLP/gRPC traces"
  std::string agent;     // user-agent, shortened; may be empty
  auto operator<=>(const Sender&) const = default;
};
Sender sender_of(const net::Request& request, std::string_view protocol);
Sender sender_of(const net::GrpcRequest& request, std::string_view protocol);

class Arrivals {
 public:
  struct Seen {
    Sender sender;
    uint64_t requests = 0;
    uint64_t items = 0;  // spans, log records, data points accepted
    uint64_t bytes = 0;
    uint64_t refused = 0;
    UnixNanos first_seen;
    UnixNanos last_seen;
  };
  struct Refusal {
    Sender sender;
    int status = 0;  // HTTP status; 0 when it never came to a request
    std::string reason;
    std::string remedy;
    uint64_t times = 1;
    UnixNanos first;
    UnixNanos last;
  };

  // Any thread; cheap enough for every request.
  void accepted(EnvironmentId environment, const Sender& sender, uint64_t items, uint64_t bytes);
  // Without an environment (no key, an unknown one, no request at all) every environment sees it.
  void refused(std::optional<EnvironmentId> environment, const Sender& sender, int status,
               std::string_view reason, std::string_view remedy);
  // A request that was accepted in spite of a mistake, or only in part: listed among the refusals with status
  // 200, but not counted as one.
  void noted(EnvironmentId environment, const Sender& sender, std::string_view reason,
             std::string_view remedy);

  // The latest first.
  std::vector<Seen> senders(EnvironmentId environment) const;
  std::vector<Refusal> refusals(EnvironmentId environment) const;
  uint64_t refused_requests(EnvironmentId environment) const;

 private:
  struct Place {
    std::optional<EnvironmentId> environment;
    Sender sender;
    auto operator<=>(const Place&) const = default;
  };
  struct KeptRefusal {
    std::optional<EnvironmentId> environment;
    Refusal refusal;
  };
  // With the lock held.
  void keep(std::optional<EnvironmentId> environment, const Sender& sender, int status,
            std::string_view reason, std::string_view remedy, UnixNanos at);
  Seen& seen(std::optional<EnvironmentId> environment, const Sender& sender, UnixNanos at);

  mutable std::mutex mutex_;  // guards all below
  std::map<Place, Seen> senders_;
  std::deque<KeptRefusal> refusals_;  // the latest in front
  std::map<std::optional<EnvironmentId>, uint64_t> refused_requests_;
};

}  // namespace clew
