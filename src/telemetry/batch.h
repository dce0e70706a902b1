// Batch: what travels through clew. OTLP protobuf bytes, exactly one Export…ServiceRequest of one signal.
// Two batches of one signal and environment are joined by joining their bytes (repeated fields concatenate).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shared_bytes.h"

namespace clew {

enum class Signal : uint8_t {
  traces = 1,
  logs = 2,
  metrics = 3
};  // values reach the disk: never change them

constexpr std::string_view name_of(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return "traces";
    case Signal::logs:
      return "logs";
    case Signal::metrics:
      return "metrics";
  }
  return "unknown";
}

// A number given to each environment when it is created (control/). Data of two environments never meet.
struct EnvironmentId {
  uint32_t number = 0;
  auto operator<=>(const EnvironmentId&) const = default;
};
// Where data goes when no keys are configured.
constexpr EnvironmentId kDefaultEnvironment{1};

// What is remembered of the request that brought a batch, for stages that act on it (headers passed on,
// batches kept apart by tenant). Only kept where a receiver was told to.
struct SenderContext {
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string peer;                                          // "127.0.0.1:51234"
  std::string subject;                                       // whom the authenticator took the sender for
};

struct Batch {
  Signal signal = Signal::traces;
  EnvironmentId environment = kDefaultEnvironment;
  SharedBytes otlp;
  uint64_t items = 0;  // spans, log records, metric points, where a stage has counted them; 0: nobody did
  std::shared_ptr<const SenderContext> sender;  // may be null
};

}  // namespace clew
