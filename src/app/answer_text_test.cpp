#include "app/answer_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kRange = R"("range":{"from":"2026-03-01T00:00:00Z","to":"2026-03-01T01:00:00Z"})";

std::string answer(const std::string& members) {
  return std::string("{") + kRange + "," + members +
         R"(,"partial":false,"cost":{"rows_scanned":9,"rows_matched":4,"elapsed_ms":1.5}})";
}

TEST(AnswerText, CellsAreWrittenByTheTypeOfTheirColumn) {
  struct Case {
    const char *type, *value, *cell;
  };
  for (const Case& c :
       {Case{"string", "\"a\\u001bb\"", "a\\x1bb"}, Case{"int64", "7", "7"},
        Case{"int64", "\"9223372036854775807\"", "9223372036854775807"}, Case{"float64", "0.5", "0.5"},
        Case{"float64", "1234.5678", "1234.6"}, Case{"float64", "12.0", "12"},
        Case{"float64", "0.00012345", "0.000123"}, Case{"float64", "\"NaN\"", "NaN"},
        Case{"boolean", "true", "true"}, Case{"string", "null", ""},
        Case{"time", "\"1772323200000000001\"", "2026-03-01T00:00:00.000000001Z"},
        Case{"duration", "1500000", "1.50 ms"}}) {
    const auto text =
        answer_as_text(answer(std::string(R"("columns":[{"name":"x","type":")") + c.type +
                              R"(","role":"raw"},{"name":"y","type":"string","role":"raw"}],"rows":[[)" +
                              c.value + R"(,"|"]],"total_rows":1,"series":null)"));
    ASSERT_TRUE(text.ok()) << text.status().to_string();
    const std::string line = text->table.substr(text->table.find('\n') + 1);
    EXPECT_THAT(line, HasSubstr(std::string(c.cell) + "  |")) << line;
  }
}

TEST(AnswerText, ASeriesIsDrawnBesideItsRow) {
  const auto text = answer_as_text(answer(
      R"("columns":[{"name":"name","type":"string","role":"group"},{"name":"COUNT","type":"int64","role":"calculation"}],)"
      R"("rows":[["a",8],["b",1]],"total_rows":5,)"
      R"("series":{"start":"","start_ns":"0","step_ns":600000000000,"steps":3,"lines":[)"
      R"({"row":-1,"column":1,"values":[9,9,9]},{"row":0,"column":1,"values":[0,7,1]},{"row":1,"column":1,"values":[null,null,1]}]})"));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->table,
            "name  COUNT  COUNT every 10 min\n"
            "a         8  ▁█▂\n"
            "b         1  ▁▁█\n");
  EXPECT_THAT(text->notes, ElementsAre("the first 2 of 5 rows; LIMIT in the question changes that"));
  EXPECT_EQ(text->cost, "2 rows, 4 of 9 scanned match, 1.50 ms");
}

TEST(AnswerText, NothingFoundSaysWhereItLooked) {
  const auto text = answer_as_text(answer(
      R"("columns":[{"name":"name","type":"string","role":"group"}],"rows":[],"total_rows":0,"series":null,"notes":["No data has a column x"])"));
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(text->notes, ElementsAre("No data has a column x",
                                       "nothing matches between 2026-03-01T00:00:00Z and "
                                       "2026-03-01T01:00:00Z; --from 30d looks further back"));
}

TEST(AnswerText, WhatIsNoAnswerIsRefused) {
  for (const char* json : {"", "[]", "{}", "{\"columns\":1,\"rows\":[]}", "not json"})
    EXPECT_FALSE(answer_as_text(json).ok()) << json;
}

TEST(AnswerText, AnErrorPointsIntoTheQuestion) {
  const Status at = error_of_answer(
      400, R"({"error":"what?","kind":"bad_input","field":"query","position":6})", "COUNT CUONT");
  EXPECT_EQ(at.kind(), ErrorKind::bad_input);
  EXPECT_EQ(at.message(), "what?\n  COUNT CUONT\n        ^");
  const Status shown =
      error_of_answer(400, R"({"error":"what?\n  x\n  ^","kind":"bad_input","position":0})", "x");
  EXPECT_EQ(shown.message(), "what?\n  x\n  ^");
  const Status beyond = error_of_answer(400, R"({"error":"what?","kind":"bad_input","position":99})", "x");
  EXPECT_EQ(beyond.message(), "what?");
  const Status other = error_of_answer(502, "<html>\x1b[2J", "x");
  EXPECT_EQ(other.message(), "the server answered 502: <html>\\x1b[2J");
  EXPECT_EQ(error_of_answer(503, R"({"error":"busy","kind":"exhausted"})", "x").kind(),
            ErrorKind::unavailable);
}

}  // namespace
}  // namespace clew::app
