#include "query/calculated_field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/run.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

TEST(CalculatedField, fields_use_one_another_but_never_in_circles) {
  const TableRow row = {at_time(0), attribute("int", int64_t{7})};
  const std::vector<CalculatedField> fields = {{"a", "SUM($b, 1)"},
                                               {"b", "MUL($int, 2)"},
                                               {"int", "SUM($int, 100)"},
                                               {"circle", "NOT($other)"},
                                               {"other", "NOT($circle)"}};
  Plan plan;
  plan.rows = RowsWanted{.columns = {{"a", {}}, {"b", {}}, {"int", {}}}};
  plan.fields = fields;
  const auto table = run(plan, snapshot_of({row}));
  ASSERT_TRUE(table.ok()) << table.status().message();
  EXPECT_EQ(to_text(table->columns[0].values[0]), "215");
  EXPECT_EQ(to_text(table->columns[1].values[0]), "214");
  EXPECT_EQ(to_text(table->columns[2].values[0]), "107");
  plan.rows->columns = {{"circle", {}}};
  const auto circle = run(plan, snapshot_of({row}));
  ASSERT_FALSE(circle.ok());
  EXPECT_THAT(std::string(circle.status().message()),
              ::testing::HasSubstr("computed from itself, by way of other"));

  std::vector<CalculatedField> growing = {{"f0", "$int"}};
  for (int i = 1; i < 30; ++i) {
    const std::string below = "$f" + std::to_string(i - 1);
    growing.push_back({"f" + std::to_string(i), "SUM(" + below + ", " + below + ")"});
  }
  EXPECT_THAT(std::string(compile_field(growing.back(), growing).status().message()),
              ::testing::HasSubstr("more than"));
}

}  // namespace
}  // namespace clew::query::testing
