#include "control/errors/source_map.h"

#include <string>

#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

// Two sources; the second line of the script has three places, the last of them from nowhere.
constexpr std::string_view kMap = R"({"version": 3, "sourceRoot": "webpack://shop/./src",
  "sources": ["cart.ts", "../node_modules/lib/index.js"], "sourcesContent": ["one\ntwo\nthree", null],
  "names": ["pay", "total"], "mappings": ";EACAA,UCIUC,K"})";

TEST(SourceMap, LeadsToWhereAPlaceComesFrom) {
  const Result<SourceMap> map = SourceMap::parse(kMap);
  ASSERT_TRUE(map.ok()) << map.status().to_string();
  EXPECT_FALSE(map->find(1, 1)) << "a line without places";
  EXPECT_FALSE(map->find(2, 2)) << "before the first";
  for (const int64_t column : {3, 12}) {
    const auto place = map->find(2, column);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->file, "src/cart.ts");
    EXPECT_EQ(place->line, 2);
    EXPECT_EQ(place->column, 1);
    EXPECT_EQ(place->name, "pay");
    EXPECT_EQ(place->source, "one\ntwo\nthree");
  }
  const auto library = map->find(2, 13);
  ASSERT_TRUE(library);
  EXPECT_EQ(library->file, "node_modules/lib/index.js");
  EXPECT_EQ(library->line, 6);
  EXPECT_EQ(library->column, 11);
  EXPECT_EQ(library->name, "total");
  EXPECT_EQ(library->source, "");
  EXPECT_FALSE(map->find(2, 18)) << "from nowhere";
  EXPECT_TRUE(map->find(2, 0)) << "a stack without columns still has its file";
  EXPECT_FALSE(map->find(3, 1));
  EXPECT_FALSE(map->find(0, 1));
  EXPECT_FALSE(map->find(INT64_MAX, INT64_MAX));
}

TEST(SourceMap, Sections) {
  const std::string section =
      R"("map": {"version": 3, "sources": ["a.js"], "names": [], "mappings": "AAAA;AACA"}})";
  const std::string sections = R"({"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, )" +
                               section + R"(, {"offset": {"line": 1, "column": 10}, )" + section + "]}";
  const Result<SourceMap> map = SourceMap::parse(sections);
  ASSERT_TRUE(map.ok()) << map.status().to_string();
  EXPECT_EQ(map->find(2, 5)->line, 2) << "of the first";
  EXPECT_EQ(map->find(2, 11)->line, 1) << "of the second, which begins within the line";
  EXPECT_EQ(map->find(3, 1)->line, 2);
}

TEST(SourceMap, WhatIsWrongIsSaid) {
  const auto map = [](std::string_view mappings) {
    return R"({"version": 3, "sources": ["a.js"], "names": ["n"], "mappings": ")" + std::string(mappings) +
           "\"}";
  };
  const struct {
    std::string text;
    const char* says;
  } cases[] = {
      {"[]", "no JSON object"},
      {R"({"version": 2, "sources": [], "mappings": ""})", "version"},
      {R"({"version": 3, "sources": []})", "mappings is missing"},
      {R"({"version": 3, "mappings": ""})", "sources is missing"},
      {map("AAAA,!"), "damaged at byte 5"},
      {map("AA"), "impossible place"},
      {map("AAAAAA"), "damaged"},
      {map("D"), "impossible place"},
      {map("ACAA"), "source 1, of 1"},
      {map("AADA"), "line -1"},
      {map("AAAAC"), "name 1, of 1"},
      {map("gggggggggA"), "damaged"},
      {R"({"version": 3, "sections": [{"map": {}}]})", "offset"},
      {R"({"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "url": "x"}]})", "no map"},
  };
  for (const auto& one : cases) {
    const Result<SourceMap> parsed = SourceMap::parse(one.text);
    ASSERT_FALSE(parsed.ok()) << one.text;
    EXPECT_NE(parsed.status().message().find(one.says), std::string_view::npos) << parsed.status().message();
  }
}

TEST(SourceMap, SourcesAreShownAsPeopleKnowThem) {
  EXPECT_EQ(readable_source("webpack://shop/./src/a.ts"), "src/a.ts");
  EXPECT_EQ(readable_source("webpack:///./src/a.ts"), "src/a.ts");
  EXPECT_EQ(readable_source("../../src/a.ts"), "src/a.ts");
  EXPECT_EQ(readable_source("https://shop.example/a.js"), "https://shop.example/a.js");
  EXPECT_EQ(readable_source("/srv/a.js"), "/srv/a.js");
  EXPECT_EQ(readable_source(""), "");
  EXPECT_EQ(readable_source("webpack://"), "");
}

}  // namespace
}  // namespace clew::control::errors
