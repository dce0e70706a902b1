// What /proc says of the host, read from a directory of its shape, each part for itself. A file that is not
// there, or not as expected, is a failure of its part alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace clew::pipeline {

// Seconds of each state ("user", "idle" …).
struct CpuTimes {
  std::string cpu;  // "cpu0"
  std::vector<std::pair<std::string_view, double>> seconds;
};
struct MemoryReading {
  std::map<std::string, uint64_t, std::less<>> bytes;  // as in /proc/meminfo: "MemTotal" …
  uint64_t of(std::string_view name) const {
    const auto found = bytes.find(name);
    return found == bytes.end() ? 0 : found->second;
  }
};
struct LoadReading {
  double one = 0, five = 0, fifteen = 0;
};
struct DiskReading {
  std::string device;
  uint64_t reads = 0, reads_merged = 0, read_bytes = 0, read_milliseconds = 0;
  uint64_t writes = 0, writes_merged = 0, written_bytes = 0, write_milliseconds = 0;
  uint64_t pending = 0, io_milliseconds = 0, weighted_milliseconds = 0;
};
struct NetworkReading {
  std::string device;
  uint64_t received_bytes = 0, received_packets = 0, received_errors = 0, received_dropped = 0;
  uint64_t sent_bytes = 0, sent_packets = 0, sent_errors = 0, sent_dropped = 0;
};
struct PagingReading {
  uint64_t major_faults = 0, minor_faults = 0;
  uint64_t pages_in = 0, pages_out = 0, swaps_in = 0, swaps_out = 0;
};
struct ProcessesReading {
  uint64_t created = 0;
  std::map<std::string_view, int64_t> by_status;
};
struct FileSystemReading {
  std::string device, mount_point, type, mode;  // mode: "rw", "ro"
  uint64_t used = 0, free = 0, reserved = 0;    // bytes
  uint64_t inodes_used = 0, inodes_free = 0;
};

class HostReadings {
 public:
  // `root_path`: where the host's file system is mounted; empty: we stand on it.
  explicit HostReadings(std::string root_path) : root_(std::move(root_path)) {}

  Result<std::vector<CpuTimes>> cpus() const;
  Result<MemoryReading> memory() const;
  Result<LoadReading> load() const;
  Result<std::vector<DiskReading>> disks() const;
  Result<std::vector<NetworkReading>> networks() const;
  // Connections of TCP by state ("ESTABLISHED" …).
  Result<std::map<std::string_view, int64_t>> connections() const;
  Result<PagingReading> paging() const;
  Result<ProcessesReading> processes() const;
  // Those of a disk, and with `all` those that the kernel makes up too.
  Result<std::vector<FileSystemReading>> file_systems(bool all) const;
  // Seconds since 1970.
  Result<uint64_t> boot_time() const;

 private:
  Result<std::string> read(std::string_view path) const;

  const std::string root_;
};

}  // namespace clew::pipeline
