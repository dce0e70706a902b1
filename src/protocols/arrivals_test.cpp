#include "protocols/arrivals.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

constexpr EnvironmentId kOther{2};

Sender some_sender(std::string agent) {
  return {"127.0.0.1", 4318, "OTLP/HTTP traces", std::move(agent)};
}

TEST(Arrivals, a_sender_is_its_address_without_the_port) {
  net::Request request;
  request.peer = "[::1]:51234";
  request.door = 4318;
  request.headers = {{"user-agent", "OTel-OTLP-Exporter-JavaScript/0.52"}};
  EXPECT_EQ(sender_of(request, "OTLP/HTTP traces"),
            (Sender{"[::1]", 4318, "OTLP/HTTP traces", "OTel-OTLP-Exporter-JavaScript/0.52"}));
}

TEST(Arrivals, adds_up_what_one_sender_sends) {
  Arrivals arrivals;
  arrivals.accepted(kDefaultEnvironment, some_sender("node"), 10, 1000);
  arrivals.accepted(kDefaultEnvironment, some_sender("node"), 5, 500);
  const auto senders = arrivals.senders(kDefaultEnvironment);
  ASSERT_EQ(senders.size(), 1u);
  EXPECT_EQ(senders[0].requests, 2u);
  EXPECT_EQ(senders[0].items, 15u);
  EXPECT_EQ(senders[0].bytes, 1500u);
  EXPECT_LE(senders[0].first_seen, senders[0].last_seen);
}

TEST(Arrivals, an_environment_sees_its_own_and_what_belongs_to_none) {
  Arrivals arrivals;
  arrivals.accepted(kDefaultEnvironment, some_sender("mine"), 1, 1);
  arrivals.accepted(kOther, some_sender("other"), 1, 1);
  arrivals.refused(std::nullopt, some_sender("nobody"), 401, "unknown API key", "create one");
  arrivals.refused(kOther, some_sender("other"), 400, "malformed", "");
  EXPECT_EQ(arrivals.senders(kDefaultEnvironment).size(), 2u);
  ASSERT_EQ(arrivals.refusals(kDefaultEnvironment).size(), 1u);
  EXPECT_EQ(arrivals.refusals(kDefaultEnvironment)[0].reason, "unknown API key");
  EXPECT_EQ(arrivals.refused_requests(kDefaultEnvironment), 1u);
  EXPECT_EQ(arrivals.refused_requests(kOther), 2u);
}

TEST(Arrivals, the_same_refusal_again_is_counted_and_comes_to_the_front) {
  Arrivals arrivals;
  arrivals.refused(std::nullopt, some_sender("a"), 404, "wrong path", "use /v1/traces");
  arrivals.refused(std::nullopt, some_sender("b"), 415, "wrong type", "");
  arrivals.refused(std::nullopt, some_sender("a"), 404, "wrong path", "use /v1/traces");
  const auto refusals = arrivals.refusals(kDefaultEnvironment);
  ASSERT_EQ(refusals.size(), 2u);
  EXPECT_EQ(refusals[0].sender.agent, "a");
  EXPECT_EQ(refusals[0].times, 2u);
  EXPECT_EQ(refusals[0].remedy, "use /v1/traces");
}

TEST(Arrivals, a_flood_of_senders_and_refusals_stays_bounded) {
  Arrivals arrivals;
  for (int i = 0; i < 2000; ++i) {
    arrivals.refused(std::nullopt, some_sender(std::to_string(i)), 400, std::string(10'000, 'x'), "");
  }
  EXPECT_EQ(arrivals.senders(kDefaultEnvironment).size(), 512u);
  const auto refusals = arrivals.refusals(kDefaultEnvironment);
  ASSERT_EQ(refusals.size(), 100u);
  EXPECT_EQ(refusals[0].sender.agent, "1999");
  EXPECT_EQ(refusals[0].reason.size(), 300u);
}

TEST(Arrivals, a_mistake_that_was_understood_is_listed_but_is_no_refusal) {
  Arrivals arrivals;
  arrivals.noted(kDefaultEnvironment, some_sender("node"), "the path was doubled", "shorten it");
  arrivals.noted(kDefaultEnvironment, some_sender("node"), "the path was doubled", "shorten it");
  EXPECT_EQ(arrivals.refused_requests(kDefaultEnvironment), 0u);
  const auto listed = arrivals.refusals(kDefaultEnvironment);
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].status, 200);
  EXPECT_EQ(listed[0].times, 2u);
  EXPECT_EQ(listed[0].remedy, "shorten it");
  EXPECT_TRUE(arrivals.refusals(kOther).empty());
}

}  // namespace
}  // namespace clew
