// What questions say of a parent that client and server told under one id.
#include "query/shared_spans.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "query/short_form.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

struct Told {
  std::string name;
  char id = 0;
  char parent = 0;  // 0: none
  std::string service;
  bool shared = false;
};

TableRow span(const Told& told) {
  TableRow row = {at_time(1'000'000'000 + told.id),
                  intrinsic("trace.trace_id", store::ColumnType::trace_id, std::string(16, 't')),
                  intrinsic("trace.span_id", store::ColumnType::span_id, std::string(8, told.id)),
                  intrinsic("name", store::ColumnType::string, told.name),
                  resource("service.name", told.service)};
  if (told.parent != 0)
    row.push_back(intrinsic("trace.parent_id", store::ColumnType::span_id, std::string(8, told.parent)));
  if (told.shared) row.push_back(attribute("zipkin.shared", true));
  return row;
}

std::string answer(const std::string& question, std::vector<TableRow> rows) {
  const auto plan = plan_of_short_form(question, UnixNanos{0});
  EXPECT_TRUE(plan.ok()) << plan.status().to_string();
  const auto text = [&](const Layout& layout) {
    const auto table = run(*plan, snapshot_of(rows, layout));
    return table.ok() ? to_text(*table) : table.status().to_string();
  };
  const std::string whole = text({});
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(text({.granule_rows = 1, .segment_granules = 2}), whole) << "however the rows are cut";
  return whole;
}

// A page calls the cart, both tell of it as span 2; the cart calls its database, the page paints meanwhile.
std::vector<TableRow> one_call() {
  return {span({"page", 1, 0, "web"}),
          span({"ask cart", 2, 1, "web"}),
          span({"serve cart", 2, 1, "cart", true}),
          span({"select", 3, 2, "cart"}),
          span({"paint", 4, 2, "web"}),
          span({"elsewhere", 5, 2, "db"})};
}

TEST(SharedSpans, a_parent_is_the_half_of_its_own_service_and_the_server_is_below_the_client) {
  EXPECT_EQ(answer("COUNT GROUP BY name, parent.name ORDER BY name", one_call()),
            "name        parent.name  COUNT\n"
            "ask cart    page         1\n"
            "elsewhere   serve cart   1\n"
            "page        null         1\n"
            "paint       ask cart     1\n"
            "select      serve cart   1\n"
            "serve cart  ask cart     1\n");
}

TEST(SharedSpans, conditions_on_parent_and_child_are_about_that_half_alone) {
  const std::string ask = "COUNT GROUP BY name WHERE ";
  EXPECT_EQ(answer(ask + "parent.name = \"ask cart\" ORDER BY name", one_call()),
            "name        COUNT\npaint       1\nserve cart  1\n");
  EXPECT_EQ(answer(ask + "parent.name = page", one_call()), "name      COUNT\nask cart  1\n");
  EXPECT_EQ(answer(ask + "child.name = select", one_call()), "name        COUNT\nserve cart  1\n");
  EXPECT_EQ(answer(ask + "child.name = \"serve cart\"", one_call()), "name      COUNT\nask cart  1\n");
}

TEST(SharedSpans, a_half_whose_client_is_not_stored_keeps_its_parent) {
  std::vector<TableRow> rows = one_call();
  rows.erase(rows.begin() + 1);
  EXPECT_EQ(answer("COUNT GROUP BY name WHERE parent.name = page", rows),
            "name        COUNT\nserve cart  1\n");
  EXPECT_EQ(answer("COUNT GROUP BY name WHERE parent.name = \"serve cart\" ORDER BY name", rows),
            "name       COUNT\nelsewhere  1\npaint      1\nselect     1\n");
}

}  // namespace
}  // namespace clew::query::testing
