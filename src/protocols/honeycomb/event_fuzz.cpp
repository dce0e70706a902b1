// Any bytes as a batch of events, in both encodings: what is taken can be translated.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/honeycomb/event.h"
#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/msgpack.h"

namespace {

void batch(std::string_view bytes, clew::honeycomb::EventEncoding encoding) {
  using namespace clew::honeycomb;
  const auto events = read_batch(bytes, encoding, clew::UnixNanos{1'700'000'000'000'000'000});
  if (!events.ok()) return;
  EventTranslation translation("fuzz", 3);
  size_t taken = 0;
  for (const EventOrFault& one : *events) {
    if (const auto* event = std::get_if<Event>(&one)) {
      translation.add(*event);
      ++taken;
    }
  }
  if (translation.spans() + translation.records() != taken) clew::bug("an event that became nothing");
  (void)translation.take_traces();
  (void)translation.take_logs();
}

}  // namespace

CLEW_FUZZ(honeycomb_events_json) {
  batch(bytes, clew::honeycomb::EventEncoding::json);
}

CLEW_FUZZ(honeycomb_events_msgpack) {
  batch(bytes, clew::honeycomb::EventEncoding::msgpack);
}
