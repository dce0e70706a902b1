// Batch: what travels through clew. OTLP protobuf bytes, exactly one Export…ServiceRequest of one signal.
// Two batches of one signal and environment are joined by joining their bytes (repeated fields concatenate).
#pragma once

#include <cstdint>
#include <string_view>

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

struct Batch {
  Signal signal = Signal::traces;
  EnvironmentId environment = kDefaultEnvironment;
  SharedBytes otlp;
};

}  // namespace clew
