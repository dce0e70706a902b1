#include "protocols/query_workers.h"

#include <future>

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(QueryWorkers, tasks_run_beside_each_other) {
  QueryWorkers workers(2, 10);
  std::promise<void> first, second;
  std::promise<void> done;
  ASSERT_TRUE(workers.submit([&] {
    first.set_value();
    second.get_future().wait();
    done.set_value();
  }));
  ASSERT_TRUE(workers.submit([&] {
    first.get_future().wait();
    second.set_value();
  }));
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(QueryWorkers, too_many_that_wait_are_turned_away) {
  QueryWorkers workers(1, 2);
  std::promise<void> started, go;
  std::shared_future<void> gone = go.get_future().share();
  ASSERT_TRUE(workers.submit([&started, gone] {
    started.set_value();
    gone.wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(workers.submit([] {}));
  EXPECT_TRUE(workers.submit([] {}));
  EXPECT_FALSE(workers.submit([] {}));
  go.set_value();
}

TEST(QueryWorkers, ending_raises_the_flag_and_drops_what_waits) {
  std::atomic<bool> saw_stopping = false, waiting_ran = false;
  {
    std::promise<void> started;
    QueryWorkers workers(1, 10);
    ASSERT_TRUE(workers.submit([&] {
      started.set_value();
      while (!workers.stopping()) std::this_thread::yield();
      saw_stopping = true;
    }));
    ASSERT_TRUE(workers.submit([&] { waiting_ran = true; }));
    started.get_future().wait();
  }
  EXPECT_TRUE(saw_stopping);
  EXPECT_FALSE(waiting_ran);
}

}  // namespace
}  // namespace clew
