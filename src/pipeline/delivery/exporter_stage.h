// ExporterStage: an exporter with what stands before it: queue ─► meter ─► retries ─► the exporter itself.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "pipeline/component.h"
#include "pipeline/delivery/retry.h"
#include "pipeline/delivery/send_meter.h"
#include "pipeline/delivery/sending_queue.h"

namespace clew::pipeline {

class ExporterStage final : public Exporter {
 public:
  ExporterStage(const Site& site, std::unique_ptr<Exporter> exporter,
                const std::optional<DeliverySettings>& delivery);

  Status start() override;
  void consume(Batch batch, std::function<void(Outcome)> done) override;
  void stop() override;
  // The collector hands it to the exporter that follows, or counts it as lost.
  std::vector<Batch> take_unsent() override;

 private:
  Status open_log();

  const std::unique_ptr<Exporter> exporter_;
  std::optional<Retry> retry_;
  std::optional<SendMeter> meter_;
  const Site site_;
  std::optional<SendingQueue> queue_;
  std::optional<ComponentId> storage_;
  Consumer* entrance_ = nullptr;
};

}  // namespace clew::pipeline
