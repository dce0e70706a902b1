#include "protocols/cloudwatch_logs/event_stream.h"

#include <array>
#include <cstdint>

namespace clew::cloudwatch_logs {
namespace {

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kTable = make_table();

// CRC-32 as zlib has it.
uint32_t checksum(std::string_view bytes) {
  uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) value = kTable[(value ^ static_cast<uint8_t>(c)) & 0xFF] ^ (value >> 8);
  return ~value;
}

void append(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

}  // namespace

std::string event_stream_frame(const FrameHeaders& headers, std::string_view payload) {
  constexpr char kText = 7;
  std::string head;
  for (const auto& [name, value] : headers) {
    append(head, name.size(), 1);
    head += name;
    head += kText;
    append(head, value.size(), 2);
    head += value;
  }
  std::string frame;
  append(frame, 16 + head.size() + payload.size(), 4);
  append(frame, head.size(), 4);
  append(frame, checksum(frame), 4);
  frame.append(head).append(payload);
  append(frame, checksum(frame), 4);
  return frame;
}

std::string event_frame(std::string_view type, std::string_view json) {
  return event_stream_frame(
      {{":message-type", "event"}, {":event-type", type}, {":content-type", "application/json"}}, json);
}

}  // namespace clew::cloudwatch_logs
