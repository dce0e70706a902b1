// OccurrenceCounter: counts occurrences to their items behind the senders' backs. Senders are answered when
// their rows are stored; the counting follows in a few large transactions, each of which also writes down how
// far it has come. After a crash what was stored and not counted is found in the store (uncounted.h).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "control/errors/item_store.h"

namespace clew::control::errors {

struct CounterOptions {
  // What became of the items; from the counter's thread.
  std::function<void(const std::vector<Change>&)> tell;
  // What an earlier run has stored and not counted.
  std::vector<Arrived> uncounted;
};

class OccurrenceCounter {
 public:
  // `items` must outlive this.
  OccurrenceCounter(ItemStore& items, CounterOptions options);
  // Waits for every batch that began, and counts what is stored.
  ~OccurrenceCounter();
  OccurrenceCounter(const OccurrenceCounter&) = delete;
  OccurrenceCounter& operator=(const OccurrenceCounter&) = delete;

  // A batch on its way to the store. From before its occurrences get their ids until they are counted, or are
  // known not to be stored.
  using Ticket = std::multiset<int64_t>::iterator;
  Ticket begin();
  void abandon(Ticket ticket);
  // They are stored. Calls `then` at once, or, when very many wait already, once they are counted.
  void stored(Ticket ticket, std::vector<Arrived> arrived, std::function<void()> then);

  // Waits until everything that is stored so far is counted: so that those who are told of a stored
  // occurrence and look find it.
  void settle();

 private:
  struct Waiting {
    Ticket ticket;
    ArrivedBatch arrived;
    std::function<void()> then;  // may be empty
  };
  void end_one();  // with the lock held
  void work();
  void count_left_by_an_earlier_run();
  // Waits for the next transaction's time; nothing at the end.
  std::vector<Waiting> take();
  void count_all(std::vector<Waiting>& taken);
  // How far counting has come once these are counted too.
  CountedSoFar counted_with(const std::vector<Waiting>& taken, const std::vector<ArrivedBatch>& batches);

  ItemStore& items_;
  CounterOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_, counted_some_, all_ended_;
  // Guarded by mutex_:
  std::multiset<int64_t> under_way_;  // no id of the batch is smaller
  size_t begun_ = 0;                  // batches of which is not known yet whether they are stored
  std::deque<Waiting> waiting_;
  size_t occurrences_waiting_ = 0;
  uint64_t batches_stored_ = 0, batches_counted_ = 0;
  bool is_ready_ = false;  // what an earlier run left is counted
  bool in_a_hurry_ = false;
  bool resting_ = false;  // what comes meanwhile need not wake the thread
  bool stopping_ = false;

  // Of the thread alone:
  std::set<int64_t> beyond_;  // counted, though smaller ones may not be
  Nanoseconds took_;          // the transaction before
  bool is_untidy_ = false;    // since then

  std::thread thread_;
};

}  // namespace clew::control::errors
