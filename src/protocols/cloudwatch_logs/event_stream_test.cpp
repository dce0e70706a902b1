#include "protocols/cloudwatch_logs/event_stream.h"

#include <gtest/gtest.h>

namespace clew::cloudwatch_logs {
namespace {

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
    hex += "0123456789abcdef"[static_cast<uint8_t>(c) & 15];
  }
  return hex;
}

TEST(EventStream, an_empty_frame_is_its_lengths_and_checksums) {
  EXPECT_EQ(hex_of(event_stream_frame({}, "")), "000000100000000005c248eb7d98c8ff");
}

TEST(EventStream, lengths_count_all) {
  const std::string frame = event_stream_frame({{"a", "bc"}}, "{}");
  EXPECT_EQ(frame.size(), 16 + 7 + 2U);
  EXPECT_EQ(hex_of(frame.substr(0, 8)), "0000001900000007");
  EXPECT_EQ(frame.substr(12, 8), std::string("\x01"
                                             "a"
                                             "\x07\x00\x02"
                                             "bc{",
                                             8));
}

}  // namespace
}  // namespace clew::cloudwatch_logs
