#include "pipeline/traces/waiting_traces.h"

#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

TracePiece piece(const char* trace, bool has_root = false) {
  return {.trace_id = trace, .request = "1234", .spans = 1, .has_root = has_root};
}

std::string taken(WaitingTraces& traces, int64_t now) {
  std::string all;
  while (const auto trace = traces.take_due({now})) all += trace->trace_id + " ";
  return all;
}

TEST(WaitingTraces, WaitFromTheirFirstSpan) {
  WaitingTraces traces(10, 10'000, {100}, std::nullopt);
  EXPECT_EQ(traces.next_due(), std::nullopt);
  EXPECT_TRUE(traces.add(kDefaultEnvironment, piece("a", true), {0}));
  EXPECT_TRUE(traces.add(kDefaultEnvironment, piece("b"), {10}));
  EXPECT_FALSE(traces.add(kDefaultEnvironment, piece("a"), {90}));
  EXPECT_EQ(traces.next_due(), Nanoseconds{100});
  EXPECT_EQ(taken(traces, 99), "");
  EXPECT_EQ(taken(traces, 100), "a ");
  EXPECT_EQ(taken(traces, 110), "b ");
  EXPECT_EQ(traces.bytes(), 0u);
}

TEST(WaitingTraces, WaitNoLongerThanThatAfterTheirRoot) {
  WaitingTraces traces(10, 10'000, {100}, Nanoseconds{20});
  traces.add(kDefaultEnvironment, piece("slow"), {0});
  traces.add(kDefaultEnvironment, piece("quick", true), {10});
  traces.add(kDefaultEnvironment, piece("late"), {15});
  EXPECT_EQ(traces.next_due(), Nanoseconds{30});
  EXPECT_EQ(taken(traces, 29), "");
  EXPECT_EQ(taken(traces, 30), "quick ");
  traces.add(kDefaultEnvironment, piece("late", true), {40});
  traces.add(kDefaultEnvironment, piece("slow", true), {95});  // its time is over before
  EXPECT_EQ(traces.next_due(), Nanoseconds{60});
  EXPECT_EQ(taken(traces, 99), "late ");
  EXPECT_EQ(traces.next_due(), Nanoseconds{100});
  EXPECT_EQ(taken(traces, 100), "slow ");
  EXPECT_EQ(traces.next_due(), std::nullopt);
}

TEST(WaitingTraces, TheOldestGoesWhenThereAreTooMany) {
  WaitingTraces traces(2, 10'000, {100}, Nanoseconds{20});
  traces.add(kDefaultEnvironment, piece("a", true), {0});
  traces.add(kDefaultEnvironment, piece("b"), {1});
  traces.add(kDefaultEnvironment, piece("c"), {2});
  EXPECT_EQ(taken(traces, 3), "a ");
  // One of the same id later has nothing to do with the root of the first.
  traces.add(kDefaultEnvironment, piece("a"), {4});
  EXPECT_EQ(taken(traces, 21), "b ");
  EXPECT_EQ(taken(traces, 103), "c ");
}

}  // namespace
}  // namespace clew::pipeline
