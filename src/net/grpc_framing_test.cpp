#include "net/grpc_framing.h"

#include <gtest/gtest.h>

#include "base/compression.h"

namespace clew::net {
namespace {

TEST(GrpcFraming, content_types) {
  for (const char* type : {"application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
                           "application/grpc ; x"})
    EXPECT_TRUE(is_grpc_content_type(type)) << type;
  for (const char* type :
       {"application/grpc-web", "application/grpc-web+proto", "application/json", "", "application/grpcx"})
    EXPECT_FALSE(is_grpc_content_type(type)) << type;
}

struct Outcome {
  GrpcCode code;
  std::string text;
};

Outcome decode(std::string data, std::string_view encoding = {}, size_t limit = 1000) {
  const GrpcMessage decoded = decode_grpc_message(std::move(data), encoding, limit);
  if (decoded.failure) return {decoded.failure->code, decoded.failure->why};
  return {GrpcCode::ok, std::string(decoded.message.view())};
}

TEST(GrpcFraming, messages) {
  const std::string packed = compress(Compression::gzip, "text");
  struct Case {
    const char* situation;
    std::string data;
    std::string encoding;
    GrpcCode code;
    std::string text;
  };
  const Case cases[] = {
      {"plain", encode_grpc_message("text"), "", GrpcCode::ok, "text"},
      {"empty", encode_grpc_message(""), "", GrpcCode::ok, ""},
      {"plain though gzip was announced", encode_grpc_message("text"), "gzip", GrpcCode::ok, "text"},
      {"gzip", encode_grpc_message(packed, true), "gzip", GrpcCode::ok, "text"},
      {"zstd", encode_grpc_message(compress(Compression::zstd, "text"), true), "zstd", GrpcCode::ok, "text"},
      {"compressed, but not said how", encode_grpc_message(packed, true), "", GrpcCode::internal, ""},
      {"compressed as identity", encode_grpc_message(packed, true), "identity", GrpcCode::internal, ""},
      {"an unknown encoding", encode_grpc_message(packed, true), "snappy", GrpcCode::unimplemented, ""},
      {"damaged gzip", encode_grpc_message("nonsense", true), "gzip", GrpcCode::internal, ""},
      {"a bomb", encode_grpc_message(compress(Compression::gzip, std::string(1001, 'x')), true), "gzip",
       GrpcCode::resource_exhausted, ""},
      {"at the limit", encode_grpc_message(std::string(1000, 'x')), "", GrpcCode::ok, std::string(1000, 'x')},
      {"over the limit", encode_grpc_message(std::string(1001, 'x')), "", GrpcCode::resource_exhausted, ""},
      {"no message", "", "", GrpcCode::internal, ""},
      {"half a prefix", std::string("\0\0\0", 3), "", GrpcCode::internal, ""},
      {"cut short", encode_grpc_message("text").substr(0, 8), "", GrpcCode::internal, ""},
      {"two messages", encode_grpc_message("text") + encode_grpc_message("text"), "", GrpcCode::internal, ""},
      {"a wrong flag", "\x02" + encode_grpc_message("text").substr(1), "", GrpcCode::internal, ""},
  };
  for (const Case& it : cases) {
    const Outcome outcome = decode(it.data, it.encoding);
    EXPECT_EQ(outcome.code, it.code) << it.situation << ": " << outcome.text;
    if (it.code == GrpcCode::ok) {
      EXPECT_EQ(outcome.text, it.text) << it.situation;
    } else {
      EXPECT_FALSE(outcome.text.empty()) << it.situation;
    }
  }
}

TEST(GrpcFraming, timeouts) {
  EXPECT_EQ(parse_grpc_timeout("10S"), seconds(10));
  EXPECT_EQ(parse_grpc_timeout("1H"), hours(1));
  EXPECT_EQ(parse_grpc_timeout("2M"), seconds(120));
  EXPECT_EQ(parse_grpc_timeout("500m"), milliseconds(500));
  EXPECT_EQ(parse_grpc_timeout("7u"), Nanoseconds{7000});
  EXPECT_EQ(parse_grpc_timeout("7n"), Nanoseconds{7});
  EXPECT_TRUE(parse_grpc_timeout("99999999H").has_value());
  for (const char* bad : {"", "1", "S", "-1S", "1s", "1.5S", "123456789S", " 1S", "1 S"})
    EXPECT_EQ(parse_grpc_timeout(bad), std::nullopt) << bad;
  for (const Nanoseconds timeout : {Nanoseconds{1}, milliseconds(1), seconds(10), hours(30), days(300)}) {
    const auto back = parse_grpc_timeout(format_grpc_timeout(timeout));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, timeout);
  }
}

TEST(GrpcFraming, texts) {
  EXPECT_EQ(encode_grpc_text("unknown API key - check \"it\""), "unknown API key - check \"it\"");
  EXPECT_EQ(encode_grpc_text("100%\n\xc3\xa9"), "100%25%0A%C3%A9");
  for (const std::string& text : {std::string("a%b"), std::string("\0\x7f\xff", 3), std::string("plain")})
    EXPECT_EQ(decode_grpc_text(encode_grpc_text(text)), text);
  EXPECT_EQ(decode_grpc_text("50% of %zz %4"), "50% of %zz %4");
}

TEST(GrpcFraming, base64) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg");
  EXPECT_EQ(encode_base64("fo"), "Zm8");
  EXPECT_EQ(encode_base64("foo"), "Zm9v");
  EXPECT_EQ(encode_base64("\xff\xfe\xfd\xfc"), "//79/A");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm8"), "fo");
  EXPECT_EQ(decode_base64("Zm9v!"), std::nullopt);
}

}  // namespace
}  // namespace clew::net
