#include "protocols/rollbar/bundle_tickets.h"

#include <gtest/gtest.h>

namespace clew::rollbar {
namespace {

const BundlePlace kPlace{.environment = {7}, .version = "1.4.2", .prefix_url = "https://shop.example/static"};
constexpr UnixNanos kNow{1'700'000'000'000'000'000};

TEST(BundleTickets, are_good_once_for_what_they_were_issued_for) {
  BundleTickets tickets;
  const std::string ticket = tickets.issue(kPlace, kNow);
  EXPECT_GE(ticket.size(), 22u);
  EXPECT_NE(ticket, tickets.issue(kPlace, kNow));
  EXPECT_FALSE(tickets.take("guessed", kNow));
  const auto place = tickets.take(ticket, kNow + seconds(59 * 60));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->environment, EnvironmentId{7});
  EXPECT_EQ(place->version, "1.4.2");
  EXPECT_FALSE(tickets.take(ticket, kNow));
}

TEST(BundleTickets, end_after_an_hour_and_when_there_are_too_many) {
  BundleTickets tickets;
  const std::string old = tickets.issue(kPlace, kNow);
  EXPECT_FALSE(tickets.take(old, kNow + hours(1)));
  const std::string first = tickets.issue(kPlace, kNow);
  const std::string second = tickets.issue(kPlace, kNow);
  for (size_t i = 1; i < BundleTickets::kMost; ++i) tickets.issue(kPlace, kNow);
  EXPECT_FALSE(tickets.take(first, kNow));
  EXPECT_TRUE(tickets.take(second, kNow));
}

}  // namespace
}  // namespace clew::rollbar
