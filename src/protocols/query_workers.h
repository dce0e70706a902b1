// QueryWorkers: the threads that answer questions, so that the network's event loops never wait for one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace clew {

class QueryWorkers {
 public:
  using Task = std::function<void()>;

  QueryWorkers(unsigned threads, size_t waiting);
  // Stops, and waits for what is under way.
  ~QueryWorkers();
  QueryWorkers(const QueryWorkers&) = delete;
  QueryWorkers& operator=(const QueryWorkers&) = delete;

  // Drops what waits and raises `stopping`. Nothing is taken any more.
  void stop();
  // False when too many wait already; the task is then not called.
  bool submit(Task task);
  // Tasks that run long look at this.
  const std::atomic<bool>& stopping() const { return stopping_; }

 private:
  void work();

  const size_t waiting_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<Task> tasks_;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

// Answers a call on one of the workers; with `busy` when too many wait already.
template <typename Call, typename Answer>
void answer_on(QueryWorkers& workers, Call call, std::function<void(Answer)> reply,
               Answer (*answer)(const Call&), Answer busy) {
  // Tasks are copied; a request is not.
  auto shared = std::make_shared<Call>(std::move(call));
  if (!workers.submit([shared, reply, answer] { reply(answer(*shared)); })) reply(std::move(busy));
}

}  // namespace clew
