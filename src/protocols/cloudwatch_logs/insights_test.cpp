// Runs tests/insights/*.test; its README.md tells the form.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/cloudwatch_logs/body_condition.h"
#include "protocols/cloudwatch_logs/insights_run.h"

namespace clew::cloudwatch_logs::insights {
namespace {

struct Case {
  size_t line = 0;
  std::string query;
  std::vector<std::string> expected;
};
struct Suite {
  std::vector<Event> events;  // the newest first
  std::map<std::string, std::string> tables;
  std::vector<Case> cases;
};

Suite read_suite(const std::string& path) {
  Suite suite;
  std::ifstream file(path);
  std::string line, group = "shop";
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (line.starts_with("event ")) {
      const size_t blank = line.find(' ', 6);
      Event event{.place = {0, static_cast<int64_t>(number)},
                  .ingested = {},
                  .group = group,
                  .stream = "one",
                  .message = line.substr(blank + 1)};
      std::from_chars(line.data() + 6, line.data() + blank, event.place.milliseconds);
      event.ingested = {(event.place.milliseconds + 1000) * 1'000'000};
      suite.events.insert(suite.events.begin(), std::move(event));
    } else if (line.starts_with("table ")) {
      const size_t blank = line.find(' ', 6);
      std::string csv = line.substr(blank + 1);
      std::replace(csv.begin(), csv.end(), '|', '\n');
      suite.tables.emplace(line.substr(6, blank - 6), std::move(csv));
    } else if (line.starts_with("group ")) {
      group = line.substr(6);
    } else if (line.starts_with("query ")) {
      suite.cases.push_back({number, line.substr(6), {}});
    } else if (!line.empty() && !line.starts_with('#') && !suite.cases.empty()) {
      suite.cases.back().expected.push_back(line);
    }
  }
  return suite;
}

std::vector<std::string> lines_of(const Output& output) {
  std::vector<std::string> lines;
  for (const auto& row : output.rows) {
    std::string line;
    for (const auto& [field, value] : row) {
      if (field != "@ptr") line.append(line.empty() ? "" : "; ").append(field).append("=").append(value);
    }
    lines.push_back(line.empty() ? ">" : "> " + line);
  }
  if (lines.empty()) lines.emplace_back("-");
  return lines;
}

bool is_of(const Source& source, const std::string& group) {
  if (!source.is_given()) return group == "shop";
  const bool is_any = source.selects && source.prefixes.empty();
  return is_any || std::count(source.groups.begin(), source.groups.end(), group) != 0 ||
         std::any_of(source.prefixes.begin(), source.prefixes.end(),
                     [&](const std::string& prefix) { return group.starts_with(prefix); });
}

std::vector<std::string> answer(const Suite& suite, const Query& query, bool only_bound) {
  const TimeRange range{{0}, {7'200'000'000'000}};
  const auto fetch = [&](const Wanted& wanted, const TakeEvents& take) -> Status {
    std::vector<Event> events = suite.events;
    std::erase_if(events, [&](const Event& event) {
      const UnixNanos at{event.place.milliseconds * 1'000'000};
      return !is_of(wanted.source, event.group) || at < wanted.range.from || at >= wanted.range.to;
    });
    if (only_bound) {
      std::erase_if(events,
                    [&](const Event& event) { return !testing::lets_through(wanted.filter, event.message); });
    }
    // One by one, because it must not matter how many come at a time.
    for (Event& event : events) {
      std::vector<Event> one;
      one.push_back(std::move(event));
      CLEW_ASSIGN(const bool wants_more, take(std::move(one)));
      if (!wants_more) break;
    }
    return {};
  };
  const auto table = [&](const std::string& name) -> Result<std::shared_ptr<const LookupTable>> {
    const auto found = suite.tables.find(name);
    if (found == suite.tables.end()) return Status(ErrorKind::not_found, "there is no table " + name);
    CLEW_ASSIGN(LookupTable parsed, LookupTable::parse(found->second));
    return std::shared_ptr<const LookupTable>(std::make_shared<LookupTable>(std::move(parsed)));
  };
  const Result<Output> output =
      run(query, range, 10'000, range.to, {.fetch = fetch, .engine = {}, .table = table});
  return output.ok() ? lines_of(*output) : std::vector{output.status().to_string()};
}

TEST(Insights, cases) {
  size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/insights")) {
    if (entry.path().extension() != ".test") continue;
    const Suite suite = read_suite(entry.path());
    for (const Case& one : suite.cases) {
      SCOPED_TRACE(entry.path().string() + ":" + std::to_string(one.line) + " " + one.query);
      ++cases;
      auto parsed = parse_query(one.query);
      if (const auto* mistake = std::get_if<Mistake>(&parsed)) {
        const std::string told = "error " + std::to_string(mistake->begin) + " " + mistake->message;
        ASSERT_EQ(one.expected.size(), 1U) << told;
        EXPECT_THAT(told, ::testing::StartsWith(one.expected[0]));
        continue;
      }
      const Query& query = std::get<Query>(parsed);
      EXPECT_EQ(answer(suite, query, false), one.expected);
      EXPECT_EQ(answer(suite, query, true), one.expected) << "of what the store lets through";
    }
  }
  EXPECT_GE(cases, 150U);
}

TEST(Insights, diff_compares_with_the_window_before) {
  auto parsed = parse_query("pattern @message | diff | display @pattern, @sampleCount, @previousSampleCount");
  const TimeRange range{{10'000'000'000}, {20'000'000'000}};
  std::vector<TimeRange> asked;
  const auto fetch = [&](const Wanted& wanted, const TakeEvents& take) {
    asked.push_back(wanted.range);
    const bool is_earlier = wanted.range.from < range.from;
    std::vector<Event> events(is_earlier ? 3 : 1);
    for (Event& event : events) event.message = "cart is slow";
    return take(std::move(events)).status();
  };
  const Result<Output> output =
      run(std::get<Query>(parsed), range, 100, range.to, {.fetch = fetch, .engine = {}, .table = {}});
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(lines_of(*output),
            std::vector<std::string>{"> @pattern=cart is slow; @sampleCount=1; @previousSampleCount=3"});
  EXPECT_EQ(asked, (std::vector<TimeRange>{range, {{0}, {10'000'000'000}}}));
}

TEST(Insights, stats_gather_more_events_than_are_held) {
  auto parsed =
      parse_query("filter n >= 10 | stats count(*) as all, sum(n) as s, max(n) as m by even | sort even");
  const auto fetch = [&](const Wanted&, const TakeEvents& take) -> Status {
    for (int64_t page = 0; page < 12; ++page) {
      std::vector<Event> events(10'000);
      for (int64_t i = 0; i < 10'000; ++i) {
        const int64_t n = page * 10'000 + i;
        events[static_cast<size_t>(i)].message =
            "{\"n\":" + std::to_string(n) + ",\"even\":" + std::to_string(1 - n % 2) + "}";
      }
      CLEW_ASSIGN(const bool wants_more, take(std::move(events)));
      EXPECT_TRUE(wants_more);
    }
    return {};
  };
  const Result<Output> output =
      run(std::get<Query>(parsed), {{0}, {1}}, 100, {1}, {.fetch = fetch, .engine = {}, .table = {}});
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(lines_of(*output), (std::vector<std::string>{"> even=0; all=59995; s=3599999975; m=119999",
                                                         "> even=1; all=59995; s=3599939980; m=119998"}));
  EXPECT_EQ(output->events, 120'000U);
}

TEST(Insights, rows_are_looked_for_until_there_are_enough) {
  auto parsed = parse_query("filter n % 50000 = 0 | fields n | limit 3");
  size_t pages = 0;
  const auto fetch = [&](const Wanted&, const TakeEvents& take) -> Status {
    for (; pages < 40; ++pages) {
      std::vector<Event> events(10'000);
      for (size_t i = 0; i < events.size(); ++i)
        events[i].message = "{\"n\":" + std::to_string(pages * events.size() + i) + "}";
      CLEW_ASSIGN(const bool wants_more, take(std::move(events)));
      if (!wants_more) break;
    }
    return {};
  };
  const Result<Output> output =
      run(std::get<Query>(parsed), {{0}, {1}}, 100, {1}, {.fetch = fetch, .engine = {}, .table = {}});
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(lines_of(*output), (std::vector<std::string>{"> n=0", "> n=50000", "> n=100000"}));
  EXPECT_EQ(pages, 10U);
}

TEST(Insights, offset_shows_an_earlier_time_where_this_one_stands) {
  auto parsed = parse_query("stats count(*) as n by bin(10s) as at offset 1h");
  TimeRange asked;
  const auto fetch = [&](const Wanted& wanted, const TakeEvents& take) -> Status {
    asked = wanted.range;
    std::vector<Event> events(1);
    events[0].place.milliseconds = 25'000;
    return take(std::move(events)).status();
  };
  const TimeRange range{{3'600'000'000'000}, {3'660'000'000'000}};
  const Result<Output> output =
      run(std::get<Query>(parsed), range, 100, range.to, {.fetch = fetch, .engine = {}, .table = {}});
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(asked, (TimeRange{{0}, {60'000'000'000}}));
  EXPECT_EQ(lines_of(*output), (std::vector<std::string>{"> at=1970-01-01 01:00:20.000; n=1"}));
}

}  // namespace
}  // namespace clew::cloudwatch_logs::insights
