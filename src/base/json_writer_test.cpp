#include "base/json_writer.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(JsonWriter, puts_commas_between_members_and_elements_only) {
  JsonWriter json;
  json.begin_object()
      .key("a")
      .integer(1)
      .key("b")
      .begin_array()
      .integer(-2)
      .null()
      .begin_object()
      .end_object();
  json.end_array().key("c").boolean(true).end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":[-2,null,{}],"c":true})");
}

TEST(JsonWriter, strings) {
  struct Case {
    const char* situation;
    std::string_view text;
    std::string_view expected;
  };
  using namespace std::string_view_literals;
  const Case cases[] = {
      {"empty", "", R"("")"},
      {"plain", "GET /pay", R"("GET /pay")"},
      {"quotes and backslash", R"(a"b\c)", R"("a\"b\\c")"},
      {"line ends and tab", "\r\n\t", R"("\r\n\t")"},
      {"control characters, NUL and DEL too", "\0\x1f\x7f"sv, R"("\u0000\u001f\u007f")"},
      {"two, three and four bytes", "é€😀", R"("é€😀")"},
      {"line ends of JavaScript", "\u2028\u2029", R"("\u2028\u2029")"},
      {"lone continuation byte", "a\x80z", "\"a\uFFFDz\""},
      {"sequence cut off at the end", "a\xE2\x82", "\"a\uFFFD\uFFFD\""},
      {"sequence cut off by a letter", "\xE2\x82z", "\"\uFFFD\uFFFDz\""},
      {"overlong slash", "\xC0\xAF", "\"\uFFFD\uFFFD\""},
      {"surrogate", "\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},
      {"bytes that never occur", "\xFF\xFE", "\"\uFFFD\uFFFD\""},
  };
  for (const Case& c : cases) {
    std::string out;
    append_json_string(out, c.text);
    EXPECT_EQ(out, c.expected) << c.situation;
  }
}

TEST(JsonWriter, integers_that_javascript_cannot_hold_become_strings) {
  JsonWriter json;
  json.begin_array();
  json.exact_integer((int64_t{1} << 53) - 1).exact_integer(int64_t{1} << 53);
  json.exact_integer(-(int64_t{1} << 53) + 1).exact_integer(std::numeric_limits<int64_t>::min());
  json.integer(std::numeric_limits<uint64_t>::max()).integer_as_string(0).end_array();
  EXPECT_EQ(
      json.text(),
      R"([9007199254740991,"9007199254740992",-9007199254740991,"-9223372036854775808",18446744073709551615,"0"])");
}

TEST(JsonWriter, floats_read_back_as_the_same_number) {
  JsonWriter json;
  json.begin_array().number(0.1).number(-0.0).number(1e300).number(5e-324).number(3).number(NAN).number(
      INFINITY);
  json.number(-INFINITY).end_array();
  EXPECT_EQ(json.text(), R"([0.1,-0,1e+300,5e-324,3,"NaN","Infinity","-Infinity"])");
}

TEST(JsonWriter, times_come_in_both_spellings) {
  JsonWriter json;
  json.begin_object().time_members("start", UnixNanos{1'767'225'600'000'000'001}).end_object();
  EXPECT_EQ(json.text(), R"({"start":"2026-01-01T00:00:00.000000001Z","start_ns":"1767225600000000001"})");
}

}  // namespace
}  // namespace clew
