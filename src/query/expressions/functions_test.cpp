// A table of cases for every function: expression, the row it is computed for, what it gives.
#include "query/expressions/functions.h"

#include <set>

#include <gtest/gtest.h>

#include "query/run.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

constexpr int64_t kTime = 1'500'549'764'888'000'000;  // 2017-07-20T11:22:44.888Z

TableRow one_row() {
  return {at_time(kTime),
          intrinsic("duration_ns", store::ColumnType::duration, int64_t{250'000'000}),
          intrinsic("trace.span_id", store::ColumnType::span_id, std::string("\1\2\3\4\5\6\7\x8f")),
          attribute("int", int64_t{7}),
          attribute("float", 2.5),
          attribute("zero", int64_t{0}),
          attribute("text", std::string("Hello World")),
          attribute("empty", std::string()),
          attribute("digits", std::string("12.5")),
          attribute("yes", true),
          attribute("no", false),
          attribute("word.true", std::string("true")),
          attribute("url", std::string("/api/v2/users/42/orders/7")),
          attribute("at", std::string("2017-07-20T11:22:44.888Z")),
          attribute("accent", std::string("ÀÉÎ Ωμέγα ЖУК")),
          attribute("with space", int64_t{3}),
          resource("service.name", std::string("shop"))};
}

// As results show it; texts in quotes, so that "5" and 5 are told apart.
std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return '"' + *text + '"';
  return to_text(value);
}

std::string computed(const std::string& expression, const TableRow& row, const Layout& layout = {}) {
  Plan plan;
  plan.rows = RowsWanted{.columns = {{"result", {}}}};
  plan.fields = {{"result", expression}};
  // Beside a row that has nothing.
  Result<ResultTable> table = run(plan, snapshot_of({{at_time(0)}, row}, layout));
  if (!table.ok()) return "error: " + std::string(table.status().message());
  return shown(table->columns[0].values[0]);
}

struct Case {
  const char* expression;
  const char* result;
};

constexpr Case kCases[] = {
    // Literals and columns.
    {"1", "1"},
    {"-3", "-3"},
    {"12.02", "12.02"},
    {".5", "0.5"},
    {"4e+2", "400"},
    {"4e-2", "0.04"},
    {"9223372036854775807", "9223372036854775807"},
    {"true", "true"},
    {"false", "false"},
    {"null", "null"},
    {"\"a string\"", "\"a string\""},
    {"`raw \\d`", "\"raw \\d\""},
    {R"("\x41\u00e9\101\"\\")",
     "\"Aé"
     "A\"\\\""},
    {"$int", "7"},
    {"$float", "2.5"},
    {"$text", "\"Hello World\""},
    {"$\"with space\"", "3"},
    {"$`with space`", "3"},
    {"$service.name", "\"shop\""},
    {"$duration_ms", "250"},
    {"$duration_ns", "250000000"},
    {"$trace.span_id", "\"010203040506078f\""},
    {"$time", "2017-07-20T11:22:44.888Z"},
    {"$absent", "null"},
    // IF
    {"IF(true, 1, 2)", "1"},
    {"IF(false, 1, 2)", "2"},
    {"IF(false, 1)", "null"},
    {"IF($absent, 1, 2)", "2"},
    {"IF($int, \"set\", \"unset\")", "\"set\""},
    {"IF($zero, \"set\", \"unset\")", "\"unset\""},
    {"IF($word.true, 1, 2)", "1"},
    {"IF($text, 1, 2)", "2"},
    {"IF(0.5, 1, 2)", "1"},
    {"IF($no, 1, $yes, 2, 3)", "2"},
    {"IF($no, 1, $no, 2, 3)", "3"},
    {"IF($no, 1, $no, 2)", "null"},
    {"IF(GTE($duration_ms, 100), \"slow\", \"fast\",)", "\"slow\""},
    // SWITCH
    {"SWITCH($text, \"a\", 1, \"Hello World\", 2)", "2"},
    {"SWITCH($text, \"a\", 1, \"b\", 2)", "null"},
    {"SWITCH($text, \"a\", 1, \"else\")", "\"else\""},
    {"SWITCH($int, \"7\", 1, 2)", "2"},
    {"SWITCH($absent, \"\", 1, 2)", "2"},
    {"SWITCH($empty, \"\", 1, 2)", "1"},
    // COALESCE
    {"COALESCE($absent, $int)", "7"},
    {"COALESCE($absent, $empty, $float)", "2.5"},
    {"COALESCE($no, $int)", "false"},
    {"COALESCE($zero, $int)", "0"},
    {"COALESCE($absent, null)", "null"},
    // LT, LTE, GT, GTE
    {"LT(1, 2)", "true"},
    {"LT(2, 2)", "false"},
    {"LT($float, $int)", "true"},
    {"LT(\"a\", \"b\")", "true"},
    {"LT(1, \"2\")", "false"},
    {"LT($absent, 1)", "false"},
    {"LT(false, true)", "false"},
    {"LTE(2, 2)", "true"},
    {"LTE(2, 1.5)", "false"},
    {"LTE($absent, $absent)", "false"},
    {"GT(3, 2)", "true"},
    {"GT(\"b\", \"a\")", "true"},
    {"GT(\"3\", 2)", "false"},
    {"GT($absent, 1)", "false"},
    {"LTE(\"a\", 2)", "false"},
    {"GTE($text, 2)", "false"},
    {"GTE(2, 2.0)", "true"},
    {"GTE(1, $absent)", "false"},
    {"GTE(\"a\", \"a\")", "true"},
    {"LT(9007199254740992, 9007199254740993)", "true"},
    // EQUALS and IN
    {"EQUALS($int, 7)", "true"},
    {"EQUALS($int, 7.0)", "true"},
    {"EQUALS($int, \"7\")", "false"},
    {"EQUALS($yes, true)", "true"},
    {"EQUALS($yes, \"true\")", "false"},
    {"EQUALS($yes, 1)", "false"},
    {"EQUALS($absent, null)", "true"},
    {"EQUALS($empty, null)", "false"},
    {"EQUALS($text, \"hello world\")", "false"},
    {"IN($int, 1, 7)", "true"},
    {"IN($int, 1, \"7\")", "false"},
    {"IN($text, \"x\", \"Hello World\")", "true"},
    {"IN($absent, 1)", "false"},
    {"IN($absent, null)", "true"},
    // EXISTS, NOT, AND, OR
    {"EXISTS($int)", "true"},
    {"EXISTS($empty)", "true"},
    {"EXISTS($absent)", "false"},
    {"HAS_VALUE($no)", "true"},
    {"HAS_VALUE($absent)", "false"},
    {"NOT($yes)", "false"},
    {"NOT($absent)", "true"},
    {"NOT($zero)", "true"},
    {"NOT(\"true\")", "false"},
    {"NOT(\"yes\")", "true"},
    {"AND($yes, 1, \"true\")", "true"},
    {"AND($yes, $absent)", "false"},
    {"AND($yes)", "true"},
    {"OR($no, $absent, 0)", "false"},
    {"OR($no, 2)", "true"},
    {"OR($text, $absent)", "false"},
    {"AND($yes, $text)", "false"},
    // SUM, SUB, MUL, DIV, MOD
    {"SUM(1.0, 5, \"2.3\")", "8.3"},
    {"SUM($int, $absent, $text, $yes)", "7"},
    {"SUM($digits, $float)", "15"},
    {"SUB($int, 2)", "5"},
    {"SUB($absent, 2)", "-2"},
    {"SUB($digits, \"x\")", "12.5"},
    {"SUB($text, 2)", "-2"},
    {"MUL($int, $float)", "17.5"},
    {"MUL(2, 3, 4)", "24"},
    {"MUL(2, $absent)", "0"},
    {"MUL(2, $text)", "0"},
    {"DIV($int, 2)", "3.5"},
    {"DIV($int, 0)", "null"},
    {"DIV($int, $absent)", "null"},
    {"DIV(\"10\", \"4\")", "2.5"},
    {"MOD($int, 4)", "3"},
    {"MOD(-7, 4)", "-3"},
    {"MOD(7.5, 2)", "1.5"},
    {"MOD($int, 0)", "null"},
    {"MOD($int, $text)", "null"},
    {"MOD($absent, 4)", "0"},
    {"DIV($absent, 2)", "0"},
    // MIN, MAX: of the type of the first that is there
    {"MIN(3, 1.5, 2)", "1.5"},
    {"MIN($absent, \"\", 3, \"a\", 2)", "2"},
    {"MIN(\"b\", \"a\", 1)", "\"a\""},
    {"MIN($absent)", "null"},
    {"MAX(3, 1.5, 2)", "3"},
    {"MAX($int, $float, \"z\")", "7"},
    {"MAX(\"b\", \"a\", 9)", "\"b\""},
    {"MAX($absent)", "null"},
    {"MAX($absent, $int)", "7"},
    {"MAX(1, DIV($int, 0))", "1"},
    // LOG10
    {"LOG10(1000)", "3"},
    {"LOG10(0)", "null"},
    {"LOG10(-1)", "null"},
    {"LOG10($absent)", "null"},
    {"LOG10(\"100\")", "2"},
    {"LOG10($text)", "null"},
    // BUCKET
    {"BUCKET(120, 50)", "\"100 - 150\""},
    {"BUCKET(100, 50)", "\"100 - 150\""},
    {"BUCKET(-1, 50)", "\"-50 - 0\""},
    {"BUCKET(0.3, 0.25)", "\"0.25 - 0.5\""},
    {"BUCKET($duration_ms, 100, 0, 1000)", "\"200 - 300\""},
    {"BUCKET(-5, 100, 0, 1000)", "\"< 0\""},
    {"BUCKET(1001, 100, 0, 1000)", "\"> 1000\""},
    {"BUCKET(1000, 100, 0, 1000)", "\"900 - 1000\""},
    {"BUCKET(240, 100, 0, 250)", "\"200 - 250\""},
    {"BUCKET(17, 10, 5, 35)", "\"15 - 25\""},
    {"BUCKET($absent, 10)", "null"},
    {"BUCKET($text, 10)", "null"},
    // INT, FLOAT, BOOL, STRING
    {"INT(2.9)", "2"},
    {"INT(-2.9)", "-2"},
    {"INT($digits)", "12"},
    {"INT($text)", "0"},
    {"INT($absent)", "0"},
    {"INT($yes)", "1"},
    {"INT(1e300)", "9223372036854775807"},
    {"FLOAT($int)", "7"},
    {"FLOAT($digits)", "12.5"},
    {"FLOAT(\"x\")", "0"},
    {"FLOAT($no)", "0"},
    {"FLOAT($absent)", "0"},
    {"BOOL($int)", "true"},
    {"BOOL($zero)", "false"},
    {"BOOL(\"true\")", "true"},
    {"BOOL(\"yes\")", "false"},
    {"BOOL($absent)", "false"},
    {"STRING($int)", "\"7\""},
    {"STRING($float)", "\"2.5\""},
    {"STRING($yes)", "\"true\""},
    {"STRING($absent)", "\"\""},
    // CONCAT, STARTS_WITH, ENDS_WITH, CONTAINS, TO_LOWER, LENGTH
    {"CONCAT($service.name, \"-\", $int)", "\"shop-7\""},
    {"CONCAT($absent, \"a\", $yes, 0.5)", "\"atrue0.5\""},
    {"CONCAT($absent)", "\"\""},
    {"STARTS_WITH($text, \"Hello\")", "true"},
    {"STARTS_WITH($text, \"hello\")", "false"},
    {"STARTS_WITH($int, \"7\")", "false"},
    {"STARTS_WITH($text, $absent)", "false"},
    {"PREFIX($text, \"\")", "true"},
    {"ENDS_WITH($text, \"World\")", "true"},
    {"ENDS_WITH($absent, \"\")", "false"},
    {"ENDS_WITH($int, \"7\")", "false"},
    {"SUFFIX($text, \"x\")", "false"},
    {"CONTAINS($text, \"lo W\")", "true"},
    {"CONTAINS($text, \"\")", "true"},
    {"CONTAINS($text, \"LO\")", "false"},
    {"CONTAINS($int, 7)", "false"},
    {"CONTAINS($absent, \"\")", "false"},
    {"STARTS_WITH($absent, \"\")", "false"},
    {"TO_LOWER($text)", "\"hello world\""},
    {"TO_LOWER($accent)", "\"àéî ωμέγα жук\""},
    {"TO_LOWER($int)", "null"},
    {"TO_LOWER($absent)", "null"},
    {"TO_LOWER($empty)", "\"\""},
    {"LENGTH($text)", "11"},
    {"LENGTH($accent)", "24"},
    {"LENGTH($accent, \"bytes\")", "24"},
    {"LENGTH($accent, \"chars\")", "13"},
    {"LENGTH($empty)", "0"},
    {"LENGTH($int)", "null"},
    {"LENGTH($absent)", "null"},
    // REG_MATCH, REG_VALUE, REG_COUNT
    {"REG_MATCH($url, `^/api/v\\d+/`)", "true"},
    {"REG_MATCH($url, \"users$\")", "false"},
    {"REG_MATCH($absent, `.*`)", "false"},
    {"REG_MATCH($int, `7`)", "false"},
    {"REG_VALUE($url, `/users/(\\d+)`)", "\"42\""},
    {"REG_VALUE($url, `/v\\d`)", "\"/v2\""},
    {"REG_VALUE($url, `(x)?/api`)", "\"\""},
    {"REG_VALUE($url, `nothing`)", "null"},
    {"REG_VALUE($int, `7`)", "null"},
    {"REG_VALUE($absent, `a`)", "null"},
    {"REG_COUNT($url, `\\d+`)", "3"},
    {"REG_COUNT($url, `nothing`)", "0"},
    {"REG_COUNT(\"abc\", ``)", "4"},
    {"REG_COUNT($absent, `a`)", "0"},
    {"REG_COUNT($int, `7`)", "0"},
    // UNIX_TIMESTAMP, EVENT_TIMESTAMP, INGEST_TIMESTAMP, FORMAT_TIME
    {"UNIX_TIMESTAMP($at)", "1500549764.888"},
    {"UNIX_TIMESTAMP($time)", "1500549764.888"},
    {"UNIX_TIMESTAMP(\"2017-07-20T13:22:44+02:00\")", "1500549764"},
    {"UNIX_TIMESTAMP(\"yesterday\")", "null"},
    {"UNIX_TIMESTAMP(\"now\")", "null"},
    {"UNIX_TIMESTAMP($absent)", "null"},
    {"UNIX_TIMESTAMP($int)", "null"},
    {"EVENT_TIMESTAMP()", "1500549764.888"},
    {"INGEST_TIMESTAMP()", "1500549764.888"},
    {"SUB(EVENT_TIMESTAMP(), UNIX_TIMESTAMP($at))", "0"},
    {"FORMAT_TIME(\"%Y-%m-%d %H:%M:%S\", EVENT_TIMESTAMP())", "\"2017-07-20 11:22:44\""},
    {"FORMAT_TIME(\"%A\", 0)", "\"Thursday\""},
    {"FORMAT_TIME(\"%H\", $time)", "\"11\""},
    {"FORMAT_TIME(\"\", 0)", "\"\""},
    {"FORMAT_TIME(\"%Y\", -1)", "\"1969\""},
    {"FORMAT_TIME(\"%Y\", 1e300)", "null"},
    {"FORMAT_TIME(\"%Y\", $absent)", "null"},
    // METRO_HASH
    {"METRO_HASH(\"a\") = METRO_HASH(\"a\")", "true"},
    {"METRO_HASH(\"a\") = METRO_HASH(\"b\")", "false"},
    {"METRO_HASH(7) = METRO_HASH(\"7\")", "true"},
    {"METRO_HASH(\"a\", \"b\") = METRO_HASH(\"ab\")", "false"},
    {"GTE(MOD(METRO_HASH($text), 100), 0)", "true"},
    // Between two values.
    {"1 + 2 * 3", "7"},
    {"(1 + 2) * 3", "9"},
    {"10 - 2 - 3", "5"},
    {"10 - 2 + 3", "11"},
    {"10 / 4", "2.5"},
    {"10 % 4", "2"},
    {"2 * 3 % 4", "2"},
    {"$int -3", "4"},
    {"$int - -3", "10"},
    {"-$int", "-7"},
    {"- (1 + 2)", "-3"},
    {"$int > 5 AND $float <= 2.5", "true"},
    {"$int < 5 OR $text = \"Hello World\"", "true"},
    {"true OR true AND false", "true"},
    {"(true OR true) AND false", "false"},
    {"!$yes OR $yes", "true"},
    {"!($yes OR $no)", "false"},
    {"!IN($text, \"a\", \"b\") AND EXISTS($int)", "true"},
    {"$int != 8", "true"},
    {"$int = 7 = true", "true"},
    {"$absent != 5", "true"},
    {"1 < 2 = true", "true"},
    {"AND($yes, $no) OR OR($yes, $no)", "true"},
    {"$int + \"2\"", "9"},
    {"IF($int >= 5, $int * 2, 0) + 1", "15"},
};

TEST(Functions, each_gives_what_it_should) {
  for (const Case& c : kCases) EXPECT_EQ(computed(c.expression, one_row()), c.result) << c.expression;
}

TEST(Functions, however_texts_are_kept) {
  for (const StringLayout strings :
       {StringLayout::granule_dictionary, StringLayout::plain, StringLayout::adjacent_plain}) {
    for (const Case& c : kCases)
      EXPECT_EQ(computed(c.expression, one_row(), {.strings = strings}), c.result) << c.expression;
  }
}

TEST(Functions, none_is_without_a_case) {
  std::set<std::string> called;
  for (const Case& c : kCases) {
    for (const FunctionInfo& info : all_functions()) {
      if (std::string(c.expression).find(std::string(info.name) + "(") != std::string::npos)
        called.emplace(info.name);
    }
  }
  for (const FunctionInfo& info : all_functions())
    EXPECT_TRUE(called.contains(std::string(info.name))) << info.name;
}

TEST(Functions, a_row_without_anything_is_no_problem) {
  for (const Case& c : kCases) {
    const std::string result = computed(c.expression, {at_time(5)});
    EXPECT_FALSE(result.starts_with("error")) << c.expression << ": " << result;
  }
}

}  // namespace
}  // namespace clew::query::testing
