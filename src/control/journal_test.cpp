#include "control/journal.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kMinute = 60'000'000'000;

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-journal-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto journal = Journal::open(directory_);
    ASSERT_TRUE(journal.ok()) << journal.status().to_string();
    journal_ = std::move(*journal);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void note(std::string what, std::string person, int64_t minute, Deed deed = Deed::question) {
    const Status noted = journal_->note(kDefaultEnvironment, {.deed = deed,
                                                              .what = std::move(what),
                                                              .person = std::move(person),
                                                              .detail = "{}",
                                                              .at = {minute * kMinute}});
    EXPECT_TRUE(noted.ok()) << noted.to_string();
  }
  std::vector<std::string> found(const JournalFilter& filter) {
    std::vector<std::string> texts;
    const auto entries = journal_->find(kDefaultEnvironment, filter);
    EXPECT_TRUE(entries.ok()) << entries.status().to_string();
    for (const JournalEntry& entry : *entries)
      texts.push_back(entry.person + " " + entry.what +
                      (entry.times > 1 ? " x" + std::to_string(entry.times) : ""));
    return texts;
  }

  std::string directory_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(JournalTest, the_latest_comes_first_and_the_same_again_is_one_entry) {
  note("COUNT", "ann", 1);
  note("MAX(a)", "ben", 2);
  note("COUNT", "ann", 3);
  note("MAX(b)", "ann", 4);
  note("COUNT", "ann", 5);
  EXPECT_THAT(found({}), ElementsAre("ann COUNT", "ann MAX(b)", "ann COUNT x2", "ben MAX(a)"));
  note("COUNT", "ann", 5 + 61);
  EXPECT_THAT(found({.most = 2}), ElementsAre("ann COUNT", "ann COUNT"));
}

TEST_F(JournalTest, is_searched_by_words_person_deed_and_time) {
  note("COUNT WHERE share = 100%", "ann", 1);
  note("count group by name", "ben", 2);
  note("made the board Counts", "ann", 3, Deed::change);
  EXPECT_THAT(found({.words = "count  name"}), ElementsAre("ben count group by name"));
  EXPECT_THAT(found({.words = "100%"}), ElementsAre("ann COUNT WHERE share = 100%"));
  EXPECT_THAT(found({.words = "c_unt"}), ElementsAre());
  EXPECT_THAT(found({.deed = Deed::question, .person = "ann"}), ElementsAre("ann COUNT WHERE share = 100%"));
  EXPECT_THAT(found({.deed = Deed::change}), ElementsAre("ann made the board Counts"));
  EXPECT_THAT(found({.before = UnixNanos{2 * kMinute}}), ElementsAre("ann COUNT WHERE share = 100%"));
  EXPECT_TRUE(journal_->find(EnvironmentId{7}, {})->empty());
}

TEST_F(JournalTest, keeps_so_many_and_no_more) {
  constexpr int64_t kNoted = Journal::kMostKept + 600;
  for (int64_t i = 0; i < kNoted; ++i) note(std::to_string(i), "ann", i);
  const auto kept = journal_->find(kDefaultEnvironment, {.most = 2 * Journal::kMostKept});
  ASSERT_TRUE(kept.ok());
  EXPECT_GE(kept->size(), Journal::kMostKept);
  EXPECT_LT(kept->size(), Journal::kMostKept + 300);
  EXPECT_EQ(kept->front().what, std::to_string(kNoted - 1));
}

}  // namespace
}  // namespace clew::control
