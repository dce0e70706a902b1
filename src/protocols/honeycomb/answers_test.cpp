#include "protocols/honeycomb/answers.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace clew::honeycomb {
namespace {

std::string header(const Answer& answer, std::string_view name) {
  const auto found = std::find_if(answer.headers.begin(), answer.headers.end(),
                                  [&](const auto& one) { return one.first == name; });
  return found == answer.headers.end() ? "" : std::string(found->second);
}

TEST(HoneycombAnswers, WhoeverIsTurnedAwayIsToldWhenToComeBack) {
  const UnixNanos at{1'767'607'200'000'000'000};
  const Answer answer = too_busy("Please try again in a second.", 64, at);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header(answer, "content-type"), "application/problem+json");
  EXPECT_EQ(header(answer, "ratelimit"), "limit=64, remaining=0, reset=1");
  EXPECT_EQ(header(answer, "ratelimit-policy"), "64;w=1");
  EXPECT_EQ(header(answer, "retry-after"), "Mon, 05 Jan 2026 10:00:00 GMT");
  EXPECT_EQ(answer.body,
            R"({"status":429,"type":"https://api.honeycomb.io/problems/rate-limited",)"
            R"("title":"You have exceeded your rate limit.","error":"You have exceeded your rate limit.",)"
            R"("detail":"Please try again in a second."})");
  EXPECT_EQ(header(too_busy("", 64), "retry-after"), "") << "query results tell no date";
}

TEST(HoneycombAnswers, EachFormatOfErrorsHasItsShape) {
  EXPECT_EQ(error_answer(400, "Request body should not be empty.").body,
            R"({"error":"Request body should not be empty."})");
  EXPECT_EQ(invalid({{"filters[1].op", "invalid", "is no operator"}}).body,
            R"({"status":422,"type":"https://api.honeycomb.io/problems/validation-failed",)"
            R"("title":"The provided input is invalid.","error":"The provided input is invalid.",)"
            R"("type_detail":[{"field":"filters[1].op","code":"invalid","description":"is no operator"}]})");
  EXPECT_EQ(
      json_api_error(404, "not-found", "The requested resource cannot be found.", "Team not found").body,
      R"({"errors":[{"status":"404","code":"not-found","title":"The requested resource cannot be found.",)"
      R"("detail":"Team not found"}]})");
}

}  // namespace
}  // namespace clew::honeycomb
