#include "query/bubble_up.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/short_form.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

Filter condition(const char* text) {
  return std::move(plan_of_short_form(std::string("COUNT WHERE ") + text, {})).value().filter;
}

const ContrastedColumn& column_of(const BubbleUp& answer, std::string_view name) {
  for (const ContrastedColumn& column : answer.columns) {
    if (column.name == name) return column;
  }
  ADD_FAILURE() << "no column " << name;
  return answer.columns.at(0);
}

std::vector<std::string> ranking(const BubbleUp& answer) {
  std::vector<std::string> names;
  for (const ContrastedColumn& column : answer.columns) {
    if (column.score > 0 && !column.selects) names.push_back(column.name);
  }
  return names;
}

// `count` requests; those of one build against one shard are slow.
std::vector<TableRow> requests(size_t count) {
  std::mt19937_64 random(7);
  std::vector<TableRow> rows;
  for (size_t i = 0; i < count; ++i) {
    const bool unlucky = i % 20 == 0;
    TableRow row{at_time(static_cast<int64_t>(i)),
                 attribute("slow", unlucky),
                 attribute("build", std::string(unlucky || random() % 10 == 0 ? "b2" : "b1")),
                 attribute("shard", "s" + std::to_string(unlucky ? 3 : random() % 8)),
                 attribute("noise", "n" + std::to_string(random() % 5)),
                 attribute("request.id", "r" + std::to_string(random())),
                 attribute("size", static_cast<double>(random() % 1000) + (unlucky ? 600 : 0)),
                 attribute("jitter", static_cast<double>(random() % 100'000))};
    if (!unlucky) row.push_back(attribute("cached", true));
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(BubbleUp, ranks_the_columns_that_differ_and_shows_their_values) {
  BubbleUpQuestion question;
  question.selection = condition("slow = true");
  for (const StringLayout strings :
       {StringLayout::segment_dictionary, StringLayout::granule_dictionary, StringLayout::plain}) {
    const auto snapshot =
        snapshot_of(requests(4000), {.granule_rows = 300, .segment_granules = 4, .strings = strings});
    const auto answer = bubble_up(question, snapshot);
    ASSERT_TRUE(answer.ok()) << answer.status().message();
    EXPECT_EQ(answer->selected_rows, 200u);
    EXPECT_EQ(answer->rest_rows, 3800u);
    EXPECT_THAT(ranking(*answer), ::testing::ElementsAre("cached", "build", "shard", "size"));
    EXPECT_TRUE(column_of(*answer, "slow").selects);

    const ContrastedColumn& cached = column_of(*answer, "cached");
    EXPECT_GT(cached.score, 0.95);
    EXPECT_GT(cached.confidence, 0.999);
    ASSERT_EQ(cached.values.size(), 2u);
    const bool absent_first = is_null(cached.values[0].value);
    const ContrastedValue& absent = cached.values[absent_first ? 0 : 1];
    EXPECT_TRUE(is_null(absent.value));
    EXPECT_EQ(absent.selected, 200);
    EXPECT_EQ(absent.rest, 0);
    EXPECT_GT(absent.part, 0.9);

    const ContrastedColumn& shard = column_of(*answer, "shard");
    EXPECT_EQ(to_text(shard.values[0].value), "s3");
    EXPECT_EQ(shard.values[0].selected, 200);
    EXPECT_FALSE(shard.numbers);
    EXPECT_EQ(shard.values_in_all, 8u);

    const ContrastedColumn& size = column_of(*answer, "size");
    ASSERT_TRUE(size.numbers);
    EXPECT_EQ(size.numbers->bounds.size(), size.numbers->selected.size() + 1);
    EXPECT_GT(size.numbers->bounds.size(), 10u);
    double selected = 0, rest = 0;
    for (const double count : size.numbers->selected) selected += count;
    for (const double count : size.numbers->rest) rest += count;
    EXPECT_EQ(selected, 200);
    EXPECT_EQ(rest, 3800);
    EXPECT_TRUE(std::is_sorted(size.numbers->bounds.begin(), size.numbers->bounds.end()));

    for (const char* name : {"noise", "request.id", "jitter"})
      EXPECT_EQ(column_of(*answer, name).score, 0) << name;
    EXPECT_EQ(column_of(*answer, "request.id").values_in_all, 4000u);
    EXPECT_EQ(column_of(*answer, "request.id").values.size(), 20u);
    EXPECT_EQ(column_of(*answer, "request.id").selected_beside + column_of(*answer, "request.id").rest_beside,
              3980);
  }
}

TEST(BubbleUp, a_small_sample_does_not_win) {
  // The same shares in both columns, but `often` tells of a hundred times as many rows of the selection.
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 20'000; ++i) {
    const bool selected = i % 100 == 0;
    TableRow row{at_time(i), attribute("selected", selected)};
    row.push_back(attribute("often", std::string(selected && i % 200 == 0 ? "odd" : "usual")));
    rows.push_back(std::move(row));
  }
  BubbleUpQuestion question;
  question.selection = condition("selected = true");
  const auto many = bubble_up(question, snapshot_of(rows));
  rows.resize(400);  // 4 selected, 2 of them odd
  const auto few = bubble_up(question, snapshot_of(rows));
  ASSERT_TRUE(many.ok() && few.ok());
  EXPECT_GT(column_of(*many, "often").score, 0.4);
  EXPECT_GT(column_of(*many, "often").confidence, 0.999);
  EXPECT_LT(column_of(*few, "often").score, 0.6 * column_of(*many, "often").score);
  EXPECT_LT(column_of(*few, "often").confidence, column_of(*many, "often").confidence);

  rows.resize(101);  // 2 selected, 1 of them odd
  const auto one = bubble_up(question, snapshot_of(rows));
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(column_of(*one, "often").score, 0);
}

TEST(BubbleUp, chance_alone_hardly_ever_scores) {
  // 200 columns that have nothing to do with the selection.
  std::mt19937_64 random(11);
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 2000; ++i) {
    TableRow row{at_time(i), attribute("selected", random() % 10 == 0)};
    for (int column = 0; column < 200; ++column) {
      const std::string name = "c" + std::to_string(column);
      if (column % 2 == 0) {
        row.push_back(attribute(name, "v" + std::to_string(random() % static_cast<uint64_t>(2 + column))));
      } else {
        row.push_back(attribute(name, static_cast<double>(random() % 1'000'000)));
      }
    }
    rows.push_back(std::move(row));
  }
  BubbleUpQuestion question;
  question.selection = condition("selected = true");
  const auto answer = bubble_up(question, snapshot_of(rows));
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(ranking(*answer), ::testing::IsEmpty());
}

TEST(BubbleUp, rows_count_as_often_as_their_sample_rate_but_are_no_surer_for_it) {
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 1000; ++i) {
    const bool selected = i % 10 == 0;
    rows.push_back({at_time(i), intrinsic("meta.sample_rate", store::ColumnType::int64, int64_t{50}),
                    attribute("selected", selected), attribute("kind", std::string(selected ? "a" : "b"))});
  }
  BubbleUpQuestion question;
  question.selection = condition("selected = true");
  const auto weighted = bubble_up(question, snapshot_of(rows));
  question.weighting = Weighting::stored_rows;
  const auto stored = bubble_up(question, snapshot_of(rows));
  ASSERT_TRUE(weighted.ok() && stored.ok());
  EXPECT_EQ(weighted->selected_rows, 100u);
  EXPECT_EQ(weighted->selected, 5000);
  EXPECT_EQ(column_of(*weighted, "kind").values[0].selected + column_of(*weighted, "kind").values[1].selected,
            5000);
  EXPECT_EQ(column_of(*stored, "kind").values[0].selected + column_of(*stored, "kind").values[1].selected,
            100);
  EXPECT_DOUBLE_EQ(column_of(*weighted, "kind").score, column_of(*stored, "kind").score);
}

TEST(BubbleUp, a_frequent_value_among_very_many_is_found) {
  std::mt19937_64 random(3);
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 120'000; ++i) {
    const bool selected = i % 50 == 0;
    const bool hot = selected && random() % 4 == 0;
    rows.push_back({at_time(i), attribute("selected", selected),
                    attribute("user", hot ? std::string("hot") : "u" + std::to_string(random()))});
  }
  BubbleUpQuestion question;
  question.selection = condition("selected = true");
  for (const StringLayout strings : {StringLayout::segment_dictionary, StringLayout::plain}) {
    const auto answer = bubble_up(question, snapshot_of(rows, {.granule_rows = 20'000, .strings = strings}));
    ASSERT_TRUE(answer.ok());
    const ContrastedColumn& user = column_of(*answer, "user");
    ASSERT_FALSE(user.values.empty());
    EXPECT_EQ(to_text(user.values[0].value), "hot");
    EXPECT_NEAR(user.values[0].selected, 600, 80);
    EXPECT_NEAR(user.score, 0.25, 0.06);
  }
}

TEST(BubbleUp, nothing_selected_or_everything) {
  BubbleUpQuestion question;
  for (const char* text : {"slow = 5", "time exists"}) {
    question.selection = condition(text);
    const auto answer = bubble_up(question, snapshot_of(requests(100)));
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->selected_rows + answer->rest_rows, 100u);
    for (const ContrastedColumn& column : answer->columns) {
      EXPECT_EQ(column.score, 0) << column.name;
      EXPECT_EQ(column.confidence, 0) << column.name;
    }
  }
  EXPECT_EQ(bubble_up(question, {})->columns.size(), 0u);
}

TEST(BubbleUp, many_workers_agree_with_one) {
  ThreadPool pool(3);
  BubbleUpQuestion question;
  question.selection = condition("slow = true");
  const auto snapshot = snapshot_of(requests(2000), {.granule_rows = 100, .segment_granules = 3});
  const auto alone = bubble_up(question, snapshot), together = bubble_up(question, snapshot, {.pool = &pool});
  ASSERT_TRUE(alone.ok() && together.ok());
  ASSERT_EQ(alone->columns.size(), together->columns.size());
  for (size_t i = 0; i < alone->columns.size(); ++i) {
    const ContrastedColumn &a = alone->columns[i], &b = together->columns[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_DOUBLE_EQ(a.score, b.score);
    ASSERT_EQ(a.values.size(), b.values.size());
    for (size_t j = 0; j < a.values.size(); ++j) {
      EXPECT_EQ(to_text(a.values[j].value), to_text(b.values[j].value));
      EXPECT_EQ(a.values[j].selected, b.values[j].selected);
    }
  }
}

}  // namespace
}  // namespace clew::query::testing
