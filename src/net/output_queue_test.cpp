#include "net/output_queue.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace clew::net {
namespace {

// Takes everything, in bites of at most `bite` bytes.
std::string drain(OutputQueue& queue, size_t bite) {
  std::string all;
  std::array<iovec, 4> places;
  while (!queue.empty()) {
    const size_t used = queue.peek(places);
    size_t taken = 0;
    for (size_t i = 0; i < used && taken < bite; ++i) {
      const size_t count = std::min(bite - taken, places[i].iov_len);
      all.append(static_cast<const char*>(places[i].iov_base), count);
      taken += count;
    }
    queue.consume(taken);
  }
  return all;
}

TEST(OutputQueue, bytes_leave_in_order_however_they_are_bitten_off) {
  for (const size_t bite : {size_t{1}, size_t{7}, size_t{20'000}, size_t{1'000'000}}) {
    OutputQueue queue;
    std::string expected;
    for (int i = 0; i < 200; ++i) {
      const std::string small = std::to_string(i) + ",";
      queue.append(small);
      expected += small;
      if (i % 50 == 0) {
        std::string large(20'000 + static_cast<size_t>(i), 'x');
        expected += large;
        queue.append(std::move(large));
      }
    }
    EXPECT_EQ(queue.size(), expected.size());
    EXPECT_TRUE(drain(queue, bite) == expected) << bite;
  }
}

TEST(OutputQueue, small_pieces_are_one_place) {
  OutputQueue queue;
  queue.append("HTTP/1.1 200 OK\r\n\r\n");
  queue.append(std::string("body"));
  std::array<iovec, 4> places;
  EXPECT_EQ(queue.peek(places), 1u);
}

TEST(OutputQueue, large_strings_are_not_copied) {
  OutputQueue queue;
  std::string large(100'000, 'x');
  const char* const bytes = large.data();
  queue.append(std::move(large));
  std::array<iovec, 4> places;
  ASSERT_EQ(queue.peek(places), 1u);
  EXPECT_EQ(places[0].iov_base, bytes);
}

TEST(OutputQueue, one_follows_another) {
  OutputQueue first, second;
  first.append("one");
  second.append("gone two");
  second.consume(5);
  second.append(std::string(30'000, 'x'));
  first.append_all(second);
  EXPECT_TRUE(second.empty());
  EXPECT_TRUE(drain(first, 1'000'000) == "onetwo" + std::string(30'000, 'x'));
}

TEST(OutputQueue, refilled_while_it_drains_and_never_empty) {
  OutputQueue queue;
  std::string expected, got;
  std::array<iovec, 4> places;
  for (int i = 0; i < 2000; ++i) {
    const std::string piece(1 + static_cast<size_t>(i * 7919 % 40'000), static_cast<char>('a' + i % 26));
    expected += piece;
    queue.append(piece);
    while (queue.size() > 30'000) {
      ASSERT_GT(queue.peek(places), 0u);
      const size_t count = std::min<size_t>(places[0].iov_len, 9'999);
      got.append(static_cast<const char*>(places[0].iov_base), count);
      queue.consume(count);
    }
  }
  got += drain(queue, 12'345);
  EXPECT_TRUE(got == expected);
}

}  // namespace
}  // namespace clew::net
