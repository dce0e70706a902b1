// Group commit on the real disk: how many records a second, and how many syncs a second they cost, with how
// many senders that each wait for their record before they send the next.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdlib.h>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "base/counters.h"
#include "store/columnar/wal.h"

namespace clew::store {
namespace {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = "wal-bench-XXXXXX";
    path_ = ::mkdtemp(pattern.data()) == nullptr ? "." : pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    const Result<std::vector<DirectoryEntry>> entries = real_file_system().list(path_);
    if (entries.ok()) {
      for (const DirectoryEntry& entry : *entries) {
        static_cast<void>(real_file_system().remove(path_ + "/" + entry.name));
      }
    }
    static_cast<void>(real_file_system().remove_directory(path_));
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Keeps `senders` records under way: each report sends the next one, as a connection does that waits for its
// answer.
class Senders {
 public:
  Senders(Wal& wal, SharedBytes payload, int64_t records)
      : wal_(wal), payload_(std::move(payload)), left_(records) {}

  void run(int64_t senders) {
    under_way_ = senders;
    std::vector<std::thread> threads;
    // A few threads feed the log, as in the server; the log's own thread only passes the word.
    for (int i = 0; i < 2; ++i) threads.emplace_back([this] { feed(); });
    {
      const std::lock_guard lock(mutex_);
      ready_ = senders;
    }
    changed_.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

 private:
  void feed() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ready_ > 0 || under_way_ == 0; });
        if (ready_ == 0) return;
        --ready_;
        if (left_ == 0) {
          if (--under_way_ == 0) changed_.notify_all();
          continue;
        }
        --left_;
      }
      const auto queued = wal_.append({.otlp = payload_}, [this](const Status&) {
        const std::lock_guard lock(mutex_);
        ++ready_;
        changed_.notify_one();
      });
      if (!queued.ok()) std::abort();
    }
  }

  Wal& wal_;
  const SharedBytes payload_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t left_;
  int64_t ready_ = 0;
  int64_t under_way_ = 0;
};

double process_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void group_commit(benchmark::State& state, Durability durability) {
  const int64_t senders = state.range(0);
  const auto bytes = static_cast<size_t>(state.range(1));
  const int64_t records = bytes > 1000 ? 1000 : durability == Durability::sync ? senders * 200 : 200'000;
  int64_t written = 0;
  double cpu = 0;
  uint64_t syncs = 0;
  for (auto _ : state) {
    const TemporaryDirectory directory;
    auto wal = Wal::open(real_file_system(), {.directory = directory.path(), .durability = durability},
                         [](const WalRecord&) {});
    if (!wal.ok()) {
      state.SkipWithError(wal.status().to_string().c_str());
      return;
    }
    const uint64_t syncs_before = value_of(Counter::wal_syncs);
    const double cpu_before = process_seconds();
    Senders(**wal, SharedBytes(std::string(bytes, 'x')), records).run(senders);
    (*wal)->close();
    cpu += process_seconds() - cpu_before;
    syncs += value_of(Counter::wal_syncs) - syncs_before;
    written += records;
  }
  state.counters["records/s"] = benchmark::Counter(static_cast<double>(written), benchmark::Counter::kIsRate);
  state.counters["syncs/s"] = benchmark::Counter(static_cast<double>(syncs), benchmark::Counter::kIsRate);
  state.counters["cpu_us/record"] = cpu * 1e6 / static_cast<double>(written);
  state.SetBytesProcessed(written * static_cast<int64_t>(bytes));
}

void arguments(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"senders", "bytes"})->UseRealTime()->Iterations(1)->Unit(benchmark::kMillisecond);
  for (const int64_t bytes : {300, 215'000}) {
    for (const int64_t senders : {1, 2, 16, 200}) bench->Args({senders, bytes});
  }
}
BENCHMARK_CAPTURE(group_commit, sync, Durability::sync)->Apply(arguments);
BENCHMARK_CAPTURE(group_commit, os, Durability::os)->Apply(arguments);

// Reading back, without the disk: scanning and checksums.
void replay(benchmark::State& state) {
  const auto bytes = static_cast<size_t>(state.range(0));
  std::string segment = encode_segment_header({.segment = 1, .salt = 7});
  const std::string payload(bytes, 'x');
  while (segment.size() < (32 << 20)) {
    const auto header = encode_record_header({.payload_bytes = static_cast<uint32_t>(bytes),
                                              .group_offset = segment.size(),
                                              .payload_checksum = wal_payload_checksum(payload)},
                                             7, segment.size());
    const size_t end = segment.size() + wal_record_bytes(bytes);
    segment.append(header.data(), header.size()).append(payload).resize(end);
  }
  for (auto _ : state) {
    const WalScan scan = scan_wal_segment(segment, 7, std::nullopt);
    if (scan.end.bytes != segment.size()) state.SkipWithError("not all was read");
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * segment.size()));
}
BENCHMARK(replay)->ArgName("bytes")->Arg(300)->Arg(215'000);

}  // namespace
}  // namespace clew::store
