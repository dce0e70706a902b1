#include "pipeline/receivers/hostmetrics/host_metrics.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/otlp/metric_request.h"

namespace clew::pipeline {
namespace {

using Points = std::vector<NumberPoint>;

// The metrics there are, by scraper.
constexpr std::pair<std::string_view, std::string_view> kMetrics[] = {
    {"cpu", "system.cpu.time"},
    {"memory", "system.memory.usage"},
    {"load", "system.cpu.load_average.1m"},
    {"load", "system.cpu.load_average.5m"},
    {"load", "system.cpu.load_average.15m"},
    {"disk", "system.disk.io"},
    {"disk", "system.disk.operations"},
    {"disk", "system.disk.io_time"},
    {"disk", "system.disk.operation_time"},
    {"disk", "system.disk.weighted_io_time"},
    {"disk", "system.disk.merged"},
    {"disk", "system.disk.pending_operations"},
    {"filesystem", "system.filesystem.usage"},
    {"filesystem", "system.filesystem.inodes.usage"},
    {"network", "system.network.io"},
    {"network", "system.network.packets"},
    {"network", "system.network.errors"},
    {"network", "system.network.dropped"},
    {"network", "system.network.connections"},
    {"paging", "system.paging.usage"},
    {"paging", "system.paging.operations"},
    {"paging", "system.paging.faults"},
    {"processes", "system.processes.count"},
    {"processes", "system.processes.created"},
};

class Writer {
 public:
  Writer(const HostReadings& readings, const HostMetricsWanted& wanted, MetricTime time)
      : readings_(readings), wanted_(wanted), time_(time) {
    request_.begin_resource({});
  }

  Status cpu() {
    CLEW_ASSIGN(const auto cpus, readings_.cpus());
    Points points;
    for (const CpuTimes& one : cpus)
      for (const auto& [state, seconds] : one.seconds)
        points.push_back({{{"cpu", one.cpu}, {"state", std::string(state)}}, seconds});
    add("system.cpu.time", "s", MetricKind::monotonic_sum, points);
    return {};
  }

  Status memory() {
    CLEW_ASSIGN(const MemoryReading memory, readings_.memory());
    const uint64_t cached = memory.of("Cached"), reclaimable = memory.of("SReclaimable");
    const uint64_t other = memory.of("MemFree") + memory.of("Buffers") + cached + reclaimable;
    Points points;
    for (const auto& [state, bytes] :
         {std::pair<const char*, uint64_t>{"used",
                                           memory.of("MemTotal") - std::min(other, memory.of("MemTotal"))},
          {"free", memory.of("MemFree")},
          {"cached", cached},
          {"buffered", memory.of("Buffers")},
          {"slab_reclaimable", reclaimable},
          {"slab_unreclaimable", memory.of("SUnreclaim")}})
      points.push_back({{{"state", state}}, static_cast<int64_t>(bytes)});
    add("system.memory.usage", "By", MetricKind::sum, points);
    return {};
  }

  Status load() {
    CLEW_ASSIGN(const LoadReading load, readings_.load());
    add("system.cpu.load_average.1m", "{thread}", MetricKind::gauge, {{{}, load.one}});
    add("system.cpu.load_average.5m", "{thread}", MetricKind::gauge, {{{}, load.five}});
    add("system.cpu.load_average.15m", "{thread}", MetricKind::gauge, {{{}, load.fifteen}});
    return {};
  }

  Status disk() {
    CLEW_ASSIGN(const auto disks, readings_.disks());
    Points io, operations, io_time, operation_time, weighted, merged, pending;
    for (const DiskReading& one : disks) {
      if (!wanted_.disks.wants(one.device)) continue;
      const TextPairs device{{"device", one.device}};
      add_two(io, device, {"read", one.read_bytes}, {"write", one.written_bytes});
      add_two(operations, device, {"read", one.reads}, {"write", one.writes});
      add_two(merged, device, {"read", one.reads_merged}, {"write", one.writes_merged});
      for (const auto& [direction, milliseconds] :
           {std::pair<const char*, uint64_t>{"read", one.read_milliseconds},
            {"write", one.write_milliseconds}})
        operation_time.push_back(
            {{device[0], {"direction", direction}}, static_cast<double>(milliseconds) * 1e-3});
      io_time.push_back({device, static_cast<double>(one.io_milliseconds) * 1e-3});
      weighted.push_back({device, static_cast<double>(one.weighted_milliseconds) * 1e-3});
      pending.push_back({device, static_cast<int64_t>(one.pending)});
    }
    add("system.disk.io", "By", MetricKind::monotonic_sum, io);
    add("system.disk.operations", "{operations}", MetricKind::monotonic_sum, operations);
    add("system.disk.io_time", "s", MetricKind::monotonic_sum, io_time);
    add("system.disk.operation_time", "s", MetricKind::monotonic_sum, operation_time);
    add("system.disk.weighted_io_time", "s", MetricKind::monotonic_sum, weighted);
    add("system.disk.merged", "{operations}", MetricKind::monotonic_sum, merged);
    add("system.disk.pending_operations", "{operations}", MetricKind::sum, pending);
    return {};
  }

  Status filesystem() {
    CLEW_ASSIGN(const auto file_systems, readings_.file_systems(wanted_.virtual_file_systems));
    Points usage, inodes;
    for (const FileSystemReading& one : file_systems) {
      if (!wanted_.devices.wants(one.device) || !wanted_.mount_points.wants(one.mount_point) ||
          !wanted_.file_system_types.wants(one.type))
        continue;
      const auto place = [&](const char* state) {
        return TextPairs{{"device", one.device},
                         {"mode", one.mode},
                         {"mountpoint", one.mount_point},
                         {"type", one.type},
                         {"state", state}};
      };
      usage.push_back({place("used"), static_cast<int64_t>(one.used)});
      usage.push_back({place("free"), static_cast<int64_t>(one.free)});
      usage.push_back({place("reserved"), static_cast<int64_t>(one.reserved)});
      inodes.push_back({place("used"), static_cast<int64_t>(one.inodes_used)});
      inodes.push_back({place("free"), static_cast<int64_t>(one.inodes_free)});
    }
    add("system.filesystem.usage", "By", MetricKind::sum, usage);
    add("system.filesystem.inodes.usage", "{inodes}", MetricKind::sum, inodes);
    return {};
  }

  Status network() {
    CLEW_ASSIGN(const auto networks, readings_.networks());
    Points io, packets, errors, dropped, connections;
    for (const NetworkReading& one : networks) {
      if (!wanted_.interfaces.wants(one.device)) continue;
      const TextPairs device{{"device", one.device}};
      add_two(io, device, {"receive", one.received_bytes}, {"transmit", one.sent_bytes});
      add_two(packets, device, {"receive", one.received_packets}, {"transmit", one.sent_packets});
      add_two(errors, device, {"receive", one.received_errors}, {"transmit", one.sent_errors});
      add_two(dropped, device, {"receive", one.received_dropped}, {"transmit", one.sent_dropped});
    }
    add("system.network.io", "By", MetricKind::monotonic_sum, io);
    add("system.network.packets", "{packets}", MetricKind::monotonic_sum, packets);
    add("system.network.errors", "{errors}", MetricKind::monotonic_sum, errors);
    add("system.network.dropped", "{packets}", MetricKind::monotonic_sum, dropped);
    if (wanted_.disabled.contains("system.network.connections")) return {};
    CLEW_ASSIGN(const auto by_state, readings_.connections());
    for (const auto& [state, count] : by_state)
      connections.push_back({{{"protocol", "tcp"}, {"state", std::string(state)}}, count});
    add("system.network.connections", "{connections}", MetricKind::sum, connections);
    return {};
  }

  Status paging() {
    CLEW_ASSIGN(const PagingReading paging, readings_.paging());
    Points faults, operations, usage;
    faults.push_back({{{"type", "major"}}, static_cast<int64_t>(paging.major_faults)});
    faults.push_back({{{"type", "minor"}}, static_cast<int64_t>(paging.minor_faults)});
    for (const auto& [type, in, out] : {std::tuple("major", paging.swaps_in, paging.swaps_out),
                                        std::tuple("minor", paging.pages_in, paging.pages_out)})
      add_two(operations, {{"type", type}}, {"page_in", in}, {"page_out", out});
    add("system.paging.faults", "{faults}", MetricKind::monotonic_sum, faults);
    add("system.paging.operations", "{operations}", MetricKind::monotonic_sum, operations);
    CLEW_ASSIGN(const MemoryReading memory, readings_.memory());
    const uint64_t free = memory.of("SwapFree"), cached = memory.of("SwapCached");
    const uint64_t used = memory.of("SwapTotal") - std::min(memory.of("SwapTotal"), free + cached);
    usage.push_back({{{"state", "used"}}, static_cast<int64_t>(used)});
    usage.push_back({{{"state", "free"}}, static_cast<int64_t>(free)});
    usage.push_back({{{"state", "cached"}}, static_cast<int64_t>(cached)});
    add("system.paging.usage", "By", MetricKind::sum, usage);
    return {};
  }

  Status processes() {
    CLEW_ASSIGN(const ProcessesReading processes, readings_.processes());
    Points points;
    for (const auto& [status, count] : processes.by_status)
      points.push_back({{{"status", std::string(status)}}, count});
    add("system.processes.count", "{processes}", MetricKind::sum, points);
    add("system.processes.created", "{processes}", MetricKind::monotonic_sum,
        {{{}, static_cast<int64_t>(processes.created)}});
    return {};
  }

  Batch take() { return request_.take(); }

 private:
  using Half = std::pair<const char*, uint64_t>;
  static void add_two(Points& points, const TextPairs& attributes, const Half& one, const Half& other) {
    for (const Half& half : {one, other}) {
      TextPairs all = attributes;
      all.emplace_back("direction", half.first);
      points.push_back({std::move(all), static_cast<int64_t>(half.second)});
    }
  }
  void add(std::string_view name, std::string_view unit, MetricKind kind, const Points& points) {
    if (!wanted_.disabled.contains(name)) request_.add(name, unit, kind, time_, points);
  }

  const HostReadings& readings_;
  const HostMetricsWanted& wanted_;
  const MetricTime time_;
  MetricRequest request_{"clew/hostmetrics"};
};

constexpr std::pair<std::string_view, Status (Writer::*)()> kScrapers[] = {
    {"cpu", &Writer::cpu},       {"memory", &Writer::memory},         {"load", &Writer::load},
    {"disk", &Writer::disk},     {"filesystem", &Writer::filesystem}, {"network", &Writer::network},
    {"paging", &Writer::paging}, {"processes", &Writer::processes},
};

// `exclude: {devices: [loop0], match_type: strict}`
void read_filter(Section& section, std::string_view suffix, std::string_view list, NameFilter& to) {
  for (const bool includes : {true, false}) {
    const std::string key = (includes ? "include" : "exclude") + std::string(suffix);
    if (!section.has(key)) continue;
    Section half = section.section(key);
    std::vector<std::string> names;
    std::string match_type = "strict";
    half.read(list, names);
    half.read(std::string_view("match_type"), match_type);
    if (match_type != "strict")
      half.error("match_type",
                 fmt::format("clew compares these names as they are (strict), got '{}'", match_type));
    (includes ? to.only : to.without).insert(names.begin(), names.end());
  }
}

}  // namespace

void read_host_scraper(Section& section, std::string_view scraper, HostMetricsWanted& to) {
  if (scraper == "disk") read_filter(section, "", "devices", to.disks);
  if (scraper == "network") read_filter(section, "", "interfaces", to.interfaces);
  if (scraper == "filesystem") {
    read_filter(section, "_devices", "devices", to.devices);
    read_filter(section, "_mount_points", "mount_points", to.mount_points);
    read_filter(section, "_fs_types", "fs_types", to.file_system_types);
    section.read("include_virtual_filesystems", to.virtual_file_systems);
  }
  if (scraper == "load")
    section.refuse("cpu_average", "clew gives the load of the host; divide in the question");
  Section metrics = section.section("metrics");
  std::vector<std::string> names;
  metrics.for_each_key([&](const std::string& name, const ConfigValue&) { names.push_back(name); });
  for (const std::string& name : names) {
    bool enabled = true;
    {
      Section one = metrics.section(name);
      one.read("enabled", enabled);
    }
    const bool is_known = std::find(std::begin(kMetrics), std::end(kMetrics),
                                    std::pair(scraper, std::string_view(name))) != std::end(kMetrics);
    if (enabled && !is_known) metrics.error(name, "clew does not offer this metric");
    if (!enabled) to.disabled.insert(name);
  }
}

Batch host_metrics(const HostReadings& readings, const HostMetricsWanted& wanted, UnixNanos at,
                   std::vector<Status>& failures) {
  const auto boot = readings.boot_time();
  MetricTime time{.start = at, .at = at};
  if (boot.ok()) time.start = UnixNanos{static_cast<int64_t>(*boot) * 1'000'000'000};
  Writer writer(readings, wanted, time);
  for (const auto& [name, scrape] : kScrapers) {
    if (!wanted.scrapers.contains(name)) continue;
    if (Status status = (writer.*scrape)(); !status.ok()) failures.push_back(std::move(status));
  }
  return writer.take();
}

}  // namespace clew::pipeline
