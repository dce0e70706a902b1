#include "protocols/xray/reservoirs.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace clew::xray {
namespace {

constexpr UnixNanos kStart{1'795'000'000'000'000'000};

UnixNanos at(double seconds_later) {
  return kStart + Nanoseconds{static_cast<int64_t>(seconds_later * 1e9)};
}

SamplingReport report_of(std::string client) {
  return {.environment = kDefaultEnvironment, .rule = "r", .client = std::move(client)};
}

TEST(Reservoirs, OneClientGetsAll) {
  Reservoirs reservoirs;
  const Quota quota = reservoirs.report(report_of("a"), 5, at(0));
  EXPECT_EQ(quota.size, 5);
  EXPECT_EQ(quota.good_until, at(30));
}

TEST(Reservoirs, ANewcomerGetsWhatTheOthersLeaveAndThenItsShare) {
  Reservoirs reservoirs;
  EXPECT_EQ(reservoirs.report(report_of("a"), 5, at(0)).size, 5);
  EXPECT_EQ(reservoirs.report(report_of("b"), 5, at(3)).size, 0);
  EXPECT_EQ(reservoirs.report(report_of("a"), 5, at(10)).size, 3);
  EXPECT_EQ(reservoirs.report(report_of("b"), 5, at(13)).size, 2);
}

TEST(Reservoirs, WhatASilentClientHeldIsDealtAgainWhenItsQuotaHasEnded) {
  Reservoirs reservoirs;
  EXPECT_EQ(reservoirs.report(report_of("a"), 4, at(0)).size, 4);
  EXPECT_EQ(reservoirs.report(report_of("b"), 4, at(29.9)).size, 0);
  EXPECT_EQ(reservoirs.report(report_of("b"), 4, at(30)).size, 4);
}

TEST(Reservoirs, ASmallerReservoirIsKeptToAsTheClientsReport) {
  Reservoirs reservoirs;
  EXPECT_EQ(reservoirs.report(report_of("a"), 10, at(0)).size, 10);
  EXPECT_EQ(reservoirs.report(report_of("a"), 2, at(10)).size, 2);
  EXPECT_EQ(reservoirs.report(report_of("a"), 0, at(20)).size, 0);
}

TEST(Reservoirs, EnvironmentsAndRulesDoNotShare) {
  Reservoirs reservoirs;
  SamplingReport other = report_of("a");
  other.environment = {7};
  EXPECT_EQ(reservoirs.report(report_of("a"), 5, at(0)).size, 5);
  EXPECT_EQ(reservoirs.report(other, 5, at(0)).size, 5);
  other.rule = "another";
  EXPECT_EQ(reservoirs.report(other, 5, at(0)).size, 5);
}

TEST(Reservoirs, ReportsAreAddedUpByTenSecondsForAnHour) {
  Reservoirs reservoirs;
  SamplingReport report = report_of("a");
  report.requests = 100;
  report.sampled = 10;
  report.borrowed = 1;
  reservoirs.report(report, 5, at(1));
  report.client = "b";
  reservoirs.report(report, 5, at(9));
  reservoirs.report(report, 5, at(11));
  const auto windows = reservoirs.windows(kDefaultEnvironment, at(12));
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0].requests, 200u);
  EXPECT_EQ(windows[0].sampled, 20u);
  EXPECT_EQ(windows[0].borrowed, 2u);
  EXPECT_EQ(windows[1].start, at(10));
  EXPECT_TRUE(reservoirs.windows({7}, at(12)).empty());
  EXPECT_TRUE(reservoirs.windows(kDefaultEnvironment, at(3700)).empty());
}

// A client as the SDKs are: takes its quota each second while that is valid, borrows one a second while it
// has none, leaves the others to chance, and reports each ten seconds what it did.
class Client {
 public:
  Client(std::string id, double first_report) : next_report_(first_report) {
    report_ = report_of(std::move(id));
  }

  enum class Decision { reservoir, borrowed, by_rate, left_out };
  Decision decide(double now, double fixed_rate, std::mt19937& random) {
    ++report_.requests;
    if (std::floor(now) != second_) {
      second_ = std::floor(now);
      taken_ = 0;
    }
    const bool valid = at(now) < quota_.good_until;
    if (taken_ < (valid ? quota_.size : 1)) {
      ++taken_;
      ++(valid ? report_.sampled : report_.borrowed);
      return valid ? Decision::reservoir : Decision::borrowed;
    }
    if (std::uniform_real_distribution<>(0, 1)(random) >= fixed_rate) return Decision::left_out;
    ++report_.sampled;
    return Decision::by_rate;
  }

  void report_when_due(Reservoirs& reservoirs, int64_t size, double now) {
    if (now < next_report_) return;
    next_report_ += 10;
    if (report_.requests == 0) return;
    quota_ = reservoirs.report(report_, size, at(now));
    report_.requests = report_.sampled = report_.borrowed = 0;
  }

  int64_t held(double now) const { return at(now) < quota_.good_until ? quota_.size : 0; }

 private:
  SamplingReport report_;
  double next_report_;
  Quota quota_{.size = 0, .good_until = {0}};
  double second_ = -1;
  int64_t taken_ = 0;
};

TEST(Reservoirs, TenClientsTogetherKeepToReservoirAndRate) {
  constexpr int64_t kReservoir = 5;
  constexpr double kRate = 0.1;
  constexpr double kStep = 0.01;  // a request of each client
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937 random(seed);
    Reservoirs reservoirs;
    std::vector<Client> clients;
    for (int i = 0; i < 10; ++i)
      clients.emplace_back("client" + std::to_string(i), std::uniform_real_distribution<>(0, 10)(random));
    uint64_t by_rate = 0, chances = 0, reservoir_after = 0, borrowed_after = 0;
    for (int step = 0; step < 12'000; ++step) {
      const double now = step * kStep;
      int64_t held = 0;
      for (Client& client : clients) {
        // Half of them come only after a minute.
        if (now < 60 && &client - clients.data() >= 5) continue;
        client.report_when_due(reservoirs, kReservoir, now);
        const Client::Decision decision = client.decide(now, kRate, random);
        held += client.held(now);
        if (decision == Client::Decision::by_rate) ++by_rate;
        if (decision == Client::Decision::by_rate || decision == Client::Decision::left_out) ++chances;
        if (now >= 90 && decision == Client::Decision::reservoir) ++reservoir_after;
        if (now >= 90 && decision == Client::Decision::borrowed) ++borrowed_after;
      }
      ASSERT_LE(held, kReservoir) << "at " << now;
    }
    // Everyone has reported twice: the reservoir is used up each second, by nobody else, and nobody borrows.
    EXPECT_EQ(reservoir_after, 30u * kReservoir);
    EXPECT_EQ(borrowed_after, 0u);
    // Five standard deviations.
    const double deviation = std::sqrt(kRate * (1 - kRate) / static_cast<double>(chances));
    EXPECT_NEAR(static_cast<double>(by_rate) / static_cast<double>(chances), kRate, 5 * deviation);
  }
}

}  // namespace
}  // namespace clew::xray
