// Entrance: what a receiver hands its batches to. Counts their items, and leads each to the pipelines of its
// signal.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/component_id.h"
#include "pipeline/consumer.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {

class Entrance final : public Consumer {
 public:
  Entrance(const ComponentId& receiver, SelfTelemetry& telemetry);
  // Before anything is consumed. `next` must outlive the entrance.
  void lead(Signal signal, Consumer& next) { ways_[static_cast<size_t>(signal)].next = &next; }

  // bad_input when the batch's envelopes are not valid protobuf; unsupported when no pipeline takes its
  // signal.
  void consume(Batch batch, std::function<void(Outcome)> done) override;

 private:
  struct Way {
    Consumer* next = nullptr;
    std::atomic<int64_t>* accepted = nullptr;
    std::atomic<int64_t>* refused = nullptr;
    std::atomic<int64_t>* failed = nullptr;
  };
  std::array<Way, 4> ways_{};  // by signal
};

// ProcessorMeter: counts what goes into a processor.
class ProcessorMeter final : public Consumer {
 public:
  ProcessorMeter(std::atomic<int64_t>& items, Consumer& next) : items_(items), next_(next) {}
  void consume(Batch batch, std::function<void(Outcome)> done) override;

 private:
  std::atomic<int64_t>& items_;
  Consumer& next_;
};

}  // namespace clew::pipeline
