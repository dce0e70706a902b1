#include "pipeline/service/service_telemetry.h"

#include <fmt/format.h>

#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

LogLevel log_level_named(const std::string& name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warn") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

void read_logs(Section&& logs, ServiceTelemetry& telemetry) {
  std::string level = "info";
  logs.read_choice("level", level, {"debug", "info", "warn", "error", "DEBUG", "INFO", "WARN", "ERROR"});
  for (char& c : level) c = static_cast<char>(c | 0x20);
  telemetry.log_level = log_level_named(level);
  logs.ignore({"encoding", "development", "disable_caller", "disable_stacktrace", "initial_fields",
               "sampling", "output_paths", "error_output_paths"});
  logs.refuse("processors", "clew writes its log to standard error only");
}

void read_reader(Section& reader, ServiceTelemetry& telemetry) {
  reader.refuse("periodic", "clew does not push its metrics; scrape them through a pull reader");
  Section pull = reader.section("pull");
  Section exporter = pull.section("exporter");
  Section prometheus = exporter.section("prometheus");
  std::string host = "localhost";
  uint64_t port = 8888;
  prometheus.read("host", host);
  prometheus.read("port", port);
  prometheus.ignore(
      {"without_scope_info", "without_type_suffix", "without_units", "with_resource_constant_labels"});
  telemetry.metrics_address = fmt::format("{}:{}", host, port);
}

}  // namespace

ServiceTelemetry read_service_telemetry(Section& section) {
  ServiceTelemetry telemetry;
  read_logs(section.section("logs"), telemetry);
  {
    Section metrics = section.section("metrics");
    std::string level = "normal";
    metrics.read_choice("level", level, {"none", "basic", "normal", "detailed"});
    std::string address;
    if (metrics.read("address", address)) telemetry.metrics_address = address;
    metrics.for_each("readers", [&](Section& reader) { read_reader(reader, telemetry); });
    metrics.ignore({"views"});
    if (level == "none") telemetry.metrics_address.reset();
  }
  section.ignore({"resource"});
  section.ignore({"traces"});
  return telemetry;
}

}  // namespace clew::pipeline
