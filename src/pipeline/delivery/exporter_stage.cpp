#include "pipeline/delivery/exporter_stage.h"

namespace clew::pipeline {
namespace {

// How long a queue may go on sending when the collector stops.
constexpr Nanoseconds kGrace = seconds(5);

}  // namespace

ExporterStage::ExporterStage(const Site& site, std::unique_ptr<Exporter> exporter,
                             const std::optional<DeliverySettings>& delivery)
    : exporter_(std::move(exporter)), site_(site) {
  entrance_ = exporter_.get();
  if (delivery) entrance_ = &retry_.emplace(delivery->retry, site.timers, *entrance_);
  entrance_ = &meter_.emplace(site.id, site.telemetry, *entrance_);
  if (!delivery || !delivery->queue.enabled) return;
  entrance_ = &queue_.emplace(site.id, delivery->queue, site.timers, site.telemetry, *entrance_);
  storage_ = delivery->queue.storage;
}

Status ExporterStage::start() {
  CLEW_TRY(exporter_->start());
  return storage_ ? open_log() : Status();
}

Status ExporterStage::open_log() {
  Extension* extension = site_.extension(*storage_);
  QueueStorage* storage = extension ? extension->queue_storage() : nullptr;
  if (storage == nullptr)
    return {ErrorKind::bad_input, "sending_queue::storage: '" + storage_->text() + "' stores no queues"};
  CLEW_ASSIGN(std::string directory, storage->directory_for(site_.id));
  CLEW_ASSIGN(std::unique_ptr<QueueLog> log, QueueLog::open(std::move(directory), storage->file_system()));
  queue_->start_with(std::move(log));
  return {};
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
  std::vector<Batch> unsent = exporter_->take_unsent();
  if (queue_)
    for (Batch& batch : queue_->take_unsent()) unsent.push_back(std::move(batch));
  return unsent;
}

}  // namespace clew::pipeline
