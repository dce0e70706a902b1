#include "pipeline/delivery/send_meter.h"

#include <fmt/format.h>

#include "pipeline/otlp/item_count.h"

namespace clew::pipeline {

SendMeter::SendMeter(const ComponentId& exporter, SelfTelemetry& telemetry, Consumer& next)
    : name_(exporter.text()),
      in_flight_(telemetry.gauge("otelcol_exporter_in_flight_requests", {{"exporter", name_}})),
      next_(next) {
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    const std::string word(items_word(signal));
    cells_[static_cast<size_t>(signal)] = {
        &telemetry.counter("otelcol_exporter_sent_" + word, {{"exporter", name_}}),
        &telemetry.counter("otelcol_exporter_send_failed_" + word, {{"exporter", name_}})};
  }
}

void SendMeter::consume(Batch batch, std::function<void(Outcome)> done) {
  const auto items = static_cast<int64_t>(items_of(batch));
  const Cells cells = cells_[static_cast<size_t>(batch.signal)];
  in_flight_.fetch_add(1, std::memory_order_relaxed);
  next_.consume(std::move(batch), [this, items, cells, done = std::move(done)](Outcome outcome) {
    in_flight_.fetch_sub(1, std::memory_order_relaxed);
    const auto rejected = std::min(static_cast<int64_t>(outcome.rejected), items);
    const int64_t failed = outcome.status.ok() ? rejected : items;
    cells.sent->fetch_add(items - failed, std::memory_order_relaxed);
    cells.failed->fetch_add(failed, std::memory_order_relaxed);
    done(std::move(outcome));
  });
}

}  // namespace clew::pipeline
