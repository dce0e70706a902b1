#include "protocols/honeycomb/event_intake.h"

#include <array>
#include <mutex>

#include "base/counters.h"
#include "net/http.h"
#include "protocols/honeycomb/event_to_otlp.h"

namespace clew::honeycomb {
namespace {

using Became = EventTranslation::Became;

// What is kept of a request until there is an answer for both signals.
struct Exchange {
  EventSource source;
  std::vector<Taken> taken;
  std::vector<std::pair<size_t, Became>> places;  // of the events that were handed on
  Done done;

  std::mutex mutex;
  size_t waiting = 0;
  std::array<pipeline::Outcome, 2> outcomes;  // by Became

  void arrive(Became became, const pipeline::Outcome& outcome) {
    {
      const std::lock_guard lock(mutex);
      outcomes[static_cast<size_t>(became)] = outcome;
      if (--waiting > 0) return;
    }
    finish();
  }

  void finish() {
    size_t failed = 0;
    Status failure;
    for (const auto& [place, became] : places) {
      const pipeline::Outcome& outcome = outcomes[static_cast<size_t>(became)];
      if (outcome.status.ok()) continue;
      ++failed;
      failure = outcome.status;
      taken[place] = {.status = net::http_status_of(outcome.status.kind()),
                      .error = std::string(outcome.status.message())};
    }
    // Nothing was stored: the sender may send all of it again. Otherwise that would double what was.
    if (failed == taken.size() && failed > 0) return done(std::move(failure), {});
    uint64_t accepted = 0;
    for (const pipeline::Outcome& outcome : outcomes) {
      accepted += outcome.accepted;
      if (outcome.rejected > 0)
        source.arrivals.noted(source.environment, source.sender, outcome.rejection,
                              "Mend the instrumentation");
    }
    uint64_t refused = 0;
    for (const Taken& one : taken) refused += one.status == 202 ? 0 : 1;
    if (refused > 0) {
      count(Counter::honeycomb_events_refused, refused);
      for (const Taken& one : taken) {
        if (one.status == 202) continue;
        source.arrivals.noted(source.environment, source.sender, one.error, "Mend the instrumentation");
        break;
      }
    }
    source.arrivals.accepted(source.environment, source.sender, accepted, source.bytes);
    done(Status(), std::move(taken));
  }
};

}  // namespace

void take_events(EventSource source, std::vector<EventOrFault> events, Done done) {
  const auto exchange = std::shared_ptr<Exchange>(new Exchange{.source = std::move(source),
                                                               .taken = {},
                                                               .places = {},
                                                               .done = std::move(done),
                                                               .mutex = {},
                                                               .outcomes = {}});
  const EventSource& from = exchange->source;
  EventTranslation translation(from.dataset_slug, from.expand_json_depth);
  exchange->taken.resize(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    if (const auto* fault = std::get_if<EventFault>(&events[i])) {
      exchange->taken[i] = {.status = fault->status, .error = fault->error};
    } else {
      exchange->places.emplace_back(i, translation.add(std::get<Event>(events[i])));
    }
  }
  std::vector<std::pair<Became, Batch>> batches;
  const auto add = [&](Became became, Signal signal, size_t items, std::string otlp) {
    if (items > 0)
      batches.emplace_back(became, Batch{.signal = signal,
                                         .environment = from.environment,
                                         .otlp = SharedBytes(std::move(otlp)),
                                         .items = items,
                                         .sender = from.context});
  };
  add(Became::span, Signal::traces, translation.spans(), translation.take_traces());
  add(Became::log_record, Signal::logs, translation.records(), translation.take_logs());
  if (batches.empty()) return exchange->finish();
  exchange->waiting = batches.size();
  for (auto& [became, batch] : batches) {
    from.consumer.consume(std::move(batch), [exchange, became = became](const pipeline::Outcome& outcome) {
      exchange->arrive(became, outcome);
    });
  }
}

}  // namespace clew::honeycomb
