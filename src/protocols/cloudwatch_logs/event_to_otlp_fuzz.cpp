// Any message becomes a log record that the store's reader of OTLP can take apart.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/event_to_otlp.h"

CLEW_FUZZ(cloudwatch_log_event) {
  using namespace clew::cloudwatch_logs;
  const std::string otlp = events_to_otlp({.group = "g", .stream = "s"}, {{1, bytes}, {2, "plain"}}, 7, {9});
  if (otlp.size() < bytes.size()) clew::bug("a message was lost");
}
