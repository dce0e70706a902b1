// Wal: the write-ahead log. A batch that was appended and reported durable is delivered again by the next
// open().
//
// Appended records are queued; one thread writes everything that waits with one call, syncs it with one call
// (group commit), and reports the group in order. The log is a sequence of numbered segment files. A
// *generation* of the store is what lies between two rolls; when it has been written as parts, and the
// manifest says so, its segments are removed.
//
// When writing or syncing fails, the whole group is reported as failed, and never comes back: it is cut off
// the segment, and if that cannot be made sure of, a new segment begins whose header says where the old one
// ends. Until one of the two has worked the group stays unreported and further appends are refused at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "store/columnar/wal_format.h"
#include "store/columnar/wal_replay.h"

namespace clew::store {

enum class Durability : uint8_t {
  sync,  // reported when it survives power loss
  os,    // reported when it survives the end of the process
  none,  // reported before it is written
};

struct WalOptions {
  std::string directory;  // must exist
  // Replayed from here on; older segments are deleted.
  uint64_t first_segment = 1;
  Durability durability = Durability::sync;
  // A segment that has grown to this size is followed by a new one. At start a segment is read as a whole.
  uint64_t segment_bytes = uint64_t{64} << 20;
  // What may wait to be written; more is refused with `exhausted`.
  uint64_t queue_bytes = uint64_t{256} << 20;
  // What is written and synced together at the most (one larger record excepted).
  uint64_t group_bytes = uint64_t{16} << 20;
  // After failing to cut a failed group off, the next attempt is made this much later.
  Nanoseconds repair_interval = milliseconds(100);
};

class Wal {
 public:
  using Durable = std::function<void(Status)>;

  // Deletes the segments before `first_segment`, delivers the records of the others (see replay_wal), and
  // begins a new segment. `system` must outlive the log.
  static Result<std::unique_ptr<Wal>> open(FileSystem& system, WalOptions options,
                                           const std::function<void(const WalRecord&)>& on_record);
  ~Wal();
  Wal(const Wal&) = delete;
  Wal& operator=(const Wal&) = delete;

  // Queues a record; its sequence number. `durable` is called exactly once, on the log's thread, in the order
  // of sequence numbers; it must be quick and must not call roll, wait_durable or close. When append itself
  // fails (exhausted: too much waits or the disk is full; too_large; unavailable: closed) `durable` is not
  // called.
  Result<uint64_t> append(WalRecord record, Durable durable);

  // Cuts the log: everything appended before the call is in segments before the returned number and has been
  // reported, everything appended later is in that segment or after it. That segment's file exists and
  // survives power loss. Fails (exhausted) when it could not be made; then nothing was cut.
  Result<uint64_t> roll();
  // The same cut at the same moment, without waiting for the writing.
  std::future<Result<uint64_t>> begin_roll();

  // Returns when everything up to this sequence number has been reported, one way or the other.
  void wait_durable(uint64_t sequence);
  // The sequence number of the last record that was appended; 0 before the first.
  uint64_t last_sequence() const;

  // Deletes segments before `segment`, which a roll returned. What cannot be deleted is deleted at the next
  // open.
  Status remove_before(uint64_t segment);

  // Writes what waits, reports it, and refuses what comes later. The destructor does it too.
  void close();

  const WalReplaySummary& replayed() const { return replayed_; }
  // Bytes in all segment files of this log, for metrics.
  uint64_t bytes_on_disk() const;

 private:
  struct Entry {
    WalRecord record;
    uint64_t payload_checksum = 0;
    uint64_t sequence = 0;
    Durable durable;
    std::unique_ptr<std::promise<Result<uint64_t>>> roll;  // then it is a cut and not a record
  };

  struct SegmentFile {
    uint64_t number = 0;
    uint64_t bytes = 0;
  };

  Wal(FileSystem& system, WalOptions options, WalReplaySummary replayed);

  Status find_segments();
  // On the log's thread.
  void run();
  std::vector<Entry> take_group();
  void write_group(std::vector<Entry>& group);
  Status write_and_sync(const std::vector<Entry>& group);
  // After a failed group: waits until nothing of it can come back. Fails when the log is closed before that.
  Status take_back(const Status& cause);
  void report(std::vector<Entry>& group, const Status& status);
  void perform_roll(Entry& entry);
  void fail_waiting_rolls();
  void note_failure(const Status& status);
  // Begins the next segment. Once this was tried the current segment is never written again: the header of
  // the new one, which says where the current one ends, may have reached the disk even though it failed.
  Status begin_segment();

  FileSystem& system_;
  const WalOptions options_;
  const WalReplaySummary replayed_;

  // Used by the log's thread only (and before it starts).
  std::unique_ptr<File> file_;
  uint64_t segment_ = 0;  // the current segment …
  WalSegmentEnd end_;     // … and its valid bytes
  uint64_t salt_ = 0;
  bool sync_failed_ = false;  // nothing in the file behind end_ may be relied upon, not even its absence
  bool must_begin_ = true;    // the current segment is finished
  bool failing_ = false;      // the last group could not be written
  Nanoseconds last_failure_;  // on the monotonic clock

  mutable std::mutex mutex_;
  std::condition_variable work_;      // something was queued, or closing
  std::condition_variable reported_;  // reported_sequence_ has grown
  // Guarded by mutex_.
  std::deque<Entry> queue_;
  uint64_t queued_bytes_ = 0;
  uint64_t next_sequence_ = 1;
  uint64_t reported_sequence_ = 0;
  bool closing_ = false;
  std::optional<Status> broken_;      // why appends are refused at the moment
  std::deque<SegmentFile> segments_;  // all there are, oldest first; the last is the current one

  std::thread thread_;
};

}  // namespace clew::store
