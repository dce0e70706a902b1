#include "protocols/honeycomb/msgpack.h"

#include <gtest/gtest.h>

namespace clew::honeycomb {
namespace {

using namespace std::literals;

TEST(Msgpack, EveryKindOfValue) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\xc0"s, "null"},
      {"\xc2"s, "false"},
      {"\xc3"s, "true"},
      {"\x7f"s, "127"},
      {"\xff"s, "-1"},
      {"\xcc\xff"s, "255"},
      {"\xcd\x01\x00"s, "256"},
      {"\xce\x00\x01\x00\x00"s, "65536"},
      {"\xcf\x00\x00\x00\x01\x00\x00\x00\x00"s, "4294967296"},
      {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s, "18446744073709551615"},
      {"\xd0\x80"s, "-128"},
      {"\xd1\x80\x00"s, "-32768"},
      {"\xd2\x80\x00\x00\x00"s, "-2147483648"},
      {"\xd3\xff\xff\xff\xff\xff\xff\xff\xfe"s, "-2"},
      {"\xca\x3f\x00\x00\x00"s, "0.5"},
      {"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"s, "1.5"},
      {"\xa2hi"s, "\"hi\""},
      {"\xd9\x02hi"s, "\"hi\""},
      {"\xda\x00\x02hi"s, "\"hi\""},
      {"\xdb\x00\x00\x00\x02hi"s, "\"hi\""},
      {"\xc4\x02hi"s, "\"aGk=\""},
      {"\x92\x01\x02"s, "[1,2]"},
      {"\xdc\x00\x01\x01"s, "[1]"},
      {"\xdd\x00\x00\x00\x01\x01"s, "[1]"},
      {"\x81\xa1"
       "a\x01"s,
       "{\"a\":1}"},
      {"\xde\x00\x01\xa1"
       "a\x01"s,
       "{\"a\":1}"},
      {"\xdf\x00\x00\x00\x01\x05\xc3"s, "{\"5\":true}"},
      {"\x82\xa1"
       "a\x01\xa1"
       "a\x02"s,
       "{\"a\":2}"},
      {"\xd6\xff\x00\x00\x00\x01"s, "\"1970-01-01T00:00:01Z\""},
      {"\xd7\xff\x00\x00\x00\x04\x00\x00\x00\x01"s, "\"1970-01-01T00:00:01.000000001Z\""},
      {"\xc7\x0c\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02"s, "\"1970-01-01T00:00:02.000000001Z\""},
      {"\xd4\x05\x00"s, "null"},
  };
  for (const auto& [bytes, json] : cases) {
    const Result<JsonValue> read = parse_msgpack(bytes);
    ASSERT_TRUE(read.ok()) << json;
    EXPECT_EQ(read->text(), json);
    for (size_t cut = 0; cut < bytes.size(); ++cut)
      EXPECT_FALSE(parse_msgpack(std::string_view(bytes).substr(0, cut)).ok()) << json << " cut at " << cut;
    EXPECT_FALSE(parse_msgpack(bytes + "\xc0").ok()) << json << " and something more";
  }
}

TEST(Msgpack, WhatCannotBeIsRefused) {
  EXPECT_FALSE(parse_msgpack("\xc1").ok());                  // never used
  EXPECT_FALSE(parse_msgpack("\xdd\xff\xff\xff\xff").ok());  // four billion elements, none of which follow
  EXPECT_FALSE(parse_msgpack("\xdf\xff\xff\xff\xff\x01\x01").ok());
  EXPECT_FALSE(parse_msgpack(std::string(1000, '\x91') + '\x01').ok());  // too deep
  EXPECT_TRUE(parse_msgpack(std::string(64, '\x91') + '\x01').ok());
}

}  // namespace
}  // namespace clew::honeycomb
