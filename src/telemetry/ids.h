// The ids of a trace and of a span, and the many ways in which people write them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew {

struct TraceId {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const TraceId&) const = default;
  bool is_zero() const { return *this == TraceId{}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  // 16 raw bytes; nothing for any other length.
  static std::optional<TraceId> from_bytes(std::string_view raw);
  // 32 lower-case hex digits.
  std::string to_hex() const;
};

struct SpanId {
  std::array<uint8_t, 8> bytes{};
  auto operator<=>(const SpanId&) const = default;
  bool is_zero() const { return *this == SpanId{}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static std::optional<SpanId> from_bytes(std::string_view raw);
  static std::optional<SpanId> from_hex(std::string_view hex);
  std::string to_hex() const;
};

// Any spelling a person may paste: 32 or 16 hex digits in either case, with dashes (UUID), X-Ray's
// 1-5759e988-…, base64 of 16 bytes, a whole traceparent header. Spaces around it are ignored.
std::optional<TraceId> parse_trace_id(std::string_view text);

}  // namespace clew
