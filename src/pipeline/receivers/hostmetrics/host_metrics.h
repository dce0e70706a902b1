// host_metrics: readings of the host as metrics, under the names that the Collector's receiver gives them.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "pipeline/receivers/hostmetrics/host_readings.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

class Section;

inline constexpr std::array<std::string_view, 8> kHostScrapers = {
    "cpu", "memory", "load", "disk", "filesystem", "network", "paging", "processes"};

// Names that are wanted: those of a list, or all but those of a list.
struct NameFilter {
  std::set<std::string> only, without;
  bool wants(const std::string& name) const {
    return (only.empty() || only.contains(name)) && !without.contains(name);
  }
};

struct HostMetricsWanted {
  std::set<std::string, std::less<>> scrapers;  // of kHostScrapers
  std::set<std::string, std::less<>> disabled;  // names of metrics
  NameFilter disks, interfaces, devices, mount_points, file_system_types;
  bool virtual_file_systems = false;
};

// The settings of one scraper.
void read_host_scraper(Section& section, std::string_view scraper, HostMetricsWanted& to);

// What could not be read is in `failures`, and left out.
Batch host_metrics(const HostReadings& readings, const HostMetricsWanted& wanted, UnixNanos at,
                   std::vector<Status>& failures);

}  // namespace clew::pipeline
