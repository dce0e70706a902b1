// Any line: a trace that is found is one.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/line_links.h"

CLEW_FUZZ(line_links) {
  using namespace clew::cloudwatch_logs;
  const LineLinks links = links_in(bytes);
  if (links.trace && links.trace->is_zero()) clew::bug("a trace without an id");
  if (links.span && !links.trace) clew::bug("a span without a trace");
  const int32_t severity = severity_in(bytes);
  if (severity < 0 || severity > 24) clew::bug("no severity of OTLP");
}
