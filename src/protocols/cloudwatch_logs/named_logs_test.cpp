#include "protocols/cloudwatch_logs/named_logs.h"

#include <gtest/gtest.h>

namespace clew::cloudwatch_logs {
namespace {

std::string joined(const std::vector<NamedLogs::Named>& names) {
  std::string all;
  for (const NamedLogs::Named& one : names) all += one.name + " ";
  return all;
}

TEST(NamedLogs, knows_what_was_made_until_it_is_removed) {
  NamedLogs logs;
  EXPECT_TRUE(logs.add_group("shop", {5}));
  EXPECT_FALSE(logs.add_group("shop", {6}));
  EXPECT_TRUE(logs.add_stream("shop", "web", {7}));
  EXPECT_FALSE(logs.add_stream("shop", "web", {8}));
  EXPECT_TRUE(logs.add_stream("bank", "till", {9})) << "its group comes with it";
  EXPECT_EQ(joined(logs.groups("", "", 10)), "bank shop ");
  EXPECT_EQ(logs.groups("sh", "", 10).front().created, UnixNanos{5});
  EXPECT_EQ(logs.streams("shop", "", "", 10)->front().created, UnixNanos{7});
  EXPECT_TRUE(logs.remove_stream("shop", "web"));
  EXPECT_FALSE(logs.remove_stream("shop", "web"));
  EXPECT_TRUE(logs.remove_group("shop"));
  EXPECT_FALSE(logs.remove_group("shop"));
  EXPECT_EQ(logs.streams("shop", "", "", 10), std::nullopt);
}

TEST(NamedLogs, lists_page_by_page) {
  NamedLogs logs;
  for (const char* name : {"a1", "b1", "b2", "b3", "c1"}) logs.add_stream("g", name, {});
  struct Case {
    const char *prefix, *after;
    size_t limit;
    const char* expected;
  };
  for (const Case& one : {Case{"", "", 2, "a1 b1 "}, Case{"", "b1", 2, "b2 b3 "}, Case{"b", "", 2, "b1 b2 "},
                          Case{"b", "b2", 2, "b3 "}, Case{"b", "b3", 2, ""}, Case{"d", "", 2, ""}})
    EXPECT_EQ(joined(*logs.streams("g", one.prefix, one.after, one.limit)), one.expected)
        << one.prefix << " after " << one.after;
}

TEST(NamedLogs, forgets_all_when_there_are_too_many) {
  NamedLogs logs(4);
  logs.add_stream("g", "a", {});
  logs.add_stream("g", "b", {});
  logs.add_stream("g", "c", {});
  EXPECT_EQ(joined(*logs.streams("g", "", "", 10)), "a b c ");
  logs.add_stream("g", "d", {});
  EXPECT_EQ(joined(*logs.streams("g", "", "", 10)), "d ");
}

}  // namespace
}  // namespace clew::cloudwatch_logs
