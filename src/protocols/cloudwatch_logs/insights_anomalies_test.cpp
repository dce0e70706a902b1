#include "protocols/cloudwatch_logs/insights_anomalies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::cloudwatch_logs::insights {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr TimeRange kRange{{0}, {1'000'000'000'000}};  // a thousand seconds

// One line each second, all alike.
std::vector<PatternLine> steady() {
  std::vector<PatternLine> lines;
  for (int i = 0; i < 1'000; ++i) lines.push_back({i * 1000.0, "cart of user u1 took 12ms"});
  return lines;
}

std::vector<std::string> kinds_of(const std::vector<Anomaly>& anomalies) {
  std::vector<std::string> kinds;
  for (const Anomaly& one : anomalies) kinds.emplace_back(name_of(one.kind));
  return kinds;
}

TEST(Anomalies, what_is_steady_has_none) {
  EXPECT_THAT(find_anomalies({steady()}, kRange), ElementsAre(IsEmpty()));
  EXPECT_THAT(find_anomalies({{}}, kRange), ElementsAre(IsEmpty()));
}

TEST(Anomalies, more_than_usual_in_some_part_of_the_time) {
  std::vector<PatternLine> lines = steady();
  for (int i = 0; i < 500; ++i) lines.push_back({501'000.0 + i, "cart of user u1 took 12ms"});
  const auto found = find_anomalies({lines}, kRange);
  EXPECT_THAT(kinds_of(found[0]), ElementsAre("PatternFrequency"));
  EXPECT_THAT(found[0][0].description,
              HasSubstr("550 lines from 1970-01-01 00:08:20.000 on, where 75.0 are usual"));
}

TEST(Anomalies, a_pattern_that_was_not_there_before) {
  const auto found = find_anomalies({steady(), {{900'000, "disk is full"}}, {{100'000, "started"}}}, kRange);
  EXPECT_THAT(kinds_of(found[0]), IsEmpty());
  EXPECT_THAT(kinds_of(found[1]), ElementsAre("NewPattern"));
  EXPECT_THAT(kinds_of(found[2]), IsEmpty());
  // Where nothing at all was before, nothing is new.
  EXPECT_THAT(find_anomalies({{{900'000, "disk is full"}}}, kRange), ElementsAre(IsEmpty()));
}

TEST(Anomalies, a_word_that_is_another_one) {
  std::vector<PatternLine> lines = steady();
  lines[400].text = "cart of user u1 lost 12ms";
  const auto found = find_anomalies({lines}, kRange);
  EXPECT_THAT(kinds_of(found[0]), ElementsAre("TokenVariation"));
  EXPECT_THAT(found[0][0].description, HasSubstr("\"lost\" in 1 of 1000 lines, where \"took\" is usual"));
}

TEST(Anomalies, a_number_far_from_the_others) {
  std::vector<PatternLine> lines = steady();
  for (size_t i = 0; i < lines.size(); ++i) lines[i].text = "took " + std::to_string(10 + i % 10) + " ms";
  lines[700].text = "took 9000 ms";
  const auto found = find_anomalies({lines}, kRange);
  EXPECT_THAT(kinds_of(found[0]), ElementsAre("NumericToken"));
  EXPECT_THAT(found[0][0].description, HasSubstr("9000 where half of the lines have 12 to 17"));
}

TEST(Anomalies, status_codes_of_errors) {
  const auto found = find_anomalies({{{1, "GET /pay HTTP/1.1\" 502 12"}, {2, "GET /pay HTTP/1.1\" 200 12"}},
                                     {{3, R"({"status":404})"}},
                                     {{4, "room 404"}}},
                                    kRange);
  EXPECT_THAT(kinds_of(found[0]), ElementsAre("HttpErrorCode"));
  EXPECT_EQ(found[0][0].description, "1 of 2 lines have an HTTP error, as 502");
  EXPECT_THAT(kinds_of(found[1]), ElementsAre("HttpErrorCode"));
  EXPECT_THAT(kinds_of(found[2]), IsEmpty());
}

}  // namespace
}  // namespace clew::cloudwatch_logs::insights
