#include "control/alert_history.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AlertHistories : public ::testing::Test {
 protected:
  AlertHistories() {
    directory_ = ::testing::TempDir() + "clew-alert-history-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    history_ = std::move(AlertHistory::open(directory_)).value();
  }
  ~AlertHistories() override {
    history_.reset();
    std::filesystem::remove_all(directory_);
  }

  void note(std::string_view alert, int64_t second, AlertStanding standing) {
    const AlertChange change{.alert = std::string(alert),
                             .dataset = "shop",
                             .name = "many",
                             .at = UnixNanos{} + seconds(second),
                             .standing = standing,
                             .summary = {}};
    ASSERT_TRUE(history_->note(kDefaultEnvironment, change).ok());
  }
  // "alert standing from-to", in seconds.
  std::vector<std::string> listed(const AlertHistoryWish& wish,
                                  EnvironmentId environment = kDefaultEnvironment) {
    std::vector<std::string> lines;
    const auto periods = history_->list(environment, wish).value();
    for (const AlertPeriod& one : periods) {
      const auto second = [](UnixNanos at) { return std::to_string(at.count / 1'000'000'000); };
      lines.push_back(one.began.alert + " " + std::string(name_of(one.began.standing)) + " " +
                      second(one.began.at) + "-" + (one.ended ? second(*one.ended) : ""));
    }
    return lines;
  }
  static TimeRange between(int64_t from, int64_t to) {
    return {.from = UnixNanos{} + seconds(from), .to = UnixNanos{} + seconds(to)};
  }

  std::string directory_;
  std::unique_ptr<AlertHistory> history_;
};

TEST_F(AlertHistories, AChangeEndsWhatWasBeforeOfTheSameAlertAlone) {
  note("a", 10, AlertStanding::ok);
  note("b", 15, AlertStanding::failing);
  note("a", 20, AlertStanding::triggered);
  note("a", 30, AlertStanding::removed);
  EXPECT_THAT(listed({.alert = "a", .range = {}}),
              ElementsAre("a removed 30-", "a triggered 20-30", "a ok 10-20"));
  EXPECT_THAT(listed({.alert = {}, .range = {}, .most = 2}),
              ElementsAre("a removed 30-", "a triggered 20-30"));
  EXPECT_THAT(listed({.alert = "b", .range = {}}), ElementsAre("b failing 15-"));
  EXPECT_THAT(listed({.alert = "c", .range = {}}), IsEmpty());
  EXPECT_THAT(listed({.alert = {}, .range = {}}, EnvironmentId{7}), IsEmpty());
}

TEST_F(AlertHistories, OfARangeAreTheStandingsThatOverlapIt) {
  note("a", 10, AlertStanding::ok);
  note("a", 20, AlertStanding::triggered);
  note("a", 30, AlertStanding::ok);
  EXPECT_THAT(listed({.alert = "a", .range = between(0, 10)}), IsEmpty());
  EXPECT_THAT(listed({.alert = "a", .range = between(0, 11)}), ElementsAre("a ok 10-20"));
  EXPECT_THAT(listed({.alert = "a", .range = between(20, 21)}), ElementsAre("a triggered 20-30"));
  EXPECT_THAT(listed({.alert = "a", .range = between(50, 60)}), ElementsAre("a ok 30-"));
}

TEST_F(AlertHistories, OldOnesGoWhenThereAreTooMany) {
  note("b", 1, AlertStanding::ok);
  for (int64_t second = 0; second < kMostAlertChanges + 5; ++second)
    note("a", second, second % 2 == 0 ? AlertStanding::ok : AlertStanding::triggered);
  const auto all = listed({.alert = "a", .range = {}, .most = 10'000});
  ASSERT_EQ(all.size(), static_cast<size_t>(kMostAlertChanges));
  EXPECT_EQ(all.back(), "a triggered 5-6");
  EXPECT_EQ(listed({.alert = "b", .range = {}}).size(), 1u);
}

}  // namespace
}  // namespace clew::control
