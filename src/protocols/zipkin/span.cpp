#include "protocols/zipkin/span.h"

#include "base/hex.h"

namespace clew::zipkin {
namespace {

// The digits fill `bytes` from its end. False when one is none, or there are too many.
template <size_t size>
bool fill(std::string_view hex, std::array<uint8_t, size>& bytes) {
  if (hex.empty() || hex.size() > 2 * size) return false;
  size_t at = size;
  bool low = true;
  for (size_t i = hex.size(); i > 0; --i) {
    const int digit = hex_digit(hex[i - 1]);
    if (digit < 0) return false;
    if (low) --at;
    bytes[at] = static_cast<uint8_t>(bytes[at] | (low ? digit : digit << 4));
    low = !low;
  }
  return true;
}

}  // namespace

TraceId read_trace_id(std::string_view hex) {
  TraceId id;
  return fill(hex, id.bytes) ? id : TraceId();
}

SpanId read_span_id(std::string_view hex) {
  SpanId id;
  if (hex.size() > 16 && hex.size() <= 32) hex.remove_prefix(hex.size() - 16);
  return fill(hex, id.bytes) ? id : SpanId();
}

}  // namespace clew::zipkin
