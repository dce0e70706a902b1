// ColumnarStore: the embedded store. What was acknowledged is in the write-ahead log and in memory;
// generation by generation it is sealed into parts; parts are merged into larger ones, written anew without
// the rows that are to go, and dropped when they are too old.
//
//   append ──► decode into the shard's blocks ──► log (group commit) ──► done
//   snapshot ─► take the shards' blocks, wait for the log ──► blocks and parts
//   seal ─────► cut the log and all shards at one moment ──► parts ──► manifest ──► old log removed
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/file_system.h"
#include "store/columnar/catalog.h"
#include "store/columnar/directory_lock.h"
#include "store/columnar/eraser.h"
#include "store/columnar/gate.h"
#include "store/columnar/table_shard.h"
#include "store/columnar/wal.h"
#include "store/storage.h"

namespace clew::store {

struct ColumnarOptions {
  std::string directory;
  Durability durability = Durability::sync;
  Nanoseconds retention = days(30);               // rows older than this are dropped, by whole days; 0: never
  uint64_t max_disk_bytes = 0;                    // parts beyond this are dropped, oldest first; 0: no limit
  unsigned shards = 0;                            // ingest threads that do not share a lock; 0: one a core
  uint64_t seal_rows = 262'144;                   // a generation is sealed when it has this many rows,
  uint64_t seal_bytes = uint64_t{96} << 20;       // or this many bytes of requests,
  Nanoseconds seal_age = seconds(60);             // or is this old
  uint64_t unsealed_bytes = uint64_t{512} << 20;  // beyond this, appends are refused (retryable)
  Nanoseconds gather_after = seconds(5);  // without appends for so long, leftovers are sealed and merged
  bool background = true;                 // seal and merge by themselves; false: only when told (tests)
};

// Figures for /metrics and the status page.
struct StoreStatus {
  uint64_t parts = 0;
  uint64_t part_rows = 0;
  uint64_t part_bytes = 0;
  uint64_t block_rows = 0;      // in memory, published to readers
  uint64_t unsealed_bytes = 0;  // of requests since the last seal
  uint64_t wal_bytes = 0;
  bool idle = true;     // neither sealing nor merging, and no merge due
  std::string trouble;  // why sealing or merging fails at the moment; empty: it does not
  std::vector<Damage> damages;
};

class ColumnarStore : public Storage {
 public:
  // Takes the directory (makes it if need be), loads the manifest, replays the log.
  static Result<std::unique_ptr<ColumnarStore>> open(ColumnarOptions options,
                                                     FileSystem& files = real_file_system());
  ~ColumnarStore() override;

  void append(const Batch& batch, std::function<void(AppendOutcome)> done) override;
  Snapshot snapshot(EnvironmentId environment, Signal signal) override;
  Status close() override;

  // Rows that fall under one of these leave the disk soon; until then they are in snapshots. The store does
  // not keep the rules: who sets them does so at every start.
  ErasureRules& erasure_rules() { return erasure_rules_; }

  // Writes everything in memory as parts. Does nothing when there is nothing.
  Status seal();
  // Performs one merge, if one is due. Whether it did.
  Result<bool> merge(bool gather_leftovers);
  // Drops parts that are too old or too many.
  Status expire(UnixNanos at);
  // Writes one part anew without rows that fall under the erasure rules, if one is worth it. Whether it did.
  Result<bool> erase(UnixNanos at);

  StoreStatus status() const;

 private:
  struct Shard {
    std::mutex mutex;
    std::map<TableKey, TableShard> tables;  // guarded by mutex
  };
  using TakenBlocks = std::map<TableKey, std::vector<std::unique_ptr<BlockBuilder>>>;

  ColumnarStore(ColumnarOptions options, FileSystem& files);
  Status replay(const WalRecord& record);
  Shard& own_shard();
  std::optional<Status> refusal() const;
  TakenBlocks take_blocks(std::optional<TableKey> only);
  void publish_blocks(TakenBlocks taken);  // with cut_mutex_ held
  // Puts one part in the place of `parts`, or none. Whether it did: a damaged part stays. With merge_mutex_
  // held.
  Result<bool> rewrite(std::span<const PublishedPart> parts, std::span<const RowsToErase> erased);
  static Result<bool> after_failed_rewrite(std::span<const PublishedPart> parts, const Status& status);
  void run_sealer();
  void run_merger();
  bool seal_is_due() const;
  void set_trouble(std::string& which, const Status& status);

  const ColumnarOptions options_;
  FileSystem& files_;
  std::unique_ptr<DirectoryLock> lock_;
  std::unique_ptr<Catalog> catalog_;
  std::vector<std::unique_ptr<Shard>> shards_;

  Gate gate_;              // inside: an append between decoding and the log; closed: the moment a seal cuts
  std::mutex cut_mutex_;   // whoever takes blocks from shards until they are published; before gate_
  std::mutex seal_mutex_;  // one seal at a time; before cut_mutex_
  std::mutex merge_mutex_;
  ErasureRules erasure_rules_;
  Eraser eraser_;  // guarded by merge_mutex_

  std::atomic<uint64_t> unsealed_rows_{0}, unsealed_bytes_{0};
  std::atomic<int64_t> generation_began_{
      0};  // monotonic nanoseconds of the first append after a seal; 0: none yet
  std::atomic<int64_t> last_append_{0};  // monotonic nanoseconds
  std::atomic<bool> seal_called_for_{false};
  std::atomic<bool> closed_{false};

  mutable std::mutex state_mutex_;
  std::condition_variable seal_wake_, merge_wake_;
  // Guarded by state_mutex_:
  bool stopping_ = false;
  bool sealing_ = false, merging_ = false;
  std::string seal_trouble_, merge_trouble_;

  std::thread sealer_, merger_;
  std::unique_ptr<Wal> wal_;  // last, so that its thread ends first
};

}  // namespace clew::store
