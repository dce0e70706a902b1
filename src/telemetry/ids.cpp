#include "telemetry/ids.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/hex.h"

namespace clew {
namespace {

// Fills `out` from exactly twice as many hex digits.
bool unhex(std::string_view hex, uint8_t* out, size_t size) {
  if (hex.size() != size * 2) return false;
  for (size_t i = 0; i < size; ++i) {
    const int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

std::optional<TraceId> from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() != 22) return std::nullopt;
  TraceId id;
  uint32_t bits = 0;
  int pending = 0;
  size_t at = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    pending += 6;
    if (pending >= 8 && at < id.bytes.size()) {
      pending -= 8;
      id.bytes[at++] = static_cast<uint8_t>(bits >> pending);
    }
  }
  return id;
}

}  // namespace

std::optional<TraceId> TraceId::from_bytes(std::string_view raw) {
  TraceId id;
  if (raw.size() != id.bytes.size()) return std::nullopt;
  std::memcpy(id.bytes.data(), raw.data(), raw.size());
  return id;
}

std::string TraceId::to_hex() const {
  return hex_of(view());
}

std::optional<SpanId> SpanId::from_bytes(std::string_view raw) {
  SpanId id;
  if (raw.size() != id.bytes.size()) return std::nullopt;
  std::memcpy(id.bytes.data(), raw.data(), raw.size());
  return id;
}

std::optional<SpanId> SpanId::from_hex(std::string_view hex) {
  SpanId id;
  if (!unhex(hex, id.bytes.data(), id.bytes.size())) return std::nullopt;
  return id;
}

std::string SpanId::to_hex() const {
  return hex_of(view());
}

std::optional<TraceId> parse_trace_id(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\"'";
  text = trimmed(text, kSpaces);
  TraceId id;
  // traceparent: version-traceid-spanid-flags
  if (text.size() == 55 && text[2] == '-' && text[35] == '-' && text[52] == '-') {
    if (unhex(text.substr(3, 32), id.bytes.data(), id.bytes.size())) return id;
  }
  if (text.starts_with("1-") && text.size() == 35) text.remove_prefix(2);  // X-Ray
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
  if (unhex(digits, id.bytes.data(), id.bytes.size())) return id;
  // 64-bit ids (Zipkin, Jaeger) are the low half.
  if (unhex(digits, id.bytes.data() + 8, 8)) return id;
  return from_base64(text);
}

}  // namespace clew
