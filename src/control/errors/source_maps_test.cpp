#include "control/errors/source_maps.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/counters.h"
#include "control/errors/frames_json.h"

namespace clew::control::errors {
namespace {

constexpr EnvironmentId kHere{1};

class SourceMapsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "source_maps_" +
                 std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(directory_);
    maps_ = SourceMaps::open(directory_).value();
  }
  void TearDown() override {
    maps_.reset();
    std::filesystem::remove_all(directory_);
  }

  // The first place of the script is line 2, column 3 of a source.
  static SourceMapUpload upload(std::string version, std::string url, const std::string& content = "") {
    const std::string contents = content.empty() ? "" : R"("sourcesContent": [")" + content + "\"], ";
    return {.version = std::move(version),
            .minified_url = std::move(url),
            .map = R"({"version": 3, "sources": ["../src/cart.ts"], "names": ["pay"], )" + contents +
                   R"("mappings": "AACEA"})",
            .sources = {}};
  }
  static std::vector<Frame> frames(const std::string& file) {
    Frame frame;
    frame.file = file;
    frame.method = "n";
    frame.line = 1;
    frame.column = 1;
    return {frame};
  }

  std::string directory_;
  std::unique_ptr<SourceMaps> maps_;
};

TEST_F(SourceMapsTest, frames_are_led_back_to_their_sources) {
  ASSERT_TRUE(
      maps_->put(kHere, upload("1.0", "https://shop.example/app.js", "function pay() {\\n  throw 1;\\n}"))
          .ok());
  EXPECT_FALSE(maps_->may_map(kHere, "1.1", frames("https://shop.example/app.js")));
  EXPECT_FALSE(maps_->may_map({2}, "1.0", frames("https://shop.example/app.js")));
  ASSERT_TRUE(maps_->may_map(kHere, "1.0", frames("https://shop.example/app.js?x=1")));
  for (const bool again : {false, true}) {
    if (again) maps_ = SourceMaps::open(directory_).value();
    const auto mapped = maps_->map(kHere, "1.0", to_json(frames("http://shop.example/app.js")));
    ASSERT_TRUE(mapped);
    const JsonValue& frame = mapped->array()->front();
    EXPECT_EQ(*frame.find("file")->string(), "src/cart.ts");
    EXPECT_EQ(*frame.find("line")->integer(), 2);
    EXPECT_EQ(*frame.find("method")->string(), "pay");
    EXPECT_EQ(*frame.find("code")->string(), "  throw 1;");
    EXPECT_EQ(*frame.find("minified")->find("method")->string(), "n");
    EXPECT_FALSE(maps_->map(kHere, "1.0", *mapped)) << "once is enough";
  }
}

TEST_F(SourceMapsTest, the_newest_of_a_version_and_address_counts) {
  ASSERT_TRUE(maps_->put(kHere, upload("1.0", "app.js", "a\\nold")).ok());
  ASSERT_TRUE(maps_->map(kHere, "1.0", to_json(frames("/srv/app.js"))));
  ASSERT_TRUE(maps_->put(kHere, upload("1.0", "app.js", "a\\nnew")).ok());
  const auto mapped = maps_->map(kHere, "1.0", to_json(frames("/srv/app.js")));
  EXPECT_EQ(*mapped->array()->front().find("code")->string(), "new");
  EXPECT_EQ(maps_->list(kHere).value().size(), 1u);
}

TEST_F(SourceMapsTest, sources_that_the_map_lacks_may_come_beside_it) {
  SourceMapUpload bare = upload("1.0", "app.js");
  bare.sources = {{"other.ts", "x"}, {"src/cart.ts", "one\ntwo"}};
  ASSERT_TRUE(maps_->put(kHere, bare).ok());
  EXPECT_EQ(*maps_->map(kHere, "1.0", to_json(frames("app.js")))->array()->front().find("code")->string(),
            "two");
}

TEST_F(SourceMapsTest, the_oldest_are_forgotten_for_newer_ones_and_counted) {
  ASSERT_TRUE(maps_->put(kHere, upload("1.0", "app.js")).ok());
  const int64_t one = maps_->list(kHere)->front().bytes;
  maps_ = SourceMaps::open(directory_, 2 * one).value();
  const uint64_t forgotten = value_of(Counter::source_maps_forgotten);
  for (const char* version : {"1.1", "1.2", "1.3"})
    ASSERT_TRUE(maps_->put(kHere, upload(version, "app.js")).ok());
  EXPECT_EQ(value_of(Counter::source_maps_forgotten) - forgotten, 2u);
  const std::vector<KeptSourceMap> all = maps_->list(kHere).value();
  std::vector<std::string> kept;
  for (const KeptSourceMap& map : all) kept.push_back(map.version);
  EXPECT_EQ(kept, (std::vector<std::string>{"1.3", "1.2"}));
  EXPECT_FALSE(maps_->may_map(kHere, "1.1", frames("/srv/app.js")));
  EXPECT_TRUE(maps_->may_map(kHere, "1.2", frames("/srv/app.js")));
}

TEST_F(SourceMapsTest, what_is_no_map_is_refused) {
  SourceMapUpload wrong = upload("1.0", "app.js");
  wrong.map = "{}";
  EXPECT_EQ(maps_->put(kHere, wrong).kind(), ErrorKind::bad_input);
  EXPECT_EQ(maps_->put(kHere, upload("", "app.js")).kind(), ErrorKind::bad_input);
  EXPECT_EQ(maps_->put(kHere, upload("1.0", std::string(3'000, 'x'))).kind(), ErrorKind::bad_input);
  EXPECT_TRUE(maps_->list(kHere).value().empty());
}

TEST(IsScript, AddressesAndPaths) {
  const struct {
    const char* url;
    const char* file;
    bool is;
  } cases[] = {
      {"https://shop.example/a.js", "http://shop.example/a.js?v=2#x", true},
      {"//shop.example/a.js", "https://shop.example/a.js", true},
      {"https://shop.example/a.js", "https://other.example/a.js", false},
      {"dist/a.js", "/srv/shop/dist/a.js", true},
      {"/dist/a.js", "file:///srv/shop/dist/a.js", true},
      {"./a.js", "https://shop.example/a.js", true},
      {"a.js", "/srv/extra.js", false},
      {"a.js", "/srv/data.js", false},
      {"file:///srv/a.js", "/srv/a.js", true},
      {"/", "/srv/a.js", false},
  };
  for (const auto& one : cases) EXPECT_EQ(is_script(one.url, one.file), one.is) << one.url << " " << one.file;
}

}  // namespace
}  // namespace clew::control::errors
