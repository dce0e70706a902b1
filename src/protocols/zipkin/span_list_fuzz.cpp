#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/zipkin/span_list.h"

// The first byte chooses the format.
CLEW_FUZZ(zipkin_spans) {
  using namespace clew::zipkin;
  if (bytes.empty()) return;
  const auto format = static_cast<Format>(static_cast<unsigned char>(bytes[0]) % 4);
  const bool parse_tags = (static_cast<unsigned char>(bytes[0]) & 4) != 0;
  bytes.remove_prefix(1);
  detect_format(bytes, format);
  const auto otlp = spans_to_otlp(bytes, format, {.arrived = {1}, .parse_tags = parse_tags});
  if (!otlp.ok() && otlp.status().message().empty()) clew::bug("a refusal without a reason");
}
