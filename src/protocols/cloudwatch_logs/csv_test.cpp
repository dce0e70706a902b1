#include "protocols/cloudwatch_logs/csv.h"

#include <gtest/gtest.h>

namespace clew::cloudwatch_logs {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records read(std::string_view text) {
  CsvReader reader(text);
  Records records;
  for (std::vector<std::string> fields; reader.next(fields);) records.push_back(fields);
  return records;
}

TEST(CsvReader, records) {
  struct Case {
    std::string_view text;
    Records records;
  };
  const Case cases[] = {
      {"", {}},
      {"\n\r\n", {}},
      {"a", {{"a"}}},
      {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"a,b\r\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"a,,", {{"a", "", ""}}},
      {",", {{"", ""}}},
      {"\"a,b\",c", {{"a,b", "c"}}},
      {"\"two\nlines\",x\ny,z", {{"two\nlines", "x"}, {"y", "z"}}},
      {"\"a \"\"word\"\"\"", {{"a \"word\""}}},
      {"\"open,to\nthe end", {{"open,to\nthe end"}}},
      {"\"a\"b,c", {{"ab", "c"}}},
      {" a , b ", {{" a ", " b "}}},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text), c.records) << c.text;
}

}  // namespace
}  // namespace clew::cloudwatch_logs
