#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/rollbar/item_document.h"
#include "telemetry/otlp_json.h"

CLEW_FUZZ(rollbar_item) {
  auto json = clew::parse_json(bytes, clew::rollbar::kDeepestDocument);
  if (!json.ok()) return;
  const clew::rollbar::Scrubber scrubber;
  const auto item = clew::rollbar::read_item(*std::move(json), scrubber, {.now = {1}, .peer = "127.0.0.1:1"});
  if (item.ok() && !clew::protobuf_to_json(clew::Signal::logs, item->otlp).ok())
    clew::bug("an item became bytes that are not OTLP");
}
