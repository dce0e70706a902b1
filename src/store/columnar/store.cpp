#include "store/columnar/store.h"

#include <algorithm>
#include <pthread.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "store/columnar/file_names.h"
#include "store/columnar/merge_policy.h"
#include "store/columnar/part_making.h"

namespace clew::store {
namespace {

constexpr Nanoseconds kRetryAfterFailure = seconds(2);
constexpr Nanoseconds kExpireEvery = seconds(60);
constexpr size_t kManyBlocks = 256;  // frequent queries cut small blocks; so many are worth a seal

std::chrono::nanoseconds to_chrono(Nanoseconds duration) {
  return std::chrono::nanoseconds(duration.count);
}

Counter accepted_counter(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return Counter::spans_accepted;
    case Signal::logs:
      return Counter::logs_accepted;
    case Signal::metrics:
      return Counter::points_accepted;
  }
  return Counter::spans_accepted;
}

// Work in the background gives way to requests.
void become_background_thread(const char* name) {
  name_this_thread(name);
  set_priority_of_this_thread(ThreadPriority::background);
}

}  // namespace

ColumnarStore::ColumnarStore(ColumnarOptions options, FileSystem& files)
    : options_(std::move(options)), files_(files) {
  const unsigned shards =
      options_.shards != 0 ? options_.shards : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>());
}

Result<std::unique_ptr<ColumnarStore>> ColumnarStore::open(ColumnarOptions options, FileSystem& files) {
  std::unique_ptr<ColumnarStore> store(new ColumnarStore(std::move(options), files));
  const std::string& directory = store->options_.directory;
  CLEW_ASSIGN(store->lock_, DirectoryLock::acquire(files, directory));
  CLEW_ASSIGN(store->catalog_, Catalog::open(files, directory));
  Status replayed;
  WalOptions wal{.directory = join_path(directory, kWalDirectoryName),
                 .first_segment = store->catalog_->first_wal_segment(),
                 .durability = store->options_.durability};
  CLEW_ASSIGN(store->wal_, Wal::open(files, std::move(wal), [&](const WalRecord& record) {
                if (Status status = store->replay(record); !status.ok()) replayed = std::move(status);
              }));
  CLEW_TRY(std::move(replayed));
  CLEW_TRY(store->catalog_->note_damaged_log());
  {
    const std::lock_guard cut(store->cut_mutex_);
    store->publish_blocks(store->take_blocks(std::nullopt));
  }
  if (store->options_.background) {
    store->sealer_ = std::thread([raw = store.get()] { raw->run_sealer(); });
    store->merger_ = std::thread([raw = store.get()] { raw->run_merger(); });
  }
  return store;
}

ColumnarStore::~ColumnarStore() {
  if (!closed_) {
    if (Status status = close(); !status.ok()) log_error("store", status.message());
  }
}

// The same decoding as when the batch arrived, so the same rows. What was refused then is refused again.
Status ColumnarStore::replay(const WalRecord& record) {
  TableShard& table = shards_[0]->tables[{record.environment, record.signal}];
  const TableShard::Mark mark = table.mark();
  const auto decoded = decode_otlp(record.signal, record.otlp.view(), record.arrival, table);
  if (!decoded.ok()) {
    table.take_back(mark);
    log_error("store", fmt::format("a record of the log does not decode and is left out: {}",
                                   decoded.status().message()));
    return {};
  }
  unsealed_rows_ += decoded->accepted;
  unsealed_bytes_ += record.otlp.size();
  generation_began_ = monotonic_now().count;
  return {};
}

ColumnarStore::Shard& ColumnarStore::own_shard() {
  static std::atomic<unsigned> next{0};
  thread_local const unsigned number = next.fetch_add(1);
  return *shards_[number % shards_.size()];
}

std::optional<Status> ColumnarStore::refusal() const {
  if (closed_) return Status(ErrorKind::unavailable, "clew is stopping; try again");
  const uint64_t waiting = unsealed_bytes_.load(std::memory_order_relaxed);
  if (waiting <= options_.unsealed_bytes) return std::nullopt;
  count(Counter::appends_exhausted);
  return Status(
      ErrorKind::exhausted,
      fmt::format("the store is behind: {} MiB wait to be written to disk (limit {} MiB); try again",
                  waiting >> 20, options_.unsealed_bytes >> 20));
}

void ColumnarStore::append(const Batch& batch, std::function<void(AppendOutcome)> done) {
  if (auto refused = refusal()) return done({.status = std::move(*refused)});
  const UnixNanos arrival = now();
  const TableKey key{batch.environment, batch.signal};
  AppendOutcome outcome;
  {
    const Gate::Visit visit(gate_);
    Shard& shard = own_shard();
    const std::lock_guard lock(shard.mutex);
    TableShard& table = shard.tables[key];
    const TableShard::Mark mark = table.mark();
    auto decoded = decode_otlp(batch.signal, batch.otlp.view(), arrival, table);
    if (!decoded.ok()) {
      table.take_back(mark);
      outcome.status = std::move(decoded).status();
    } else {
      outcome.accepted = decoded->accepted;
      outcome.rejected = decoded->rejected;
      outcome.rejection = std::move(decoded->rejection);
      if (outcome.accepted != 0) {
        auto refused = std::make_shared<std::atomic<bool>>(false);
        auto appended = wal_->append({batch.signal, batch.environment, arrival, batch.otlp},
                                     [refused, done, outcome, signal = batch.signal](Status status) mutable {
                                       if (status.ok())
                                         count(accepted_counter(signal), outcome.accepted);
                                       else
                                         *refused = true;
                                       outcome.status = std::move(status);
                                       done(std::move(outcome));
                                     });
        if (appended.ok()) {
          table.attribute_to(mark, *appended, std::move(refused));
          unsealed_rows_ += outcome.accepted;
          unsealed_bytes_ += batch.otlp.size();
          const int64_t at = monotonic_now().count;
          last_append_.store(at, std::memory_order_relaxed);
          int64_t none = 0;
          generation_began_.compare_exchange_strong(none, at);
        } else {
          table.take_back(mark);
          outcome.status = std::move(appended).status();
          count(Counter::appends_exhausted);
        }
      }
    }
  }
  if (!outcome.status.ok() || outcome.accepted == 0) return done(std::move(outcome));
  // Once, not with each append until the seal is done.
  if (options_.background && seal_is_due() && !seal_called_for_.exchange(true)) seal_wake_.notify_all();
}

ColumnarStore::TakenBlocks ColumnarStore::take_blocks(std::optional<TableKey> only) {
  TakenBlocks taken;
  for (auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    for (auto& [key, table] : shard->tables) {
      if ((only && key != *only) || table.empty()) continue;
      auto blocks = table.take();
      auto& list = taken[key];
      list.insert(list.end(), std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end()));
    }
  }
  return taken;
}

void ColumnarStore::publish_blocks(TakenBlocks taken) {
  uint64_t last = 0;
  for (const auto& [key, blocks] : taken) {
    for (const auto& block : blocks) last = std::max(last, block->last_sequence());
  }
  if (last != 0) wal_->wait_durable(last);
  for (auto& [key, builders] : taken) {
    std::vector<std::shared_ptr<const Block>> blocks;
    for (auto& builder : builders) {
      builder->remove_refused();
      if (builder->rows() != 0) blocks.push_back(Block::freeze(std::move(*builder)));
    }
    catalog_->add_blocks(key, std::move(blocks));
  }
}

Snapshot ColumnarStore::snapshot(EnvironmentId environment, Signal signal) {
  const TableKey key{environment, signal};
  {
    const std::lock_guard cut(cut_mutex_);
    if (TakenBlocks taken = take_blocks(key); !taken.empty()) publish_blocks(std::move(taken));
  }
  return catalog_->snapshot(key);
}

Status ColumnarStore::seal() {
  const std::lock_guard sealing(seal_mutex_);
  uint64_t segment = 0, rows = 0, bytes = 0;
  {
    const std::lock_guard cut(cut_mutex_);
    TakenBlocks taken;
    std::future<Result<uint64_t>> roll;
    {
      const Gate::Closure alone(gate_);
      roll = wal_->begin_roll();
      taken = take_blocks(std::nullopt);
      rows = unsealed_rows_;
      bytes = unsealed_bytes_;
      generation_began_ = 0;
    }
    auto rolled = roll.get();
    publish_blocks(std::move(taken));
    // Nothing was cut: the rows stay where they are until the next attempt.
    if (!rolled.ok()) return std::move(rolled).status();
    segment = *rolled;
  }

  const auto blocks = catalog_->blocks();
  Catalog::Change change;
  change.first_wal_segment = segment;
  for (const auto& [key, of_table] : blocks) {
    auto parts = seal_blocks(files_, *catalog_, key, of_table);
    if (!parts.ok()) {
      for (const PublishedPart& part : change.added_parts) part.part->remove_when_unused();
      return std::move(parts).status();
    }
    change.added_parts.insert(change.added_parts.end(), parts->begin(), parts->end());
    change.removed_blocks.insert(change.removed_blocks.end(), of_table.begin(), of_table.end());
  }
  CLEW_TRY(catalog_->apply(std::move(change)));
  unsealed_rows_ -= rows;
  unsealed_bytes_ -= bytes;
  count(Counter::seals);
  return wal_->remove_before(segment);
}

Result<bool> ColumnarStore::merge(bool gather_leftovers) {
  const std::lock_guard merging(merge_mutex_);
  const auto chosen = choose_merge(catalog_->sound_entries(), {.gather_leftovers = gather_leftovers});
  if (chosen.empty()) return false;
  const auto parts = catalog_->find(chosen);
  std::vector<RowsToErase> erased;
  if (const Erasure* erasure = eraser_.use(erasure_rules_.list())) {
    for (const PublishedPart& part : parts) {
      const PartEntry& entry = part.entry;
      auto rows = erasure->rows_of(*part.part, {entry.environment, entry.signal}, entry.day, now());
      if (!rows.ok()) return after_failed_rewrite(parts, rows.status());
      erased.push_back(std::move(*rows));
    }
  }
  CLEW_ASSIGN(const bool rewritten, rewrite(parts, erased));
  if (rewritten) count(Counter::merges);
  return true;
}

Result<bool> ColumnarStore::erase(UnixNanos at) {
  const std::lock_guard merging(merge_mutex_);
  if (eraser_.use(erasure_rules_.list()) == nullptr) return false;
  const std::vector<PartEntry> entries = catalog_->sound_entries();
  while (const auto number = eraser_.next(entries, at)) {
    const auto parts = catalog_->find({*number});
    if (parts.empty()) return false;
    auto erased = eraser_.look_at(parts[0], at);
    if (!erased.ok()) return after_failed_rewrite(parts, erased.status());
    if (!*erased) continue;
    return rewrite(parts, {&**erased, 1});
  }
  return false;
}

// A part that turns out to be damaged stays as it is, for a person to look at; the next attempt is without
// it.
Result<bool> ColumnarStore::after_failed_rewrite(std::span<const PublishedPart> parts, const Status& status) {
  const bool found_damage = std::any_of(parts.begin(), parts.end(),
                                        [](const PublishedPart& part) { return part.part->is_damaged(); });
  if (status.kind() == ErrorKind::corrupt && found_damage) return false;
  return status;
}

Result<bool> ColumnarStore::rewrite(std::span<const PublishedPart> parts,
                                    std::span<const RowsToErase> erased) {
  auto made = merge_parts(files_, *catalog_, parts, erased);
  if (!made.ok()) return after_failed_rewrite(parts, made.status());
  Catalog::Change change;
  uint64_t rows_before = 0, rows = 0;
  for (const PublishedPart& part : parts) {
    change.removed_parts.push_back(part.entry.number);
    rows_before += part.entry.rows;
  }
  if (*made) {
    rows = (**made).entry.rows;
    change.added_parts.push_back(std::move(**made));
  }
  CLEW_TRY(catalog_->apply(std::move(change)));
  count(Counter::merged_rows, rows);
  if (!erased.empty()) count(Counter::rows_erased, rows_before - rows);
  return true;
}

Status ColumnarStore::expire(UnixNanos at) {
  const std::lock_guard merging(merge_mutex_);  // so that no merge brings back what is dropped
  std::vector<PartEntry> parts = catalog_->entries();
  // By day and not by the times inside, which wild clocks may have set to anything.
  auto end_of = [](const PartEntry& part) { return UnixNanos{(part.day + 1) * days(1).count}; };
  std::sort(parts.begin(), parts.end(), [](const PartEntry& a, const PartEntry& b) { return a.day < b.day; });
  uint64_t bytes = 0;
  for (const PartEntry& part : parts) bytes += part.bytes;
  std::vector<uint64_t> dropped;
  for (const PartEntry& part : parts) {
    const bool expired = options_.retention.count != 0 && end_of(part) < at - options_.retention;
    const bool too_many = options_.max_disk_bytes != 0 && bytes > options_.max_disk_bytes;
    if (!expired && !too_many) break;
    bytes -= part.bytes;
    dropped.push_back(part.number);
    count(expired ? Counter::parts_expired : Counter::parts_evicted);
  }
  if (dropped.empty()) return {};
  return catalog_->apply({.removed_parts = std::move(dropped)});
}

Status ColumnarStore::close() {
  if (closed_.exchange(true)) return {};
  {
    const std::lock_guard lock(state_mutex_);
    stopping_ = true;
  }
  seal_wake_.notify_all();
  merge_wake_.notify_all();
  // Before the threads are waited for, because on a broken disk a seal waits for the log. What is in memory
  // stays in the log and is read back at the next start.
  if (wal_) wal_->close();
  if (sealer_.joinable()) sealer_.join();
  if (merger_.joinable()) merger_.join();
  return {};
}

bool ColumnarStore::seal_is_due() const {
  return unsealed_rows_ >= options_.seal_rows || unsealed_bytes_ >= options_.seal_bytes;
}

void ColumnarStore::set_trouble(std::string& which, const Status& status) {
  const std::lock_guard lock(state_mutex_);
  if (!status.ok() && which != status.message()) log_error("store", status.message());
  which = status.message();
}

void ColumnarStore::run_sealer() {
  become_background_thread("clew-seal");
  std::unique_lock lock(state_mutex_);
  while (!stopping_) {
    seal_wake_.wait_for(lock, to_chrono(milliseconds(200)), [&] { return stopping_ || seal_is_due(); });
    if (stopping_) break;
    const int64_t at = monotonic_now().count, began = generation_began_, last = last_append_;
    const bool old = began != 0 && at - began >= options_.seal_age.count;
    const bool quiet = began != 0 && at - last >= options_.gather_after.count;
    if (!seal_is_due() && !old && !quiet && catalog_->block_count() < kManyBlocks) continue;
    sealing_ = true;
    lock.unlock();
    const Status status = seal();
    set_trouble(seal_trouble_, status);
    seal_called_for_ = false;
    lock.lock();
    sealing_ = false;
    if (!status.ok()) seal_wake_.wait_for(lock, to_chrono(kRetryAfterFailure), [&] { return stopping_; });
  }
}

void ColumnarStore::run_merger() {
  become_background_thread("clew-merge");
  int64_t last_expiry = 0;
  std::unique_lock lock(state_mutex_);
  while (!stopping_) {
    lock.unlock();
    const int64_t at = monotonic_now().count;
    Status status;
    if (at - last_expiry >= kExpireEvery.count) {
      last_expiry = at;
      status = expire(now());
    }
    bool merged = false;
    if (status.ok()) {
      const bool quiet = unsealed_rows_ == 0 && at - last_append_ >= options_.gather_after.count;
      {
        const std::lock_guard state(state_mutex_);
        merging_ = true;
      }
      auto result = erase(now());
      if (result.ok() && !*result) result = merge(quiet);
      if (result.ok())
        merged = *result;
      else
        status = std::move(result).status();
    }
    set_trouble(merge_trouble_, status);
    lock.lock();
    merging_ = false;
    if (merged) continue;
    merge_wake_.wait_for(lock, to_chrono(status.ok() ? milliseconds(200) : kRetryAfterFailure),
                         [&] { return stopping_; });
  }
}

StoreStatus ColumnarStore::status() const {
  StoreStatus status;
  const std::vector<PartEntry> parts = catalog_->entries();
  status.parts = parts.size();
  for (const PartEntry& part : parts) {
    status.part_rows += part.rows;
    status.part_bytes += part.bytes;
  }
  status.block_rows = catalog_->block_rows();
  status.unsealed_bytes = unsealed_bytes_;
  status.wal_bytes = wal_->bytes_on_disk();
  status.damages = catalog_->damages();
  const bool merge_due = !choose_merge(catalog_->sound_entries(), {.gather_leftovers = true}).empty();
  const std::lock_guard lock(state_mutex_);
  status.idle = !sealing_ && !merging_ && !merge_due && unsealed_rows_ == 0;
  status.trouble = seal_trouble_.empty() ? merge_trouble_ : seal_trouble_;
  return status;
}

}  // namespace clew::store
