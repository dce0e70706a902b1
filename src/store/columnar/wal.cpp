#include "store/columnar/wal.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include "base/counters.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "store/columnar/file_names.h"

namespace clew::store {
namespace {

// Smaller payloads are copied next to their headers: that is cheaper than one more piece to write.
constexpr size_t kCopiedPayloadBytes = 2048;

// On a disk that is almost full small groups fit while large ones fail: that is one failure, not many.
constexpr Nanoseconds kRecoveredAfter = seconds(5);

// A failed disk is a reason to try again later, whatever it was.
Status retryable(const Status& failure) {
  if (failure.kind() == ErrorKind::exhausted) return failure;
  return Status(ErrorKind::unavailable, std::string(failure.message()));
}

uint64_t random_salt() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

// The bytes of a group, as pieces that point to payloads where they are and to headers collected in one
// place.
class GroupLayout {
 public:
  GroupLayout(uint64_t group_offset, uint64_t salt) : group_offset_(group_offset), salt_(salt) {}

  void add(const WalRecord& record, uint64_t sequence, uint64_t payload_checksum) {
    const std::string_view payload = record.otlp.view();
    const auto header = encode_record_header({.payload_bytes = static_cast<uint32_t>(payload.size()),
                                              .sequence = sequence,
                                              .arrival = record.arrival,
                                              .environment = record.environment,
                                              .signal = record.signal,
                                              .group_offset = group_offset_,
                                              .payload_checksum = payload_checksum},
                                             salt_, group_offset_ + bytes_);
    collected_.append(header.data(), header.size());
    if (payload.size() <= kCopiedPayloadBytes) {
      collected_.append(payload);
    } else {
      large_.push_back({.after = collected_.size(), .payload = payload});
    }
    const uint64_t record_bytes = wal_record_bytes(payload.size());
    collected_.append(record_bytes - kWalRecordHeaderBytes - payload.size(), '\0');
    bytes_ += record_bytes;
  }

  // Valid until the next add().
  std::vector<std::string_view> pieces() const {
    std::vector<std::string_view> pieces;
    pieces.reserve(2 * large_.size() + 1);
    size_t from = 0;
    for (const Large& large : large_) {
      pieces.push_back(std::string_view(collected_).substr(from, large.after - from));
      pieces.push_back(large.payload);
      from = large.after;
    }
    pieces.push_back(std::string_view(collected_).substr(from));
    return pieces;
  }

  uint64_t bytes() const { return bytes_; }

 private:
  struct Large {
    size_t after;  // its place in `collected_`
    std::string_view payload;
  };
  const uint64_t group_offset_;
  const uint64_t salt_;
  std::string collected_;
  std::vector<Large> large_;
  uint64_t bytes_ = 0;
};

// Deletes segments before `first`, and makes sure that what will be read of the others is on the disk: what
// was replayed once must not be gone after the next power loss.
Status tidy(FileSystem& system, const std::string& directory, uint64_t first) {
  CLEW_ASSIGN(const std::vector<uint64_t> numbers, list_wal_segments(system, directory));
  for (const uint64_t number : numbers) {
    const std::string path = join_path(directory, wal_segment_name(number));
    if (number < first) {
      CLEW_TRY(system.remove(path));
    } else {
      CLEW_ASSIGN(const std::unique_ptr<File> file, system.open(path, OpenMode::append));
      CLEW_TRY(file->sync());
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Wal>> Wal::open(FileSystem& system, WalOptions options,
                                       const std::function<void(const WalRecord&)>& on_record) {
  CLEW_TRY(tidy(system, options.directory, options.first_segment));
  CLEW_ASSIGN(
      WalReplaySummary replayed,
      replay_wal(system, {.directory = options.directory, .from_segment = options.first_segment}, on_record));
  std::unique_ptr<Wal> wal(new Wal(system, std::move(options), replayed));
  CLEW_TRY(wal->find_segments());
  CLEW_TRY(wal->begin_segment());
  wal->thread_ = std::thread([log = wal.get()] { log->run(); });
  return wal;
}

Wal::Wal(FileSystem& system, WalOptions options, WalReplaySummary replayed)
    : system_(system),
      options_(std::move(options)),
      replayed_(replayed),
      segment_(std::max(replayed.last_segment, options_.first_segment - 1)),
      end_(replayed.last_segment_end),
      next_sequence_(replayed.last_sequence + 1),
      reported_sequence_(replayed.last_sequence) {}

Status Wal::find_segments() {
  CLEW_ASSIGN(const std::vector<uint64_t> numbers, list_wal_segments(system_, options_.directory));
  for (const uint64_t number : numbers) {
    CLEW_ASSIGN(const FileInfo info, system_.info(join_path(options_.directory, wal_segment_name(number))));
    segments_.push_back({.number = number, .bytes = info.size});
  }
  return {};
}

Wal::~Wal() {
  close();
}

void Wal::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<uint64_t> Wal::append(WalRecord record, Durable durable) {
  const uint64_t bytes = wal_record_bytes(record.otlp.size());
  if (record.otlp.size() > kMaxWalPayloadBytes || bytes > options_.queue_bytes) {
    return Status(ErrorKind::too_large, "a batch of " + std::to_string(record.otlp.size()) +
                                            " bytes does not fit the write-ahead log; send smaller batches");
  }
  const uint64_t checksum = wal_payload_checksum(record.otlp.view());
  bool was_idle = false;
  uint64_t sequence = 0;
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return Status(ErrorKind::unavailable, "the store is closing");
    if (broken_) return *broken_;
    if (bytes > options_.queue_bytes - queued_bytes_) {
      return Status(ErrorKind::exhausted, "the disk does not keep up: " + std::to_string(queued_bytes_) +
                                              " bytes wait to be written to the write-ahead log; try again");
    }
    queued_bytes_ += bytes;
    sequence = next_sequence_++;
    was_idle = queue_.empty();
    queue_.push_back({.record = std::move(record),
                      .payload_checksum = checksum,
                      .sequence = sequence,
                      .durable = std::move(durable)});
  }
  if (was_idle) work_.notify_all();
  return sequence;
}

std::future<Result<uint64_t>> Wal::begin_roll() {
  auto promise = std::make_unique<std::promise<Result<uint64_t>>>();
  std::future<Result<uint64_t>> future = promise->get_future();
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || broken_) {
      promise->set_value(broken_ ? *broken_ : Status(ErrorKind::unavailable, "the store is closing"));
      return future;
    }
    queue_.push_back({.sequence = next_sequence_ - 1, .roll = std::move(promise)});
  }
  work_.notify_all();
  return future;
}

Result<uint64_t> Wal::roll() {
  return begin_roll().get();
}

void Wal::wait_durable(uint64_t sequence) {
  std::unique_lock lock(mutex_);
  const uint64_t target = std::min(sequence, next_sequence_ - 1);
  reported_.wait(lock, [&] { return reported_sequence_ >= target; });
}

uint64_t Wal::last_sequence() const {
  const std::lock_guard lock(mutex_);
  return next_sequence_ - 1;
}

Status Wal::remove_before(uint64_t segment) {
  for (;;) {
    uint64_t oldest = 0;
    {
      const std::lock_guard lock(mutex_);
      // The last one is being written.
      if (segments_.size() < 2 || segments_.front().number >= segment) return {};
      oldest = segments_.front().number;
      segments_.pop_front();
    }
    CLEW_TRY(system_.remove(join_path(options_.directory, wal_segment_name(oldest))));
  }
}

uint64_t Wal::bytes_on_disk() const {
  const std::lock_guard lock(mutex_);
  uint64_t sum = 0;
  for (const SegmentFile& file : segments_) sum += file.bytes;
  return sum;
}

void Wal::run() {
  name_this_thread("clew-log");
  take_short_turns();
  for (std::vector<Entry> group = take_group(); !group.empty(); group = take_group()) {
    if (group.front().roll) {
      perform_roll(group.front());
    } else {
      write_group(group);
    }
  }
}

// Records up to the size of a group, or one roll; nothing when the log is closed and all is written.
std::vector<Wal::Entry> Wal::take_group() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return closing_ || !queue_.empty(); });
  std::vector<Entry> group;
  uint64_t bytes = 0;
  while (!queue_.empty()) {
    Entry& next = queue_.front();
    const uint64_t next_bytes = wal_record_bytes(next.record.otlp.size());
    const bool fits = group.empty() || (!next.roll && next_bytes <= options_.group_bytes - bytes);
    if (!fits) break;
    const bool is_last = next.roll != nullptr || next_bytes >= options_.group_bytes;
    bytes += next_bytes;
    group.push_back(std::move(next));
    queue_.pop_front();
    if (is_last) break;
  }
  return group;
}

void Wal::write_group(std::vector<Entry>& group) {
  const bool report_first = options_.durability == Durability::none;
  if (report_first) report(group, {});
  Status status = write_and_sync(group);
  if (!status.ok()) {
    status = retryable(status);
    note_failure(status);
    if (!must_begin_) {
      const Status taken_back = take_back(status);
      if (!taken_back.ok()) status = taken_back;
    }
  }
  if (status.ok() && failing_ && monotonic_now() > Nanoseconds{last_failure_.count + kRecoveredAfter.count}) {
    failing_ = false;
    log_info("store", "the write-ahead log can be written again");
  }
  if (!report_first) report(group, status);
  group.clear();
  if (!must_begin_ && end_.bytes >= options_.segment_bytes) {
    // A failure shows with the next group, which needs the segment.
    static_cast<void>(begin_segment());
  }
}

// Fails without having touched the file when must_begin_ is (still) set.
Status Wal::write_and_sync(const std::vector<Entry>& group) {
  if (must_begin_) CLEW_TRY(begin_segment());
  GroupLayout layout(end_.bytes, salt_);
  for (const Entry& entry : group) layout.add(entry.record, entry.sequence, entry.payload_checksum);
  CLEW_TRY(file_->append(layout.pieces()));
  if (options_.durability == Durability::sync) {
    Status synced = file_->sync();
    sync_failed_ = !synced.ok();
    if (sync_failed_) return synced;
    count(Counter::wal_syncs);
  }
  end_.bytes += layout.bytes();
  end_.durable_bytes = end_.bytes;
  count(Counter::wal_records, group.size());
  count(Counter::wal_bytes, layout.bytes());
  return {};
}

Status Wal::take_back(const Status& cause) {
  // Also when a sync has failed: it may give back the space that the next segment needs.
  const bool cut = file_->truncate(end_.bytes).ok() && !sync_failed_;
  if (cut && file_->sync().ok()) return {};
  // Whether the tail is on the disk or not nobody knows; the next segment will say that it does not count.
  while (!begin_segment().ok()) {
    std::unique_lock lock(mutex_);
    broken_ = cause;
    fail_waiting_rolls();
    const auto interval = std::chrono::nanoseconds(options_.repair_interval.count);
    if (work_.wait_for(lock, interval, [&] { return closing_; })) {
      return Status(ErrorKind::unavailable,
                    "closed while the disk failed, so that it is not known whether this was stored: " +
                        std::string(cause.message()));
    }
  }
  const std::lock_guard lock(mutex_);
  broken_.reset();
  return {};
}

// With the lock. Whoever waits for one holds up ingest.
void Wal::fail_waiting_rolls() {
  std::erase_if(queue_, [&](Entry& entry) {
    if (entry.roll) entry.roll->set_value(*broken_);
    return entry.roll != nullptr;
  });
}

// One line when it begins, not one for each group.
void Wal::note_failure(const Status& status) {
  count(Counter::wal_failures);
  if (!failing_) log_warning("store", "the write-ahead log: " + status.to_string());
  failing_ = true;
  last_failure_ = monotonic_now();
}

void Wal::report(std::vector<Entry>& group, const Status& status) {
  for (Entry& entry : group) entry.durable(status);
  uint64_t bytes = 0;
  for (const Entry& entry : group) bytes += wal_record_bytes(entry.record.otlp.size());
  {
    const std::lock_guard lock(mutex_);
    queued_bytes_ -= bytes;
    reported_sequence_ = group.back().sequence;
    segments_.back().bytes = end_.bytes;
  }
  reported_.notify_all();
}

void Wal::perform_roll(Entry& entry) {
  const bool is_fresh = !must_begin_ && end_.bytes == kWalFirstRecord;
  const Status begun = is_fresh ? Status() : begin_segment();
  entry.roll->set_value(begun.ok() ? Result<uint64_t>(segment_) : Result<uint64_t>(retryable(begun)));
}

Status Wal::begin_segment() {
  must_begin_ = true;
  const uint64_t number = segment_ + 1;
  const uint64_t salt = random_salt();
  const OpenMode mode = options_.durability == Durability::sync ? OpenMode::log : OpenMode::replace;
  CLEW_ASSIGN(std::unique_ptr<File> file,
              system_.open(join_path(options_.directory, wal_segment_name(number)), mode));
  CLEW_TRY(file->append(encode_segment_header({.segment = number,
                                               .previous_bytes = end_.bytes,
                                               .previous_durable_bytes = end_.durable_bytes,
                                               .salt = salt})));
  CLEW_TRY(file->sync());
  CLEW_TRY(system_.sync_directory(options_.directory));
  file_ = std::move(file);
  segment_ = number;
  salt_ = salt;
  end_ = {.bytes = kWalFirstRecord, .durable_bytes = kWalFirstRecord};
  sync_failed_ = false;
  must_begin_ = false;
  const std::lock_guard lock(mutex_);
  segments_.push_back({.number = segment_, .bytes = end_.bytes});
  return {};
}

}  // namespace clew::store
