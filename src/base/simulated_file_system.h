// SimulatedFileSystem: a disk in memory that can be mistreated, for tests of everything that must survive.
//
// It is as unkind as POSIX allows. What was appended but not synced may be lost at power loss, sector by
// sector and independently; names that were made, renamed or removed since the last sync of their directory
// likewise, in any combination (a rename within one directory is one step, though). A sync that fails drops
// what it should have written: the bytes can still be read, but no later sync brings them to the disk.
//
// Every call that changes something is numbered from 1 on, so that a test can run a scenario once for each of
// its calls and lose power, or fail, right there. A crash test reads:
//
//   for (uint64_t call = 1;; ++call) {
//     SimulatedFileSystem disk({.seed = seed});
//     disk.lose_power_at(call);
//     run the scenario, which sees every call fail from then on;
//     if (disk.has_power()) break;  // the scenario has fewer calls
//     disk.restart(PowerLoss::tear);
//     open again and check;
//   }
//
// Any thread may use it. Directories cannot be renamed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace clew {

// What becomes of changes that were not synced when the power comes back.
enum class PowerLoss : uint8_t {
  lose,  // all of them are lost
  keep,  // all of them survived (as after kill -9)
  tear,  // a random part of them survived
};

class SimulatedFileSystem final : public FileSystem {
 public:
  struct Options {
    uint64_t seed = 1;
  };
  SimulatedFileSystem() : SimulatedFileSystem(Options{}) {}
  explicit SimulatedFileSystem(Options options);
  ~SimulatedFileSystem() override;

  // Mishaps. The call of that number is cut short in a random way, and it and all later ones fail until
  // restart().
  void lose_power_at(uint64_t call);
  void lose_power();
  bool has_power() const;
  // Files that are still open stay dead; open them again. Mishaps planned for later calls are forgotten.
  void restart(PowerLoss loss);
  // The call of that number fails with `failure`; an append may have written some of its bytes.
  void fail_call(uint64_t call, Status failure);
  // All changing calls fail with `failure`, until nothing is passed.
  void fail_all_calls(std::optional<Status> failure);
  // All syncs of files fail with `failure`, until nothing is passed.
  void fail_all_syncs(std::optional<Status> failure);
  // Appends beyond this many bytes in all files together fail with `exhausted`, after writing what fits.
  void limit_bytes(std::optional<uint64_t> bytes);
  // Both on the disk and in what is read from it.
  Status flip_bit(const std::string& path, uint64_t offset, unsigned bit);
  Status overwrite(const std::string& path, std::string content);

  // How many changing calls were made, and what they were ("append /data/wal/1.wal 512 bytes").
  uint64_t calls() const;
  std::vector<std::string> history() const;

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<FileInfo> info(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status hard_link(const std::string& existing, const std::string& link) override;
  Result<std::vector<DirectoryEntry>> list(const std::string& directory) override;
  Status make_directory(const std::string& path) override;
  Status remove_directory(const std::string& path) override;
  Status sync_directory(const std::string& path) override;
  Result<DiskSpace> space(const std::string& path) override;

 private:
  friend class SimulatedFile;
  struct Node;
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  // Changes of names that happen together: a path and what it names from then on (null: nothing).
  using NameChange = std::vector<std::pair<std::string, std::shared_ptr<Node>>>;

  // What a changing call has to do: all of it, a part before it fails, or nothing.
  struct Verdict {
    Status failure;      // what the call answers
    bool effect = true;  // whether it does something nevertheless
  };
  // These need the lock.
  Result<std::shared_ptr<Node>> find(const std::string& path) const;
  Verdict begin_call(std::string description);
  void change_names(NameChange change);
  Status check_parent(const std::string& path) const;
  uint64_t used_bytes() const;
  bool toss() { return (random_() & 1) != 0; }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::mt19937_64 random_;
  Names names_;          // as seen by calls
  Names durable_names_;  // as they would surely be after power loss
  std::vector<NameChange> pending_;
  std::vector<std::string> history_;
  bool power_ = true;
  uint64_t restarts_ = 0;
  std::optional<uint64_t> lose_power_at_;
  std::map<uint64_t, Status> failing_calls_;
  std::optional<Status> failing_all_;
  std::optional<Status> failing_syncs_;
  std::optional<uint64_t> limit_;
};

}  // namespace clew
