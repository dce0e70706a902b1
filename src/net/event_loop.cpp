#include "net/event_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace clew::net {
namespace {

// Large enough that a bulk sender's socket buffer is taken in few calls, small enough to stay in the L2
// cache.
constexpr size_t kScratch = 128 << 10;

Status system_failure(const char* what) {
  return {ErrorKind::internal, std::string(what) + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<std::shared_ptr<EventLoop>> EventLoop::create() {
  std::shared_ptr<EventLoop> loop(new EventLoop);
  loop->epoll_ = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
  if (!loop->epoll_.is_open()) return system_failure("epoll_create1");
  loop->wake_ = FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!loop->wake_.is_open()) return system_failure("eventfd");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  if (epoll_ctl(loop->epoll_.number(), EPOLL_CTL_ADD, loop->wake_.number(), &event) != 0)
    return system_failure("epoll_ctl");
  loop->scratch_.resize(kScratch);
  loop->now_ = monotonic_now();
  return loop;
}

void EventLoop::run() {
  while (!stopping_) run_turn({INT64_MAX});
  run_posted();
  finish_turn();
  std::lock_guard lock(mutex_);
  closed_ = true;
  posted_.clear();
}

void EventLoop::run_turn(Nanoseconds longest_wait) {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  std::array<epoll_event, 128> events;
  const int ready = epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()),
                               wait_milliseconds(longest_wait));
  now_ = monotonic_now();
  bool woken = false;
  for (int i = 0; i < ready; ++i) {
    if (events[i].data.ptr == nullptr)
      woken = true;
    else
      static_cast<Watcher*>(events[i].data.ptr)->on_ready(events[i].events);
  }
  if (woken) {
    uint64_t times;
    [[maybe_unused]] const ssize_t taken = read(wake_.number(), &times, sizeof times);
    run_posted();
  }
  if (now_ >= next_sweep_) {
    next_sweep_ = {INT64_MAX};
    if (sweep_()) sweep_before({now_.count + sweep_interval_.count});
  }
  finish_turn();
}

void EventLoop::stop() {
  stopping_ = true;
  const uint64_t once = 1;
  [[maybe_unused]] const ssize_t written = write(wake_.number(), &once, sizeof once);
}

void EventLoop::post(Task task) {
  bool first;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (!first) return;
  const uint64_t once = 1;
  [[maybe_unused]] const ssize_t written = write(wake_.number(), &once, sizeof once);
}

Status EventLoop::watch(int descriptor, uint32_t epoll_events, Watcher* watcher) {
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = watcher;
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) != 0) return system_failure("epoll_ctl");
  if (sweep_) sweep_before({now_.count + sweep_interval_.count});
  return {};
}

void EventLoop::change(int descriptor, uint32_t epoll_events, Watcher* watcher) {
  epoll_event event{};
  event.events = epoll_events;
  event.data.ptr = watcher;
  epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::forget(int descriptor) {
  epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::set_sweep(Nanoseconds interval, std::function<bool()> sweep) {
  sweep_interval_ = interval;
  sweep_ = std::move(sweep);
}

void EventLoop::sweep_before(Nanoseconds at) {
  if (sweep_) next_sweep_ = std::min(next_sweep_, at);
}

std::string_view EventLoop::http_date() {
  const int64_t second = clew::now().count / 1'000'000'000;
  if (second != date_second_) {
    date_second_ = second;
    const auto time = static_cast<time_t>(second);
    tm parts{};
    gmtime_r(&time, &parts);
    // Not strftime("%a, %d %b"): the names are English in every locale.
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    const int size = snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday],
                              parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                              parts.tm_min, parts.tm_sec);
    date_.assign(text, static_cast<size_t>(size));
  }
  return date_;
}

void EventLoop::run_posted() {
  std::vector<Task> tasks;
  {
    std::lock_guard lock(mutex_);
    tasks.swap(posted_);
  }
  for (Task& task : tasks) task();
}

void EventLoop::finish_turn() {
  // A task may ask for another one.
  for (size_t i = 0; i < end_of_turn_.size(); ++i) {
    const Task task = std::move(end_of_turn_[i]);
    task();
  }
  end_of_turn_.clear();
  // Destructors of what goes now may post, but not keep.
  std::vector<std::shared_ptr<void>> gone;
  gone.swap(kept_);
}

int EventLoop::wait_milliseconds(Nanoseconds longest) const {
  int64_t wait = longest.count;
  if (next_sweep_.count != INT64_MAX)
    wait = std::min(wait, std::max<int64_t>(next_sweep_.count - monotonic_now().count, 0));
  if (wait == INT64_MAX) return -1;
  return wait <= 0 ? 0 : static_cast<int>(std::min<int64_t>(wait / 1'000'000 + 1, 60'000));
}

}  // namespace clew::net
