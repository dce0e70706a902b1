#include "pipeline/delivery/exporter_stage.h"

namespace clew::pipeline {
namespace {

// How long a queue may go on sending when the collector stops.
constexpr Nanoseconds kGrace = seconds(5);

}  // namespace

ExporterStage::ExporterStage(const Site& site, std::unique_ptr<Exporter> exporter,
                             const std::optional<DeliverySettings>& delivery)
    : exporter_(std::move(exporter)) {
  entrance_ = exporter_.get();
  if (delivery) entrance_ = &retry_.emplace(delivery->retry, site.timers, *entrance_);
  entrance_ = &meter_.emplace(site.id, site.telemetry, *entrance_);
  if (!delivery || !delivery->queue.enabled) return;
  queue_ = std::make_unique<SendingQueue>(site.id, delivery->queue, site.timers, site.telemetry, *entrance_);
  entrance_ = queue_.get();
}

Status ExporterStage::start() {
  CLEW_TRY(exporter_->start());
  return queue_ ? queue_->start() : Status();
}

void ExporterStage::consume(Batch batch, std::function<void(Outcome)> done) {
  entrance_->consume(std::move(batch), std::move(done));
}

void ExporterStage::stop() {
  if (queue_) queue_->close();
  if (retry_) retry_->stop();
  if (queue_) queue_->drain(kGrace);
  exporter_->stop();  // ends what is under way
}

std::vector<Batch> ExporterStage::take_unsent() {
  return queue_ ? queue_->take_unsent() : std::vector<Batch>();
}

}  // namespace clew::pipeline
