// filelog: follows log files and makes log records of their entries. A place in a file is left behind when
// the next stage has accepted what stood before it.
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/receivers/filelog/entry_splitter.h"
#include "pipeline/receivers/filelog/followed_files.h"
#include "pipeline/receivers/filelog/log_operators.h"
#include "pipeline/receivers/filelog/path_patterns.h"
#include "pipeline/receivers/receivers.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kMostEntries = 1000;  // of a request
constexpr int kReadsInTurn = 16;       // of one file, while others wait
constexpr Nanoseconds kPauseAfterRefusal = seconds(1);

struct FileLogSettings {
  FollowedFiles::Settings files;
  SplitSettings split;
  Nanoseconds poll_interval = milliseconds(200);
  Nanoseconds flush_after = milliseconds(500);  // 0: an entry without an end waits for it
  bool include_name = true;
  bool include_path = false;
  JsonValue attributes{JsonValue::Object{}};
  JsonValue resource{JsonValue::Object{}};
  std::optional<ComponentId> storage;
};

class FileLog final : public Receiver {
 public:
  FileLog(FileLogSettings settings, std::shared_ptr<const LogOperators> operators, EntrySplitter splitter,
          const Site& site, Consumer& next)
      : settings_(std::move(settings)),
        operators_(std::move(operators)),
        splitter_(std::move(splitter)),
        site_(site),
        next_(next),
        cut_(counter("clew_filelog_cut_entries")),
        unparsed_(counter("clew_filelog_unparsed_entries")),
        dropped_(counter("clew_filelog_dropped_entries")),
        truncated_(counter("clew_filelog_truncated_files")) {}
  ~FileLog() override { stop(); }

  Status start() override {
    std::vector<TailPosition> known;
    if (settings_.storage) {
      Extension* extension = site_.extension(*settings_.storage);
      QueueStorage* storage = extension ? extension->queue_storage() : nullptr;
      if (storage == nullptr)
        return {ErrorKind::bad_input, "storage: '" + settings_.storage->text() + "' keeps nothing"};
      CLEW_ASSIGN(const std::string directory, storage->directory_for(site_.id));
      CLEW_ASSIGN(positions_, TailPositions::open(directory, storage->file_system()));
      known = positions_->saved();
    }
    files_.emplace(settings_.files, std::move(known));
    thread_ = std::thread([this] { run(); });
    return {};
  }

  void stop() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<int64_t>& counter(std::string_view name) const {
    return site_.telemetry.counter(name, {{"receiver", site_.id.text()}});
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      const Nanoseconds pause = follow_all();
      lock.lock();
      wake_.wait_for(lock, std::chrono::nanoseconds(pause.count), [&] { return stopping_.load(); });
    }
  }

  // Returns how long to wait before the next look.
  Nanoseconds follow_all() {
    const Nanoseconds at = monotonic_now();
    std::vector<std::string> complaints;
    files_->refresh(at, complaints);
    for (const std::string& complaint : complaints)
      log_warning("collector", fmt::format("{}: {}", site_.id.text(), complaint));
    Nanoseconds pause = settings_.poll_interval;
    for (FollowedFile& one : files_->all()) {
      if (stopping_) break;
      const Outcome outcome = follow(one, at);
      if (outcome.status.ok()) continue;
      if (!is_retryable(outcome.status)) {
        log_warning("collector",
                    fmt::format("{}: {}: {}", site_.id.text(), one.path, outcome.status.message()));
        continue;
      }
      // The same is read again then.
      pause = std::max({pause, kPauseAfterRefusal, outcome.retry_after});
      break;
    }
    if (positions_) {
      const Status saved = positions_->save(files_->positions());
      if (!saved.ok()) log_error("collector", fmt::format("{}: {}", site_.id.text(), saved.message()));
    }
    return pause;
  }

  Outcome follow(FollowedFile& one, Nanoseconds at) {
    const auto begun_anew = one.file.begin_anew_if_truncated();
    if (!begun_anew.ok()) return {.status = begun_anew.status()};
    if (*begun_anew) ++truncated_;
    for (int turn = 0; turn < kReadsInTurn && !stopping_; ++turn) {
      const auto size = one.file.size();
      if (!size.ok()) return {.status = size.status()};
      if (*size != std::exchange(one.seen_size, *size)) one.grown_at = at;
      const auto bytes = one.file.read(kReadBytes + settings_.split.max_entry_bytes);
      if (!bytes.ok()) return {.status = bytes.status()};
      const bool reaches_end = one.file.landmark().offset + bytes->size() >= *size;
      const bool is_all = reaches_end && settings_.flush_after.count > 0 &&
                          at.count - one.grown_at.count >= settings_.flush_after.count;
      size_t taken = 0;
      const Outcome outcome = hand_on(one, *bytes, is_all, taken);
      if (!outcome.status.ok() || taken == 0 || taken == bytes->size()) return outcome;
    }
    return {};
  }

  // Entry by entry, many in a request.
  Outcome hand_on(FollowedFile& one, std::string_view bytes, bool is_all, size_t& taken) {
    while (taken < bytes.size() && !stopping_) {
      std::vector<LogEntry> entries;
      size_t consumed = 0;
      while (entries.size() < kMostEntries && taken + consumed < bytes.size()) {
        const Piece piece = splitter_.next(bytes.substr(taken + consumed), is_all);
        if (piece.consumed == 0) break;
        consumed += piece.consumed;
        if (piece.was_cut) ++cut_;
        if (!piece.text.empty()) add_entry(one, piece.text, entries);
      }
      if (consumed == 0) break;
      if (!entries.empty()) {
        Outcome outcome = deliver(entries);
        // What is refused for good would be refused again; the entrance has counted it.
        if (!outcome.status.ok() && is_retryable(outcome.status)) return outcome;
      }
      if (Status advanced = one.file.advance(consumed); !advanced.ok())
        return {.status = std::move(advanced)};
      taken += consumed;
    }
    return {};
  }

  void add_entry(const FollowedFile& one, std::string_view text, std::vector<LogEntry>& entries) {
    LogEntry entry;
    entry.body = JsonValue(valid_utf8(text));
    entry.attributes = settings_.attributes;
    entry.resource = settings_.resource;
    entry.observed = now();
    if (settings_.include_name)
      entry.attributes["log.file.name"] = JsonValue(one.path.substr(one.path.rfind('/') + 1));
    if (settings_.include_path) entry.attributes["log.file.path"] = JsonValue(one.path);
    OperatorFailures failures;
    if (apply_all(*operators_, entry, failures)) entries.push_back(std::move(entry));
    if (failures.failed != 0) ++unparsed_;
    if (failures.dropped != 0) ++dropped_;
  }

  Outcome deliver(const std::vector<LogEntry>& entries) {
    Batch batch{.signal = Signal::logs, .otlp = SharedBytes(request_of(entries))};
    batch.items = entries.size();
    auto answer = std::make_shared<std::promise<Outcome>>();
    auto outcome = answer->get_future();
    next_.consume(std::move(batch), [answer](Outcome given) { answer->set_value(std::move(given)); });
    return outcome.get();
  }

  const FileLogSettings settings_;
  const std::shared_ptr<const LogOperators> operators_;
  const EntrySplitter splitter_;
  const Site site_;
  Consumer& next_;
  std::atomic<int64_t>&cut_, &unparsed_, &dropped_, &truncated_;

  // Of the thread alone:
  std::optional<FollowedFiles> files_;
  std::optional<TailPositions> positions_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// "1MiB", "512kb", 1048576
std::optional<uint64_t> parse_bytes(std::string_view text) {
  static constexpr std::pair<std::string_view, uint64_t> kUnits[] = {
      {"", 1},        {"b", 1},          {"kb", 1000},     {"kib", 1 << 10},
      {"k", 1 << 10}, {"mb", 1'000'000}, {"mib", 1 << 20}, {"m", 1 << 20},
  };
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > uint64_t{1} << 30) return std::nullopt;
  std::string unit(end, text.data() + text.size());
  for (char& c : unit) c = static_cast<char>(c | 0x20);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  for (const auto& [name, factor] : kUnits)
    if (name == unit) return number * factor;
  return std::nullopt;
}

void read_patterns(Section& section, std::string_view key, std::vector<std::string>& to) {
  section.read(key, to);
  for (const std::string& pattern : to)
    if (const Status status = check_path_pattern(pattern); !status.ok()) section.error(key, status.message());
}

void read_fixed(Section& section, std::string_view key, JsonValue& to) {
  const ConfigValue* map = section.value(key);
  if (map == nullptr || map->is_null()) return;
  if (map->kind != ConfigValue::Kind::map) return section.error(key, "expected a map of texts");
  for (const ConfigEntry& entry : map->entries) to[entry.key] = JsonValue(entry.value.text);
}

void read_split(Section& section, SplitSettings& split) {
  {
    Section multiline = section.section("multiline");
    multiline.read("line_start_pattern", split.line_start_pattern);
    multiline.read("line_end_pattern", split.line_end_pattern);
    multiline.read("omit_pattern", split.omit_pattern);
    if (!split.line_start_pattern.empty() && !split.line_end_pattern.empty())
      multiline.error("expected line_start_pattern or line_end_pattern, got both");
  }
  section.read("preserve_leading_whitespaces", split.keep_leading_space);
  section.read("preserve_trailing_whitespaces", split.keep_trailing_space);
  std::string size;
  if (section.read("max_log_size", size)) {
    const auto bytes = parse_bytes(size);
    if (bytes && *bytes >= 16 && *bytes <= 64 << 20)
      split.max_entry_bytes = *bytes;
    else
      section.error("max_log_size", fmt::format("expected 16 to 64MiB, got '{}'", size));
  }
  if (const auto made = EntrySplitter::create(split); !made.ok())
    section.error("multiline", made.status().message());
}

}  // namespace

MakeReceiver configure_filelog(Section& section) {
  FileLogSettings settings;
  read_patterns(section, "include", settings.files.include);
  read_patterns(section, "exclude", settings.files.exclude);
  if (settings.files.include.empty()) section.error("include", "expected a list of paths or patterns");
  std::string start = "end", encoding = "utf-8";
  section.read_choice("start_at", start, {"end", "beginning"});
  settings.files.from_beginning = start == "beginning";
  section.read_choice("encoding", encoding, {"utf-8", "utf8", "ascii", "nop"});
  read_split(section, settings.split);
  section.read("poll_interval", settings.poll_interval);
  section.read("force_flush_period", settings.flush_after);
  if (settings.poll_interval.count < 1'000'000) section.error("poll_interval", "expected at least 1ms");
  section.read("include_file_name", settings.include_name);
  section.read("include_file_path", settings.include_path);
  read_fixed(section, "attributes", settings.attributes);
  read_fixed(section, "resource", settings.resource);
  section.read_extension("storage", settings.storage);
  const auto operators = std::make_shared<const LogOperators>(read_log_operators(section));
  for (const char* key :
       {"ordering_criteria", "delete_after_read", "header", "compression", "exclude_older_than",
        "include_file_name_resolved", "include_file_path_resolved", "include_file_owner_name",
        "include_file_owner_group_name", "include_file_record_number", "acquire_fs_lock"})
    section.refuse(key, "clew does not offer this for log files");
  // What the next stage refuses for now is always tried again.
  section.ignore({"fingerprint_size", "max_concurrent_files", "max_batches", "retry_on_failure", "id",
                  "polls_to_archive", "initial_buffer_size"});
  return [settings, operators](const Site& site, Consumer& next) -> Result<std::unique_ptr<Receiver>> {
    CLEW_ASSIGN(EntrySplitter splitter, EntrySplitter::create(settings.split));
    return std::unique_ptr<Receiver>(
        std::make_unique<FileLog>(settings, operators, std::move(splitter), site, next));
  };
}

}  // namespace clew::pipeline
