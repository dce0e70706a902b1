#include "base/counters.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(Counters, AddUpOverThreads) {
  const uint64_t before = value_of(Counter::merges);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 1000; ++n) count(Counter::merges);
    });
  }
  for (std::thread& thread : threads) thread.join();
  count(Counter::merges, 5);
  EXPECT_EQ(value_of(Counter::merges) - before, 4005U);
}

TEST(Counters, NamesAreDistinct) {
  std::set<std::string_view> names;
  for (const CounterInfo& info : all_counters()) EXPECT_TRUE(names.insert(info.name).second) << info.name;
}

TEST(Counters, LossAndRefusalSayWhatToDo) {
  for (const CounterInfo& info : all_counters()) {
    if (info.severity == Severity::lost || info.severity == Severity::refused) {
      EXPECT_FALSE(info.advice.empty()) << info.name;
    }
  }
}

TEST(PrometheusText, HasEveryCounterOnceWithHelpAndType) {
  count(Counter::seals, 3);
  const std::string text = counters_as_prometheus_text();
  for (const CounterInfo& info : all_counters()) {
    const std::string name(info.name);
    EXPECT_NE(text.find("# HELP " + name + " "), std::string::npos) << name;
    EXPECT_NE(text.find("# TYPE " + name + " counter\n" + name + " "), std::string::npos) << name;
  }
  EXPECT_NE(text.find("clew_seals_total " + std::to_string(value_of(Counter::seals)) + "\n"),
            std::string::npos);
}

TEST(PrometheusText, TellsOfTheProcess) {
  const std::string text = counters_as_prometheus_text();
  for (const char* name :
       {"process_resident_memory_bytes", "process_cpu_seconds_total", "clew_uptime_seconds"}) {
    EXPECT_NE(text.find(std::string("\n") + name + " "), std::string::npos) << name;
  }
}

TEST(PrometheusText, EveryLineIsACommentOrANameAndANumber) {
  const std::string text = counters_as_prometheus_text();
  ASSERT_EQ(text.back(), '\n');
  for (size_t from = 0; from < text.size();) {
    const size_t to = text.find('\n', from);
    const std::string line = text.substr(from, to - from);
    from = to + 1;
    if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
    const size_t space = line.find(' ');
    ASSERT_NE(space, std::string::npos) << line;
    size_t used = 0;
    std::stod(line.substr(space + 1), &used);
    EXPECT_EQ(used, line.size() - space - 1) << line;
  }
}

}  // namespace
}  // namespace clew
