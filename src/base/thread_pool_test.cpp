#include "base/thread_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(ThreadPool, shares_the_pieces_among_all_workers_and_returns_when_the_last_is_done) {
  ThreadPool pool(3);
  EXPECT_EQ(pool.width(), 4u);
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> next = 0, sum = 0;
    pool.run_on_all(4, [&](size_t worker) {
      EXPECT_LT(worker, 4u);
      for (int piece = next++; piece < 100; piece = next++) sum += piece;
    });
    EXPECT_EQ(sum, 4950);
  }
}

TEST(ThreadPool, one_worker_wanted_is_the_caller) {
  ThreadPool pool(1);
  std::thread::id ran_on;
  pool.run_on_all(1, [&](size_t worker) {
    EXPECT_EQ(worker, 0u);
    ran_on = std::this_thread::get_id();
  });
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(ThreadPool, no_two_workers_of_a_call_have_the_same_number) {
  ThreadPool pool(3);
  for (int round = 0; round < 100; ++round) {
    std::atomic<int> seen[4] = {};
    pool.run_on_all(4, [&](size_t worker) { ++seen[worker]; });
    for (auto& times : seen) EXPECT_LE(times, 1);
    EXPECT_EQ(seen[0], 1);
  }
}

TEST(ThreadPool, many_callers_at_once_all_finish) {
  ThreadPool pool(2);
  std::atomic<int> sum = 0;
  std::vector<std::thread> callers;
  for (int c = 0; c < 8; ++c) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        std::atomic<int> next = 0;
        pool.run_on_all(3, [&](size_t) {
          while (next++ < 10) ++sum;
        });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 8 * 50 * 10);
}

}  // namespace
}  // namespace clew
