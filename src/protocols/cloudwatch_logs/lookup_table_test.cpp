#include "protocols/cloudwatch_logs/lookup_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::cloudwatch_logs {
namespace {

using ::testing::HasSubstr;

TEST(LookupTable, what_is_no_table_is_told) {
  struct Case {
    std::string_view csv;
    std::string_view told;
  };
  const Case cases[] = {{"", "no first line"},
                        {"a,,b", "column 2 of the table has no name"},
                        {"a,b,a", "two columns of the table are called a"},
                        {"a,b\n1,2\n1,2,3", "row 2 of the table has 3 fields, there are 2 columns"}};
  for (const Case& c : cases) {
    const Result<LookupTable> table = LookupTable::parse(c.csv);
    ASSERT_FALSE(table.ok()) << c.csv;
    EXPECT_THAT(table.status().message(), HasSubstr(std::string(c.told)));
  }
}

TEST(LookupTable, short_rows_end_with_nothing) {
  const LookupTable table = *LookupTable::parse("\xEF\xBB\xBFid,name\n1\n2,Ann\n");
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(table.rows(), (std::vector<std::vector<std::string>>{{"1", ""}, {"2", "Ann"}}));
  EXPECT_EQ(table.column("name"), 1U);
  EXPECT_EQ(table.column("Name"), std::nullopt);
}

TEST(LookupIndex, finds_the_first_row_with_all_values) {
  const LookupTable table = *LookupTable::parse("a,b,c\n1,x,first\n1,y,second\n1,x,third\n");
  const LookupIndex index(table, {0, 1});
  EXPECT_EQ(index.find({"1", "x"})->at(2), "first");
  EXPECT_EQ(index.find({"1", "y"})->at(2), "second");
  EXPECT_EQ(index.find({"x", "1"}), nullptr);
}

TEST(NetworkIndex, the_narrowest_network_wins) {
  const LookupTable table = *LookupTable::parse(
      "name,net\nall,0.0.0.0/0\nten,10.0.0.0/8\nteam,10.1.0.0/16\nhost,10.1.2.3\nsix,2001:db8::/32\n");
  EXPECT_EQ(NetworkIndex::column_of_networks(table), 1U);
  const NetworkIndex index(table, 1);
  const auto name_of = [&](const std::string& address) {
    const auto* row = index.find(address);
    return row == nullptr ? std::string() : row->front();
  };
  EXPECT_EQ(name_of("10.1.2.3"), "host");
  EXPECT_EQ(name_of("10.1.2.4"), "team");
  EXPECT_EQ(name_of("10.2.0.1"), "ten");
  EXPECT_EQ(name_of("192.168.0.1"), "all");
  EXPECT_EQ(name_of("2001:db8::1"), "six");
  EXPECT_EQ(name_of("::1"), "");
  EXPECT_EQ(name_of("no address"), "");
}

}  // namespace
}  // namespace clew::cloudwatch_logs
