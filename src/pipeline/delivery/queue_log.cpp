#include "pipeline/delivery/queue_log.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/delivery/queue_format.h"

namespace clew::pipeline {
namespace {

constexpr std::string_view kEnding = ".queue";
constexpr uint64_t kLargestSegment = uint64_t{1} << 32;
// A segment of which nothing is needed any more is given up when it is larger than this.
constexpr uint64_t kWorthDeleting = 1 << 20;

std::string name_of_segment(uint64_t number) {
  return fmt::format("{:08}{}", number, kEnding);
}

std::optional<uint64_t> number_of_segment(std::string_view name) {
  if (!name.ends_with(kEnding)) return std::nullopt;
  name.remove_suffix(kEnding.size());
  uint64_t number = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
  return fault == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<QueueLog>> QueueLog::open(std::string directory, FileSystem& files) {
  return open(std::move(directory), files, Options());
}

Result<std::unique_ptr<QueueLog>> QueueLog::open(std::string directory, FileSystem& files, Options options) {
  std::unique_ptr<QueueLog> log(new QueueLog(std::move(directory), files, options));
  CLEW_ASSIGN(log->lock_, files.open(join_path(log->directory_, "lock"), OpenMode::open_or_create));
  CLEW_ASSIGN(const bool locked, log->lock_->try_lock());
  if (!locked)
    return {ErrorKind::conflict,
            fmt::format("another collector holds the sending queue in {}", log->directory_)};
  CLEW_TRY(log->recover());
  log->thread_ = std::thread([raw = log.get()] { raw->run(); });
  return log;
}

QueueLog::~QueueLog() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status QueueLog::recover() {
  CLEW_ASSIGN(const std::vector<DirectoryEntry> entries, files_.list(directory_));
  for (const DirectoryEntry& entry : entries) {
    const auto number = number_of_segment(entry.name);
    if (!number) continue;
    auto segment = std::make_shared<Segment>();
    segment->number = *number;
    segment->path = join_path(directory_, entry.name);
    CLEW_ASSIGN(std::unique_ptr<File> file, files_.open(segment->path, OpenMode::read));
    segment->file = std::move(file);
    segments_[*number] = segment;
    last_segment_ = std::max(last_segment_, *number);
  }
  for (const auto& [number, segment] : segments_) CLEW_TRY(recover_segment(segment));
  for (const auto& [number, place] : places_)
    recovered_.push_back({.number = number, .batch = place.batch, .bytes = place.bytes});
  delete_finished_segments();
  return {};
}

Status QueueLog::recover_segment(const std::shared_ptr<Segment>& segment) {
  CLEW_ASSIGN(const std::string bytes, files_.read_file(segment->path, kLargestSegment));
  segment->size = bytes.size();
  const auto version = decode_queue_file_header(bytes);
  if (version && *version > kQueueFormatVersion)
    return {ErrorKind::unsupported,
            fmt::format("written by a newer clew (format {}): {}", *version, segment->path)};
  uint64_t offset = kQueueFileHeaderBytes, damaged = 0;
  while (offset < bytes.size()) {
    const std::optional<QueueRecord> record = decode_queue_record(bytes, offset);
    if (!record) {
      // An unfinished record at the end was never acknowledged. Damage before others is a loss.
      size_t next = offset;
      do next = find_queue_record(bytes, next + 1);
      while (next != std::string::npos && !decode_queue_record(bytes, next));
      if (next == std::string::npos) break;
      ++damaged;
      offset = next;
      continue;
    }
    last_number_ = std::max(last_number_, record->number);
    if (record->kind == QueueRecord::Kind::sent) {
      forget(record->number);
    } else {
      Batch batch{.signal = record->signal, .environment = record->environment, .items = record->items};
      places_[record->number] = {segment, offset + kQueueRecordHeaderBytes, record->payload_bytes,
                                 std::move(batch)};
      ++segment->live;
    }
    offset += kQueueRecordHeaderBytes + record->payload_bytes;
  }
  if (damaged == 0) return {};
  count(Counter::queue_records_damaged, damaged);
  log_error("collector",
            fmt::format("{} damaged places in {}: what was there is lost", damaged, segment->path));
  return {};
}

std::vector<QueueLog::Stored> QueueLog::take_recovered() {
  return std::exchange(recovered_, {});
}

void QueueLog::append(Batch batch, std::function<void(Result<uint64_t>)> done) {
  {
    std::lock_guard lock(mutex_);
    appending_.push_back({++last_number_, std::move(batch), std::move(done)});
  }
  wake_.notify_one();
}

void QueueLog::remove(uint64_t number) {
  {
    std::lock_guard lock(mutex_);
    removed_.push_back(number);
  }
  wake_.notify_one();
}

Result<Batch> QueueLog::read(uint64_t number) const {
  Place place;
  {
    std::lock_guard lock(mutex_);
    const auto it = places_.find(number);
    if (it == places_.end())
      return {ErrorKind::not_found, fmt::format("batch {} is not in the queue's log", number)};
    place = it->second;
  }
  CLEW_ASSIGN(std::string head, place.segment->file->read_at(place.offset - kQueueRecordHeaderBytes,
                                                             kQueueRecordHeaderBytes + place.bytes));
  if (!decode_queue_record(head, 0))
    return {ErrorKind::corrupt, fmt::format("batch {} is damaged in {}", number, place.segment->path)};
  Batch batch = std::move(place.batch);
  batch.otlp = SharedBytes(std::move(head)).slice(kQueueRecordHeaderBytes, place.bytes);
  return batch;
}

void QueueLog::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || !appending_.empty() || !removed_.empty(); });
    if (appending_.empty() && removed_.empty()) return;
    // Everything that waits is written and synced together.
    std::vector<Appending> appending = std::exchange(appending_, {});
    std::vector<uint64_t> removed = std::exchange(removed_, {});
    lock.unlock();
    write(std::move(appending), std::move(removed));
    lock.lock();
  }
}

void QueueLog::write(std::vector<Appending> appending, std::vector<uint64_t> removed) {
  const Status status = write_group(appending, removed);
  if (!status.ok()) {
    log_error("collector", fmt::format("sending queue: {}", status.message()));
    // Nobody knows what of it is on disk: the next file says that it does not count.
    for (const Appending& one : appending) to_cancel_.push_back(one.number);
    for (const uint64_t number : removed) to_cancel_.push_back(number);
    current_.reset();
  }
  {
    std::lock_guard lock(mutex_);
    for (const uint64_t number : removed) forget(number);
  }
  for (Appending& one : appending) {
    if (status.ok())
      one.done(one.number);
    else
      one.done(Status(status.kind() == ErrorKind::exhausted ? ErrorKind::exhausted : ErrorKind::unavailable,
                      std::string(status.message())));
  }
  delete_finished_segments();
}

Status QueueLog::write_group(const std::vector<Appending>& appending, const std::vector<uint64_t>& removed) {
  if (!current_ || current_->size >= options_.segment_bytes) CLEW_TRY(next_segment());
  std::vector<std::string> heads;
  heads.reserve(appending.size() + removed.size() + to_cancel_.size());
  std::vector<std::string_view> pieces;
  uint64_t offset = current_->size;
  std::vector<std::pair<uint64_t, Place>> places;
  const auto add_sent = [&](uint64_t number) {
    pieces.push_back(heads.emplace_back(
        encode_queue_record_header({.kind = QueueRecord::Kind::sent, .number = number}, {})));
    offset += kQueueRecordHeaderBytes;
  };
  for (const uint64_t number : to_cancel_) add_sent(number);
  for (const uint64_t number : removed) add_sent(number);
  for (const Appending& one : appending) {
    const std::string_view payload = one.batch.otlp.view();
    pieces.push_back(heads.emplace_back(encode_queue_record_header({.kind = QueueRecord::Kind::batch,
                                                                    .number = one.number,
                                                                    .signal = one.batch.signal,
                                                                    .environment = one.batch.environment,
                                                                    .items = one.batch.items},
                                                                   payload)));
    pieces.push_back(payload);
    Batch stub{.signal = one.batch.signal, .environment = one.batch.environment, .items = one.batch.items};
    places.push_back(
        {one.number, {current_, offset + kQueueRecordHeaderBytes, payload.size(), std::move(stub)}});
    offset += kQueueRecordHeaderBytes + payload.size();
  }
  CLEW_TRY(current_->file->append(pieces));
  // That something was sent may be forgotten: then it is sent again.
  if (!appending.empty()) CLEW_TRY(current_->file->sync());
  to_cancel_.clear();
  std::lock_guard lock(mutex_);
  current_->size = offset;
  current_->live += appending.size();
  for (auto& [number, place] : places) places_[number] = std::move(place);
  return {};
}

Status QueueLog::next_segment() {
  auto segment = std::make_shared<Segment>();
  segment->number = ++last_segment_;
  segment->path = join_path(directory_, name_of_segment(segment->number));
  CLEW_ASSIGN(std::unique_ptr<File> file, files_.open(segment->path, OpenMode::create));
  segment->file = std::move(file);
  const std::string header = encode_queue_file_header();
  CLEW_TRY(segment->file->append(header));
  CLEW_TRY(segment->file->sync());
  CLEW_TRY(files_.sync_directory(directory_));
  segment->size = header.size();
  segments_[segment->number] = segment;
  current_ = std::move(segment);
  return {};
}

// With the lock held, or before the thread runs.
void QueueLog::forget(uint64_t number) {
  const auto it = places_.find(number);
  if (it == places_.end()) return;
  --it->second.segment->live;
  places_.erase(it);
}

// From the oldest on: a later file says of the batches of an earlier one that they were sent.
void QueueLog::delete_finished_segments() {
  while (!segments_.empty()) {
    const std::shared_ptr<Segment> oldest = segments_.begin()->second;
    if (oldest->live > 0) return;
    if (oldest == current_) {
      if (oldest->size < kWorthDeleting) return;
      current_.reset();
    }
    segments_.erase(segments_.begin());
    if (const Status removed = files_.remove(oldest->path); !removed.ok())
      return log_warning("collector", fmt::format("sending queue: {}", removed.message()));
  }
}

}  // namespace clew::pipeline
