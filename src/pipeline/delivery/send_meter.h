// SendMeter: counts what an exporter sent and failed to send (otelcol_exporter_sent_spans and its like).
#pragma once

#include <array>

#include "pipeline/component_id.h"
#include "pipeline/consumer.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {

class SendMeter final : public Consumer {
 public:
  // `next` must outlive it.
  SendMeter(const ComponentId& exporter, SelfTelemetry& telemetry, Consumer& next);
  void consume(Batch batch, std::function<void(Outcome)> done) override;

 private:
  struct Cells {
    std::atomic<int64_t>* sent;
    std::atomic<int64_t>* failed;
  };
  const std::string name_;
  std::array<Cells, 4> cells_{};  // by signal
  std::atomic<int64_t>& in_flight_;
  Consumer& next_;
};

}  // namespace clew::pipeline
