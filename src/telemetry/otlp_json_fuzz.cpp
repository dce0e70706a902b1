#include <string>

#include "base/fuzz.h"
#include "base/log.h"
#include "telemetry/otlp_json.h"

namespace {

// What the reader accepted, the writer must be able to show, and the reader to read again with the same
// result.
void read_json(clew::Signal signal, std::string_view json) {
  const clew::Result<std::string> protobuf = clew::json_to_protobuf(signal, json);
  if (!protobuf.ok()) return;
  const clew::Result<std::string> shown = clew::protobuf_to_json(signal, *protobuf);
  if (!shown.ok()) clew::bug("accepted JSON cannot be shown: " + shown.status().to_string());
  const clew::Result<std::string> again = clew::json_to_protobuf(signal, *shown);
  if (!again.ok()) clew::bug("shown JSON cannot be read: " + again.status().to_string());
  const clew::Result<std::string> shown_again = clew::protobuf_to_json(signal, *again);
  if (!shown_again.ok() || *shown_again != *shown) clew::bug("JSON changes when read again");
}

}  // namespace

CLEW_FUZZ(otlp_json_traces) {
  read_json(clew::Signal::traces, bytes);
}
CLEW_FUZZ(otlp_json_logs) {
  read_json(clew::Signal::logs, bytes);
}
CLEW_FUZZ(otlp_json_metrics) {
  read_json(clew::Signal::metrics, bytes);
}

CLEW_FUZZ(otlp_protobuf_to_json) {
  for (const clew::Signal signal : {clew::Signal::traces, clew::Signal::logs, clew::Signal::metrics}) {
    (void)clew::protobuf_to_json(signal, bytes);
    (void)clew::signal_of_json(bytes);
  }
}
