#include "app/setup_hints.h"

#include <algorithm>
#include <array>
#include <unistd.h>

#include <fmt/format.h>

#include "app/doors.h"

namespace clew::app {
namespace {

const ListenAddress& door_for(const OpenDoors& open, uint16_t usual_port) {
  const auto usual = std::find_if(open.doors.begin(), open.doors.end(),
                                  [&](const ListenAddress& door) { return door.port == usual_port; });
  return usual != open.doors.end() ? *usual : open.doors.front();
}

std::string name_of_this_machine() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 && name[0] != 0 ? name.data() : "localhost";
}

std::string url_of(const OpenDoors& open, ListenAddress door, const std::string& host_for_any) {
  if (door.is_any()) door.host = host_for_any;
  return fmt::format("{}://{}", open.tls ? "https" : "http", door.text());
}

const VendorDoor* door_of(const OpenDoors& open, Vendor vendor, bool with_udp) {
  const auto found = std::find_if(open.vendors.begin(), open.vendors.end(), [&](const VendorDoor& door) {
    return door.vendor == vendor && door.tcp && (door.udp || !with_udp);
  });
  return found == open.vendors.end() ? nullptr : &*found;
}

}  // namespace

std::string page_url(const OpenDoors& open) {
  return url_of(open, door_for(open, kPagePort), "127.0.0.1");
}

std::vector<api::DoorFacts> door_facts(const OpenDoors& open) {
  std::vector<api::DoorFacts> facts;
  for (const ListenAddress& door : open.doors)
    facts.push_back(
        {.address = door.text(), .port = door.port, .purpose = purpose_of_port(door.port), .tls = open.tls});
  for (const VendorDoor& door : open.vendors)
    facts.push_back({.address = door.address.text(),
                     .port = door.address.port,
                     .purpose = std::string(door.purpose),
                     .tls = open.tls && door.tcp});
  return facts;
}

std::vector<api::SetupHint> setup_hints(const OpenDoors& open) {
  const auto for_applications = [&](uint16_t usual_port) {
    return url_of(open, door_for(open, usual_port), name_of_this_machine());
  };
  const auto exports = [&](uint16_t usual_port) {
    std::vector<std::string> lines{"export OTEL_EXPORTER_OTLP_ENDPOINT=" + for_applications(usual_port)};
    if (open.keys_required) lines.push_back("export OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=YOUR_KEY");
    return lines;
  };
  std::vector<api::SetupHint> hints;
  api::SetupHint http{.title = "OpenTelemetry",
                      .lines = exports(kOtlpHttpPort),
                      .note = "Any SDK, HTTP or gRPC: every door takes both."};
  http.lines.emplace_back("export OTEL_SERVICE_NAME=my-service");
  hints.push_back(std::move(http));
  api::SetupHint grpc{.title = "OpenTelemetry over gRPC", .lines = exports(kOtlpGrpcPort), .note = {}};
  grpc.lines.emplace_back("export OTEL_EXPORTER_OTLP_PROTOCOL=grpc");
  hints.push_back(std::move(grpc));
  api::SetupHint collector{
      .title = "OpenTelemetry Collector",
      .lines = {"exporters:", "  otlphttp:", "    endpoint: " + for_applications(kOtlpHttpPort)},
      .note = {}};
  if (open.keys_required) {
    collector.lines.emplace_back("    headers:");
    collector.lines.emplace_back("      x-honeycomb-team: YOUR_KEY");
  }
  hints.push_back(std::move(collector));
  if (const VendorDoor* xray = door_of(open, Vendor::xray, true)) {
    ListenAddress door = xray->address;
    if (door.is_any()) door.host = name_of_this_machine();
    hints.push_back({.title = "AWS X-Ray",
                     .lines = {"export AWS_XRAY_DAEMON_ADDRESS=" + door.text()},
                     .note = "Any X-Ray SDK: segments over UDP, sampling rules over TCP."});
  }
  // Every door takes these; the vendor's own are where clients look anyway.
  const auto address_of = [&](Vendor vendor) {
    const VendorDoor* own = door_of(open, vendor, false);
    return own == nullptr ? for_applications(kPagePort) : url_of(open, own->address, name_of_this_machine());
  };
  hints.push_back(
      {.title = "Zipkin",
       .lines = {"export OTEL_EXPORTER_ZIPKIN_ENDPOINT=" + address_of(Vendor::zipkin) + "/api/v2/spans"},
       .note = "Any reporter of Zipkin: JSON, protobuf or Thrift, version 2 or 1."});
  api::SetupHint jaeger{.title = "Jaeger",
                        .lines = {"export JAEGER_ENDPOINT=" + address_of(Vendor::jaeger) + "/api/traces"},
                        .note = "Jaeger's clients: over HTTP, gRPC, and UDP where they look for an agent."};
  if (open.keys_required) jaeger.lines.emplace_back("export JAEGER_PASSWORD=YOUR_KEY JAEGER_USER=any");
  hints.push_back(std::move(jaeger));
  return hints;
}

}  // namespace clew::app
