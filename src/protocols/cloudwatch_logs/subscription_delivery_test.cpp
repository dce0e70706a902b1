// That it delivers, in order and again, is told by tests/cloudwatch_logs with a real receiver.
#include "protocols/cloudwatch_logs/subscription_delivery.h"

#include <random>

#include <gtest/gtest.h>

#include "base/counters.h"

namespace clew::cloudwatch_logs {
namespace {

// Nobody listens there.
constexpr const char* kNowhere = "http://127.0.0.1:1/events";

std::string incompressible(size_t bytes) {
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < bytes) text += static_cast<char>(random());
  return text;
}

TEST(SubscriptionDelivery, the_oldest_make_room_and_all_that_is_given_up_is_counted) {
  constexpr size_t kDocuments = 20, kEventsInEach = 3;
  const std::string megabyte = incompressible(1 << 20);
  const uint64_t before = value_of(Counter::subscription_events_lost);
  const auto lost = [&] { return value_of(Counter::subscription_events_lost) - before; };
  SubscriptionDelivery delivery;
  for (size_t i = 0; i < kDocuments; ++i) delivery.enqueue(kNowhere, megabyte, kEventsInEach);
  // 15 have room; one more may be on its way.
  EXPECT_GE(lost(), (kDocuments - 16) * kEventsInEach);
  EXPECT_LE(lost(), (kDocuments - 15) * kEventsInEach);
  delivery.stop();
  EXPECT_EQ(lost(), kDocuments * kEventsInEach);
  delivery.enqueue(kNowhere, "{}", 1);
  EXPECT_EQ(lost(), kDocuments * kEventsInEach + 1);
}

TEST(SubscriptionDelivery, a_destination_that_is_not_there_fails_its_check) {
  SubscriptionDelivery delivery;
  EXPECT_EQ(delivery.check(kNowhere).kind(), ErrorKind::unavailable);
  EXPECT_EQ(delivery.check("http://user:word@host/").kind(), ErrorKind::bad_input);
  delivery.stop();
  EXPECT_EQ(delivery.check(kNowhere).kind(), ErrorKind::cancelled);
}

}  // namespace
}  // namespace clew::cloudwatch_logs
