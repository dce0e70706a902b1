#include "protocols/clew/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::api {
namespace {

constexpr std::string_view kBoard = R"({"name": "Shop", "description": "What matters", "panels": [
  {"type": "query", "position": {"x_coordinate": 0, "y_coordinate": 0, "width": 6, "height": 4},
   "query_panel": {"query": "COUNT GROUP BY name", "query_style": "graph"}},
  {"type": "query", "query_panel": {"query_id": "abc", "query_annotation_id": "def"}},
  {"type": "text", "text_panel": {"content": "Call Ada"}}]})";

TEST(Board, is_read_as_it_was_sent) {
  const BoardOrFault read = read_board(kBoard);
  ASSERT_TRUE(read.status.ok()) << read.status.message();
  EXPECT_EQ(*read.board.find("name")->string(), "Shop");
  EXPECT_EQ(read.board.find("panels")->array()->size(), 3U);
  EXPECT_TRUE(read_board(R"({"name": "x"})").status.ok());
}

TEST(Board, a_fault_is_told_with_its_place) {
  struct Case {
    std::string_view body, field, sentence;
  };
  const Case cases[] = {
      {R"({})", "name", "name is missing"},
      {R"({"name": ""})", "name", "name must not be empty"},
      {R"({"name": 3})", "name", "name must be a string"},
      {R"({"name": "a", "colour": "red"})", "colour",
       "colour is nothing that a board has: name, description, panels"},
      {R"({"name": "a", "panels": {}})", "panels", "panels must be an array"},
      {R"({"name": "a", "panels": [{"type": "picture"}]})", "panels[0].type",
       "panels[0].type must be query, text or slo"},
      {R"({"name": "a", "panels": [{"type": "text"}]})", "panels[0].text_panel",
       "panels[0].text_panel must be an object"},
      {R"({"name": "a", "panels": [{"type": "query", "query_panel": {}}]})", "panels[0].query_panel.query",
       "panels[0].query_panel.query is missing"},
      {R"({"name": "a", "panels": [{"type": "text", "position": {"x_coordinate": 99}, "text_panel": {}}]})",
       "panels[0].position.x_coordinate", "panels[0].position.x_coordinate must be a number from 0 to 24"},
  };
  for (const Case& c : cases) {
    const BoardOrFault read = read_board(c.body);
    EXPECT_EQ(read.status.message(), c.sentence) << c.body;
    EXPECT_EQ(read.fault.field, c.field) << c.body;
  }
  const std::string long_name = R"({"name": ")" + std::string(256, 'a') + R"("})";
  EXPECT_EQ(read_board(long_name).status.message(), "name is longer than 255 bytes");
  EXPECT_FALSE(read_board("[1, 2").status.ok());
}

TEST(Board, changing_it_keeps_what_it_is_and_what_other_doors_know_of_it) {
  const JsonValue made =
      board_after(JsonValue(), read_board(kBoard).board, "abcdefghijk", UnixNanos{1'000'000'000});
  JsonValue elsewhere = made;
  elsewhere["tags"] = JsonValue(JsonValue::Array{JsonValue("team:shop")});
  const JsonValue changed = board_after(elsewhere, read_board(R"({"name": "Other"})").board, "abcdefghijk",
                                        UnixNanos{2'000'000'000});
  EXPECT_EQ(*changed.find("id")->string(), "abcdefghijk");
  EXPECT_EQ(*changed.find("type")->string(), "flexible");
  EXPECT_EQ(*changed.find("name")->string(), "Other");
  EXPECT_EQ(changed.find("description"), nullptr);
  EXPECT_TRUE(changed.find("panels")->array()->empty());
  EXPECT_EQ(changed.find("tags")->array()->size(), 1U);
  EXPECT_EQ(*changed.find("created_at"), *made.find("created_at"));
  EXPECT_NE(*changed.find("updated_at"), *made.find("updated_at"));
}

TEST(Board, ids_differ) {
  EXPECT_NE(new_board_id(), new_board_id());
  EXPECT_EQ(new_board_id().size(), 11U);
}

}  // namespace
}  // namespace clew::api
