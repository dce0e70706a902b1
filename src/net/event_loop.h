// EventLoop: one thread that waits for sockets (epoll) and for tasks that other threads post.
// Everything except post(), stop() and is_current() is for the loop's own thread, or before run().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/file_descriptor.h"

namespace clew::net {

class EventLoop {
 public:
  using Task = std::function<void()>;

  // Told about its descriptor. Events that were already under way may arrive after forget(): a watcher that
  // forgets its descriptor stays alive until the end of the turn (see keep_until_end_of_turn).
  class Watcher {
   public:
    virtual void on_ready(uint32_t epoll_events) = 0;

   protected:
    ~Watcher() = default;
  };

  static Result<std::shared_ptr<EventLoop>> create();

  // Serves until stop(). Tasks posted before or during the last turn are run.
  void run();
  // One turn of run(): waits for at most this long, then does what there is to do.
  void run_turn(Nanoseconds longest_wait);
  // Any thread. Tasks posted after this are dropped.
  void stop();
  // Any thread. Runs `task` on the loop, after all posted before it.
  void post(Task task);
  // Any thread.
  bool is_current() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  Status watch(int descriptor, uint32_t epoll_events, Watcher* watcher);
  void change(int descriptor, uint32_t epoll_events, Watcher* watcher);
  void forget(int descriptor);

  // Runs when the current turn's events and tasks are done, so that work from many of them may be joined.
  void at_end_of_turn(Task task) { end_of_turn_.push_back(std::move(task)); }
  void keep_until_end_of_turn(std::shared_ptr<void> object) { kept_.push_back(std::move(object)); }

  // Called at least this often, and once `before` a time somebody asked for. Returns whether it is needed
  // again; an idle loop sleeps.
  void set_sweep(Nanoseconds interval, std::function<bool()> sweep);
  void sweep_before(Nanoseconds at);

  // The monotonic clock, read once a turn.
  Nanoseconds now() const { return now_; }
  // "Sun, 06 Nov 1994 08:49:37 GMT", formatted once a second.
  std::string_view http_date();
  // Memory for one read, shared by all connections of the loop.
  std::vector<char>& scratch() { return scratch_; }

 private:
  EventLoop() = default;
  void run_posted();
  void finish_turn();
  int wait_milliseconds(Nanoseconds longest) const;

  FileDescriptor epoll_;
  FileDescriptor wake_;
  std::atomic<std::thread::id> thread_{};
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::vector<Task> posted_;  // guarded by mutex_
  bool closed_ = false;       // guarded by mutex_

  std::vector<Task> end_of_turn_;
  std::vector<std::shared_ptr<void>> kept_;
  std::function<bool()> sweep_;
  Nanoseconds sweep_interval_ = seconds(1);
  Nanoseconds next_sweep_{INT64_MAX};
  Nanoseconds now_{};
  int64_t date_second_ = 0;
  std::string date_;
  std::vector<char> scratch_;
};

}  // namespace clew::net
