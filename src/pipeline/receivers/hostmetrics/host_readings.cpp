#include "pipeline/receivers/hostmetrics/host_readings.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/statvfs.h>

#include "net/file_descriptor.h"

namespace clew::pipeline {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// 0 for what is no number.
template <typename Number = uint64_t>
Number number(std::string_view text, int base = 10) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}
double decimal(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Status unexpected(std::string_view path) {
  return {ErrorKind::bad_input, fmt::format("{} is not as expected", path)};
}

// Mount points are written with \040 for a space.
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && text.size() - at > 3) {
      plain += static_cast<char>(number<unsigned>(text.substr(at + 1, 3), 8));
      at += 3;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

}  // namespace

Result<std::string> HostReadings::read(std::string_view path) const {
  // Files of /proc do not tell their size.
  const std::string whole = root_ + std::string(path);
  const net::FileDescriptor file(::open(whole.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open())
    return {ErrorKind::unavailable, fmt::format("cannot read {}: {}", whole, std::strerror(errno))};
  std::string text;
  char buffer[16384];
  ssize_t got = 0;
  while ((got = ::read(file.number(), buffer, sizeof buffer)) > 0 && text.size() < kMostBytes)
    text.append(buffer, static_cast<size_t>(got));
  return text;
}

Result<std::vector<CpuTimes>> HostReadings::cpus() const {
  CLEW_ASSIGN(const std::string text, read("/proc/stat"));
  static constexpr std::string_view kStates[] = {"user", "nice",      "system",  "idle",
                                                 "wait", "interrupt", "softirq", "steal"};
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::vector<CpuTimes> cpus;
  for_each_line(text, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() <= std::size(kStates) || !words[0].starts_with("cpu") || words[0] == "cpu") return;
    CpuTimes one{.cpu = std::string(words[0]), .seconds = {}};
    for (size_t i = 0; i < std::size(kStates); ++i)
      one.seconds.emplace_back(kStates[i], static_cast<double>(number(words[i + 1])) / ticks);
    cpus.push_back(std::move(one));
  });
  if (cpus.empty()) return unexpected("/proc/stat");
  return cpus;
}

Result<uint64_t> HostReadings::boot_time() const {
  CLEW_ASSIGN(const std::string text, read("/proc/stat"));
  uint64_t at = 0;
  for_each_line(text, [&](std::string_view line) {
    if (line.starts_with("btime ")) at = number(line.substr(6));
  });
  if (at == 0) return unexpected("/proc/stat");
  return at;
}

Result<MemoryReading> HostReadings::memory() const {
  CLEW_ASSIGN(const std::string text, read("/proc/meminfo"));
  MemoryReading reading;
  for_each_line(text, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 2 || !words[0].ends_with(':')) return;
    const uint64_t unit = words.size() > 2 && words[2] == "kB" ? 1024 : 1;
    reading.bytes[std::string(words[0].substr(0, words[0].size() - 1))] = number(words[1]) * unit;
  });
  if (reading.of("MemTotal") == 0) return unexpected("/proc/meminfo");
  return reading;
}

Result<LoadReading> HostReadings::load() const {
  CLEW_ASSIGN(const std::string text, read("/proc/loadavg"));
  const auto words = words_of(text);
  if (words.size() < 3) return unexpected("/proc/loadavg");
  return LoadReading{decimal(words[0]), decimal(words[1]), decimal(words[2])};
}

Result<std::vector<DiskReading>> HostReadings::disks() const {
  CLEW_ASSIGN(const std::string text, read("/proc/diskstats"));
  constexpr uint64_t kSector = 512;
  std::vector<DiskReading> disks;
  for_each_line(text, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 14) return;
    disks.push_back({.device = std::string(words[2]),
                     .reads = number(words[3]),
                     .reads_merged = number(words[4]),
                     .read_bytes = number(words[5]) * kSector,
                     .read_milliseconds = number(words[6]),
                     .writes = number(words[7]),
                     .writes_merged = number(words[8]),
                     .written_bytes = number(words[9]) * kSector,
                     .write_milliseconds = number(words[10]),
                     .pending = number(words[11]),
                     .io_milliseconds = number(words[12]),
                     .weighted_milliseconds = number(words[13])});
  });
  return disks;
}

Result<std::vector<NetworkReading>> HostReadings::networks() const {
  CLEW_ASSIGN(const std::string text, read("/proc/net/dev"));
  std::vector<NetworkReading> networks;
  for_each_line(text, [&](std::string_view line) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = words_of(line.substr(0, colon));
    const auto words = words_of(line.substr(colon + 1));
    if (name.size() != 1 || words.size() < 12) return;
    networks.push_back({.device = std::string(name[0]),
                        .received_bytes = number(words[0]),
                        .received_packets = number(words[1]),
                        .received_errors = number(words[2]),
                        .received_dropped = number(words[3]),
                        .sent_bytes = number(words[8]),
                        .sent_packets = number(words[9]),
                        .sent_errors = number(words[10]),
                        .sent_dropped = number(words[11])});
  });
  return networks;
}

Result<std::map<std::string_view, int64_t>> HostReadings::connections() const {
  // In the order of the kernel's numbers, from 1.
  static constexpr std::string_view kStates[] = {"ESTABLISHED", "SYN_SENT",  "SYN_RECV", "FIN_WAIT_1",
                                                 "FIN_WAIT_2",  "TIME_WAIT", "CLOSE",    "CLOSE_WAIT",
                                                 "LAST_ACK",    "LISTEN",    "CLOSING"};
  std::map<std::string_view, int64_t> counts;
  for (const std::string_view state : kStates) counts[state] = 0;
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const auto text = read(path);
    if (!text.ok()) {
      if (std::string_view(path).ends_with('6')) continue;  // a host without IPv6
      return text.status();
    }
    for_each_line(*text, [&](std::string_view line) {
      const auto words = words_of(line);
      if (words.size() < 4 || !words[0].ends_with(':')) return;
      const auto state = number<unsigned>(words[3], 16);
      if (state >= 1 && state <= std::size(kStates)) ++counts[kStates[state - 1]];
    });
  }
  return counts;
}

Result<PagingReading> HostReadings::paging() const {
  CLEW_ASSIGN(const std::string text, read("/proc/vmstat"));
  std::map<std::string_view, uint64_t> values;
  for_each_line(text, [&](std::string_view line) {
    if (const auto words = words_of(line); words.size() == 2) values[words[0]] = number(words[1]);
  });
  if (!values.contains("pgfault")) return unexpected("/proc/vmstat");
  const uint64_t major = values["pgmajfault"];
  return PagingReading{.major_faults = major,
                       .minor_faults = values["pgfault"] - std::min(major, values["pgfault"]),
                       .pages_in = values["pgpgin"],
                       .pages_out = values["pgpgout"],
                       .swaps_in = values["pswpin"],
                       .swaps_out = values["pswpout"]};
}

Result<ProcessesReading> HostReadings::processes() const {
  CLEW_ASSIGN(const std::string stat, read("/proc/stat"));
  ProcessesReading reading;
  for_each_line(stat, [&](std::string_view line) {
    if (line.starts_with("processes ")) reading.created = number(line.substr(10));
  });
  const auto name_of_state = [](char state) -> std::string_view {
    switch (state) {
      case 'R':
        return "running";
      case 'S':
        return "sleeping";
      case 'D':
        return "blocked";
      case 'T':
      case 't':
        return "stopped";
      case 'Z':
        return "zombies";
      case 'I':
        return "idle";
      default:
        return "unknown";
    }
  };
  std::error_code error;
  std::filesystem::directory_iterator entry(root_ + "/proc", error);
  if (error) return {ErrorKind::unavailable, fmt::format("cannot read {}/proc: {}", root_, error.message())};
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto text = read("/proc/" + name + "/stat");
    if (!text.ok()) continue;  // it ended in the meantime
    // The name of the program, in parentheses, may contain anything.
    const size_t end = text->rfind(") ");
    if (end != std::string::npos && end + 2 < text->size())
      ++reading.by_status[name_of_state((*text)[end + 2])];
  }
  return reading;
}

Result<std::vector<FileSystemReading>> HostReadings::file_systems(bool all) const {
  CLEW_ASSIGN(const std::string known, read("/proc/filesystems"));
  std::set<std::string_view> made_up;
  for_each_line(known, [&](std::string_view line) {
    if (const auto words = words_of(line); words.size() == 2 && words[0] == "nodev") made_up.insert(words[1]);
  });
  made_up.erase("zfs");  // "nodev", and yet on a disk
  // Of another root, the mounts are those that its first process sees.
  CLEW_ASSIGN(const std::string mounts, read(root_.empty() ? "/proc/self/mounts" : "/proc/1/mounts"));
  std::vector<FileSystemReading> found;
  std::set<std::string> seen;
  for_each_line(mounts, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 4 || (!all && made_up.contains(words[2]))) return;
    FileSystemReading one{
        .device = without_escapes(words[0]),
        .mount_point = without_escapes(words[1]),
        .type = std::string(words[2]),
        .mode = (',' + std::string(words[3]) + ',').find(",ro,") != std::string::npos ? "ro" : "rw"};
    if (!seen.insert(one.device + "\n" + one.mount_point).second) return;
    struct statvfs space {};
    if (::statvfs((root_ + one.mount_point).c_str(), &space) != 0 || space.f_blocks == 0) return;
    const uint64_t unit = space.f_frsize;
    one.free = space.f_bavail * unit;
    one.reserved = (space.f_bfree - std::min<uint64_t>(space.f_bavail, space.f_bfree)) * unit;
    one.used = (space.f_blocks - std::min<uint64_t>(space.f_bfree, space.f_blocks)) * unit;
    one.inodes_free = space.f_ffree;
    one.inodes_used = space.f_files - std::min<uint64_t>(space.f_ffree, space.f_files);
    found.push_back(std::move(one));
  });
  return found;
}

}  // namespace clew::pipeline
