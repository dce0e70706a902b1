#include "control/kept_answers.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/environment_removal.h"
#include "control/environments.h"
#include "control/schema.h"

namespace clew::control {
namespace {

constexpr UnixNanos kToday{1'800'000'000'000'000'000};

class KeptAnswersTest : public ::testing::Test {
 protected:
  KeptAnswersTest() {
    std::string pattern = ::testing::TempDir() + "clew-answers-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~KeptAnswersTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<KeptAnswers> open(KeptAnswerLimits limits = {}) {
    return std::make_unique<KeptAnswers>(std::move(open_control_database(directory_)).value(), limits);
  }
  static std::optional<std::string> keep(KeptAnswers& answers, std::string answer, UnixNanos at = kToday,
                                         EnvironmentId environment = kDefaultEnvironment) {
    auto name = answers.keep(
        environment,
        {.question = R"({"query":"COUNT"})", .person = "ann", .at = at, .answer = std::move(answer)});
    EXPECT_TRUE(name.ok()) << name.status().to_string();
    return *name;
  }
  static bool has(KeptAnswers& answers, const std::optional<std::string>& name,
                  EnvironmentId environment = kDefaultEnvironment) {
    auto found = answers.find(environment, name.value_or(""));
    EXPECT_TRUE(found.ok()) << found.status().to_string();
    return found->has_value();
  }

  std::string directory_;
};

TEST_F(KeptAnswersTest, an_answer_is_found_as_it_was_after_a_restart_too) {
  const auto name = keep(*open(), R"({"rows":[[1],[2]]})");
  ASSERT_TRUE(name);
  const auto found = open()->find(kDefaultEnvironment, *name);
  ASSERT_TRUE(found.ok() && *found) << found.status().to_string();
  EXPECT_EQ((*found)->answer, R"({"rows":[[1],[2]]})");
  EXPECT_EQ((*found)->question, R"({"query":"COUNT"})");
  EXPECT_EQ((*found)->person, "ann");
  EXPECT_EQ((*found)->at, kToday);
}

TEST_F(KeptAnswersTest, another_environment_has_no_part_in_it) {
  auto answers = open();
  const auto name = keep(*answers, "{}");
  EXPECT_TRUE(has(*answers, name));
  EXPECT_FALSE(has(*answers, name, EnvironmentId{2}));
  EXPECT_FALSE(has(*answers, "nothing"));
}

TEST_F(KeptAnswersTest, what_is_too_large_is_not_kept) {
  auto answers = open({.most_bytes_of_one = 10});
  EXPECT_TRUE(keep(*answers, "0123456789"));
  EXPECT_FALSE(keep(*answers, "0123456789a"));
}

TEST_F(KeptAnswersTest, the_oldest_are_forgotten_when_there_are_too_many) {
  auto answers = open({.most_bytes_in_all = 4'000});
  std::vector<std::optional<std::string>> names;
  for (int64_t i = 0; i < 100; ++i)
    names.push_back(keep(*answers,
                         std::to_string(i) + R"( {"rows":[]} and some more that does not pack well)",
                         kToday + seconds(i)));
  EXPECT_FALSE(has(*answers, names.front()));
  EXPECT_TRUE(has(*answers, names.back()));
  Database database = std::move(open_control_database(directory_)).value();
  EXPECT_LE(*database.integer("SELECT SUM(bytes) FROM answers"), 4'000);
  EXPECT_GE(*database.integer("SELECT SUM(bytes) FROM answers"), 3'000);
}

TEST_F(KeptAnswersTest, what_is_too_old_is_forgotten_when_it_is_opened) {
  const auto old = keep(*open(), "{}", now() - days(91));
  const auto young = keep(*open(), "{}", now() - days(89));
  auto answers = KeptAnswers::open(directory_);
  ASSERT_TRUE(answers.ok()) << answers.status().to_string();
  EXPECT_FALSE(has(**answers, old));
  EXPECT_TRUE(has(**answers, young));
}

TEST_F(KeptAnswersTest, those_of_an_environment_go_with_it) {
  Database database = std::move(open_control_database(directory_)).value();
  const EnvironmentId staging = create_environment(database, "staging")->id;
  auto answers = open();
  const auto name = keep(*answers, "{}", kToday, staging);
  EXPECT_TRUE(has(*answers, name, staging));
  ASSERT_TRUE(remove_environment(database, staging).ok());
  EXPECT_FALSE(has(*answers, name, staging));
}

}  // namespace
}  // namespace clew::control
