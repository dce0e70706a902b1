#include "control/errors/occurrence_counter.h"

#include <algorithm>
#include <chrono>

#include "base/counters.h"
#include "base/log.h"
#include "control/errors/occurrence_ids.h"

namespace clew::control::errors {
namespace {

// In one transaction; more wait for the next.
constexpr size_t kMostInOneCommit = 20'000;
// When so many wait, those who bring more wait with them.
constexpr size_t kMostUnanswered = 100'000;
// A transaction is followed by so many times its length of rest, in which the next one gathers: counting
// takes a small share of one processor, however many errors come.
constexpr int64_t kRest = 199;
constexpr Nanoseconds kLongestRest = seconds(1);
// Of these there are more only when a batch never comes to its end, or counting failed.
constexpr size_t kMostBeyond = 200'000;
// After so long without errors the database is tidied.
constexpr std::chrono::seconds kQuiet{2};

}  // namespace

OccurrenceCounter::OccurrenceCounter(ItemStore& items, CounterOptions options)
    : items_(items), options_(std::move(options)) {
  items_.expect(options_.uncounted);
  thread_ = std::thread([this] { work(); });
}

OccurrenceCounter::~OccurrenceCounter() {
  {
    std::unique_lock lock(mutex_);
    // A disk may take longer than a stop grants its senders; what it says then is still told to this object.
    all_ended_.wait(lock, [this] { return begun_ == 0; });
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

OccurrenceCounter::Ticket OccurrenceCounter::begin() {
  const std::lock_guard lock(mutex_);
  ++begun_;
  return under_way_.insert(latest_occurrence_id() + 1);
}

void OccurrenceCounter::abandon(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  under_way_.erase(ticket);
  end_one();
}

// Nothing of this is touched once the lock is released: it may be gone.
void OccurrenceCounter::end_one() {
  if (--begun_ == 0) all_ended_.notify_all();
}

void OccurrenceCounter::stored(Ticket ticket, std::vector<Arrived> arrived, std::function<void()> then) {
  items_.expect(arrived);
  bool waits = false;
  {
    const std::lock_guard lock(mutex_);
    waits = occurrences_waiting_ > kMostUnanswered;
    const bool is_awaited = waiting_.empty() && !resting_;
    occurrences_waiting_ += arrived.size();
    ++batches_stored_;
    waiting_.push_back({.ticket = ticket, .arrived = std::move(arrived), .then = {}});
    if (waits) waiting_.back().then = std::move(then);
    if (is_awaited) wake_.notify_one();
    end_one();
  }
  if (!waits) then();
}

void OccurrenceCounter::settle() {
  std::unique_lock lock(mutex_);
  const uint64_t target = batches_stored_;
  if (is_ready_ && batches_counted_ >= target) return;
  in_a_hurry_ = true;
  wake_.notify_one();
  counted_some_.wait(lock, [&] { return is_ready_ && batches_counted_ >= target; });
}

void OccurrenceCounter::work() {
  count_left_by_an_earlier_run();
  while (true) {
    std::vector<Waiting> taken = take();
    if (taken.empty()) return;
    const Nanoseconds began = monotonic_now();
    count_all(taken);
    took_ = {monotonic_now().count - began.count};
    is_untidy_ = true;
    {
      const std::lock_guard lock(mutex_);
      batches_counted_ += taken.size();
      if (waiting_.empty()) in_a_hurry_ = false;
    }
    counted_some_.notify_all();
    for (const Waiting& one : taken)
      if (one.then) one.then();
  }
}

std::vector<OccurrenceCounter::Waiting> OccurrenceCounter::take() {
  std::unique_lock lock(mutex_);
  const Nanoseconds rest = std::min(Nanoseconds{took_.count * kRest}, kLongestRest);
  resting_ = true;
  wake_.wait_for(lock, std::chrono::nanoseconds(rest.count), [this] { return stopping_ || in_a_hurry_; });
  resting_ = false;
  const auto has_work = [this] { return stopping_ || !waiting_.empty(); };
  if (is_untidy_ && !wake_.wait_for(lock, kQuiet, has_work)) {
    lock.unlock();
    items_.tidy();
    is_untidy_ = false;
    lock.lock();
  }
  wake_.wait(lock, has_work);
  std::vector<Waiting> taken;
  size_t occurrences = 0;
  while (!waiting_.empty() && (taken.empty() || occurrences < kMostInOneCommit)) {
    occurrences += waiting_.front().arrived.size();
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  occurrences_waiting_ -= occurrences;
  return taken;
}

void OccurrenceCounter::count_left_by_an_earlier_run() {
  if (!options_.uncounted.empty()) {
    log_info("errors", "counting " + std::to_string(options_.uncounted.size()) +
                           " errors that were stored just before the last end");
    std::vector<Waiting> alone(1);
    alone.front().arrived = std::move(options_.uncounted);
    {
      const std::lock_guard lock(mutex_);
      alone.front().ticket = under_way_.insert(latest_occurrence_id() + 1);
    }
    count_all(alone);
  }
  {
    const std::lock_guard lock(mutex_);
    is_ready_ = true;
  }
  counted_some_.notify_all();
}

void OccurrenceCounter::count_all(std::vector<Waiting>& taken) {
  std::vector<ArrivedBatch> batches;
  size_t occurrences = 0;
  for (Waiting& one : taken) {
    occurrences += one.arrived.size();
    batches.push_back(std::move(one.arrived));
  }
  const CountedSoFar so_far = counted_with(taken, batches);
  const Result<std::vector<Change>> changes = items_.commit(batches, so_far);
  if (!changes.ok()) {
    // The rows are stored and carry their group. They stay under way, so that the next start counts them.
    count(Counter::errors_not_counted, occurrences);
    log_error("errors", "cannot count: " + changes.status().to_string());
    for (const ArrivedBatch& batch : batches) {
      for (const Arrived& one : batch) beyond_.erase(one.occurrence.id);
    }
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    for (const Waiting& one : taken) under_way_.erase(one.ticket);
  }
  beyond_.erase(beyond_.begin(), beyond_.upper_bound(so_far.until));
  count(Counter::errors_counted, occurrences);
  options_.tell(*changes);
}

CountedSoFar OccurrenceCounter::counted_with(const std::vector<Waiting>& taken,
                                             const std::vector<ArrivedBatch>& batches) {
  CountedSoFar so_far;
  {
    const std::lock_guard lock(mutex_);
    std::multiset<int64_t> others = under_way_;
    for (const Waiting& one : taken) others.erase(others.find(*one.ticket));
    so_far.until = others.empty() ? latest_occurrence_id() : *others.begin() - 1;
  }
  // Nearly always none.
  for (const ArrivedBatch& batch : batches) {
    for (const Arrived& one : batch)
      if (one.occurrence.id > so_far.until) beyond_.insert(one.occurrence.id);
  }
  if (beyond_.size() > kMostBeyond) so_far.until = std::max(so_far.until, *beyond_.rbegin());
  so_far.beyond.assign(beyond_.upper_bound(so_far.until), beyond_.end());
  return so_far;
}

}  // namespace clew::control::errors
