// Names of the parts of a collector ("otlp", "otlp/honeycomb") and of its pipelines ("traces", "traces/2").
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/batch.h"

namespace clew::pipeline {

struct ComponentId {
  std::string type;
  std::string name;  // empty: the only one of its type, or the first

  auto operator<=>(const ComponentId&) const = default;
  std::string text() const { return name.empty() ? type : type + "/" + name; }
};
std::optional<ComponentId> parse_component_id(std::string_view text);

struct PipelineId {
  Signal signal = Signal::traces;
  std::string name;

  auto operator<=>(const PipelineId&) const = default;
  std::string text() const {
    return name.empty() ? std::string(name_of(signal)) : std::string(name_of(signal)) + "/" + name;
  }
};
std::optional<PipelineId> parse_pipeline_id(std::string_view text);

std::optional<Signal> signal_named(std::string_view name);

// Which signals a part works with.
class SignalSet {
 public:
  constexpr SignalSet(std::initializer_list<Signal> signals) {
    for (const Signal signal : signals) bits_ |= 1u << static_cast<unsigned>(signal);
  }
  constexpr bool contains(Signal signal) const { return (bits_ >> static_cast<unsigned>(signal) & 1) != 0; }
  // "traces, logs"
  std::string text() const;

 private:
  unsigned bits_ = 0;
};
inline constexpr SignalSet kAllSignals{Signal::traces, Signal::logs, Signal::metrics};

}  // namespace clew::pipeline
