#include "base/result.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return Status(ErrorKind::bad_input, "odd: " + std::to_string(number));
  return number / 2;
}

Result<int> quarter_of(int number) {
  CLEW_ASSIGN(const int half, half_of(number));
  CLEW_ASSIGN(const int quarter, half_of(half));
  return quarter;
}

Status check_is_even(int number) {
  CLEW_TRY(half_of(number).status());
  return {};
}

TEST(Status, SuccessHasNoMessage) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.to_string(), "ok");
}

TEST(Status, FailureTellsItsKindAndMessage) {
  const Status status(ErrorKind::corrupt, "granule 3: checksum");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.kind(), ErrorKind::corrupt);
  EXPECT_EQ(status.to_string(), "corrupt: granule 3: checksum");
}

TEST(Status, ContextGoesInFront) {
  EXPECT_EQ(Status(ErrorKind::not_found, "no such file").within("part 12").message(),
            "part 12: no such file");
  EXPECT_TRUE(Status().within("part 12").ok());
}

TEST(Status, CopiesAreIndependent) {
  Status original(ErrorKind::exhausted, "queue full");
  const Status copy = original;
  original = std::move(original).within("store");
  EXPECT_EQ(copy.message(), "queue full");
  original = Status();
  EXPECT_TRUE(original.ok());
  EXPECT_FALSE(copy.ok());
  original = copy;
  EXPECT_EQ(original.kind(), ErrorKind::exhausted);
}

TEST(Status, EveryKindHasAName) {
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
    EXPECT_NE(name_of(static_cast<ErrorKind>(kind)), "unknown") << kind;
  }
}

TEST(Result, HoldsAValueOrTheReasonWhyNot) {
  EXPECT_EQ(*half_of(8), 4);
  EXPECT_TRUE(half_of(8).status().ok());
  EXPECT_EQ(half_of(7).status().message(), "odd: 7");
}

TEST(Result, AssignReturnsTheFirstFailure) {
  EXPECT_EQ(*quarter_of(8), 2);
  EXPECT_EQ(quarter_of(6).status().message(), "odd: 3");
  EXPECT_EQ(quarter_of(5).status().message(), "odd: 5");
}

TEST(Result, TryPassesTheFailureOn) {
  EXPECT_TRUE(check_is_even(2).ok());
  EXPECT_EQ(check_is_even(3).kind(), ErrorKind::bad_input);
}

TEST(Result, ValueMayBeMovedOut) {
  Result<std::string> result(std::string(1000, 'x'));
  const std::string taken = std::move(result).value();
  EXPECT_EQ(taken.size(), 1000U);
}

}  // namespace
}  // namespace clew
