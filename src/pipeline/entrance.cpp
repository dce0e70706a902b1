#include "pipeline/entrance.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "pipeline/otlp/item_count.h"

namespace clew::pipeline {

Entrance::Entrance(const ComponentId& receiver, SelfTelemetry& telemetry) {
  const Labels labels{{"receiver", receiver.text()}};
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    const std::string word(items_word(signal));
    Way& way = ways_[static_cast<size_t>(signal)];
    way.accepted = &telemetry.counter("otelcol_receiver_accepted_" + word, labels);
    way.refused = &telemetry.counter("otelcol_receiver_refused_" + word, labels);
    way.failed = &telemetry.counter("otelcol_receiver_failed_" + word, labels);
  }
}

void Entrance::consume(Batch batch, std::function<void(Outcome)> done) {
  const Way& way = ways_[static_cast<size_t>(batch.signal)];
  if (way.next == nullptr)
    return done({.status = Status(ErrorKind::unsupported,
                                  fmt::format("no pipeline of this collector takes {} from this receiver",
                                              name_of(batch.signal)))});
  const Result<uint64_t> items = count_items(batch.signal, batch.otlp.view());
  if (!items.ok()) {
    count(Counter::otlp_malformed);
    return done({.status = items.status()});
  }
  batch.items = *items;
  if (*items == 0) return done({});  // nothing but envelopes
  const auto counted = static_cast<int64_t>(*items);
  way.next->consume(std::move(batch), [&way, counted, done = std::move(done)](Outcome outcome) {
    if (outcome.status.ok())
      way.accepted->fetch_add(counted, std::memory_order_relaxed);
    else
      (is_retryable(outcome.status) ? way.refused : way.failed)
          ->fetch_add(counted, std::memory_order_relaxed);
    if (outcome.status.ok() && outcome.accepted == 0)
      outcome.accepted =
          static_cast<uint64_t>(counted) - std::min(outcome.rejected, static_cast<uint64_t>(counted));
    done(std::move(outcome));
  });
}

void ProcessorMeter::consume(Batch batch, std::function<void(Outcome)> done) {
  items_.fetch_add(static_cast<int64_t>(items_of(batch)), std::memory_order_relaxed);
  next_.consume(std::move(batch), std::move(done));
}

}  // namespace clew::pipeline
