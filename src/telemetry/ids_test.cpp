#include "telemetry/ids.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

constexpr const char* kHex = "4bf92f3577b34da6a3ce929d0e0e4736";

struct SpellingCase {
  const char* what;
  std::string text;
  std::string expected;
};

class TraceIdSpelling : public testing::TestWithParam<SpellingCase> {};

TEST_P(TraceIdSpelling, IsUnderstood) {
  const auto id = parse_trace_id(GetParam().text);
  ASSERT_TRUE(id.has_value()) << GetParam().text;
  EXPECT_EQ(id->to_hex(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, TraceIdSpelling,
    testing::Values(SpellingCase{"hex", kHex, kHex},
                    SpellingCase{"upper", "4BF92F3577B34DA6A3CE929D0E0E4736", kHex},
                    SpellingCase{"spaces", "  4bf92f3577b34da6a3ce929d0e0e4736\n", kHex},
                    SpellingCase{"quotes", "\"4bf92f3577b34da6a3ce929d0e0e4736\"", kHex},
                    SpellingCase{"uuid", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", kHex},
                    SpellingCase{"xray", "1-4bf92f35-77b34da6a3ce929d0e0e4736", kHex},
                    SpellingCase{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                 kHex},
                    SpellingCase{"zipkin", "a3ce929d0e0e4736", "0000000000000000a3ce929d0e0e4736"},
                    SpellingCase{"base64", "S/kvNXezTaajzpKdDg5HNg==", kHex},
                    SpellingCase{"base64url", "S_kvNXezTaajzpKdDg5HNg", kHex}),
    [](const auto& tested) { return std::string(tested.param.what); });

TEST(ParseTraceId, RefusesEverythingElse) {
  for (const char* text :
       {"", "   ", "\"\"", "4bf92f3577b34da6a3ce929d0e0e473", "4bf92f3577b34da6a3ce929d0e0e47366",
        "4bf92f3577b34da6a3ce929d0e0e473g", "1-", "1-zzz", "hello",
        "S/kvNXezTaajzpKdDg5H!g==", "S/kvNXezTaajzpKdDg5H", "00-4bf92f3577b34da6a3ce929d0e0e4736"}) {
    EXPECT_FALSE(parse_trace_id(text).has_value()) << text;
  }
}

TEST(TraceId, BytesMustBeSixteen) {
  EXPECT_TRUE(TraceId::from_bytes(std::string(16, '\x01')).has_value());
  for (const size_t size : {0, 1, 8, 15, 17, 32})
    EXPECT_FALSE(TraceId::from_bytes(std::string(size, '\x01')));
}

TEST(TraceId, ZeroIsToldApart) {
  EXPECT_TRUE(TraceId{}.is_zero());
  EXPECT_TRUE(TraceId::from_bytes(std::string(16, '\0'))->is_zero());
  EXPECT_FALSE(parse_trace_id(kHex)->is_zero());
}

TEST(TraceId, ViewIsTheRawBytes) {
  const std::string raw = "0123456789abcdef";
  EXPECT_EQ(TraceId::from_bytes(raw)->view(), raw);
}

TEST(SpanId, HexGoesThereAndBack) {
  EXPECT_EQ(SpanId::from_hex("00f067AA0ba902b7")->to_hex(), "00f067aa0ba902b7");
  for (const char* text :
       {"", "00f067aa0ba902b", "00f067aa0ba902b70", "00f067aa0ba902bx", "+0f067aa0ba902b7"}) {
    EXPECT_FALSE(SpanId::from_hex(text).has_value()) << text;
  }
}

TEST(SpanId, BytesMustBeEight) {
  EXPECT_EQ(SpanId::from_bytes("\x00\xf0\x67\xaa\x0b\xa9\x02"), std::nullopt);
  EXPECT_EQ(SpanId::from_bytes(std::string("\x00\xf0\x67\xaa\x0b\xa9\x02\xb7", 8))->to_hex(),
            "00f067aa0ba902b7");
}

TEST(Ids, OrderIsThatOfTheirBytes) {
  EXPECT_LT(*SpanId::from_hex("00f067aa0ba902b7"), *SpanId::from_hex("01f067aa0ba902b7"));
  EXPECT_LT(*SpanId::from_hex("7f00000000000000"), *SpanId::from_hex("8000000000000000"));
}

}  // namespace
}  // namespace clew
