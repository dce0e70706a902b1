#include "protocols/refusal_lines.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::SizeIs;

class TestRefusalLines : public testing::Test {
 protected:
  RefusalLines lines_{[this](LogLevel level, std::string_view line) {
    told_.push_back((level == LogLevel::info ? "info " : "warning ") + std::string(line));
  }};
  std::vector<std::string> told_;

  static Arrivals::Refusal refusal(int status, std::string remedy) {
    Arrivals::Refusal made;
    made.sender = {"127.0.0.1", 4318, "OTLP/HTTP traces", "python3"};
    made.status = status;
    made.reason = "unknown API key";
    made.remedy = std::move(remedy);
    return made;
  }
};

TEST_F(TestRefusalLines, name_the_sender_the_mistake_and_what_to_change) {
  lines_.tell(refusal(401, "Make one: clew keys create"), seconds(100));
  lines_.tell(refusal(200, ""), seconds(100));
  Arrivals::Refusal nobody = refusal(0, "");
  nobody.sender = {};
  lines_.tell(nobody, seconds(100));
  EXPECT_THAT(told_,
              ElementsAre("warning 127.0.0.1 (python3) at port 4318, OTLP/HTTP traces: unknown API key. "
                          "Make one: clew keys create",
                          "info 127.0.0.1 (python3) at port 4318, OTLP/HTTP traces: unknown API key",
                          "warning somebody: unknown API key"));
}

TEST_F(TestRefusalLines, are_few_in_a_flood) {
  for (int i = 0; i < 1000; ++i) lines_.tell(refusal(401, ""), seconds(100));
  EXPECT_THAT(told_, SizeIs(20));
  lines_.tell(refusal(401, ""), seconds(103));
  EXPECT_THAT(told_, SizeIs(21));
  EXPECT_THAT(told_.back(), EndsWith("(before this 980 more, see Arrivals on the page)"));
  lines_.tell(refusal(401, ""), seconds(105));
  EXPECT_THAT(told_, SizeIs(21));
}

}  // namespace
}  // namespace clew
