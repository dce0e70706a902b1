// For tests: parts made from a piece of YAML, as the program makes them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "pipeline/component.h"
#include "pipeline/config/complaints.h"
#include "pipeline/config/section.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/timers.h"

namespace clew::pipeline::testing {

// A collector of which only the surroundings are there.
class Workshop final : public CollectorView {
 public:
  Site site(const std::string& id = "test") {
    return {*parse_component_id(id), timers, own_telemetry, extensions, *this};
  }

  // What configure() says about these settings, one line each.
  template <typename Configure>
  std::vector<std::string> complaints(Configure configure, const std::string& yaml) {
    Complaints complaints;
    configured(configure, yaml, complaints);
    return complaints.errors();
  }

  std::unique_ptr<Processor> processor(MakeProcessor (*configure)(Section&), const std::string& yaml,
                                       Consumer& next) {
    Complaints complaints;
    const MakeProcessor make = configured(configure, yaml, complaints);
    if (complaints.has_errors()) throw std::runtime_error(complaints.errors().front());
    auto made = make(site(), next);
    if (!made.ok() || !(*made)->start().ok()) throw std::runtime_error(made.status().to_string());
    return std::move(*made);
  }

  std::unique_ptr<Exporter> exporter(ExporterPlan (*configure)(Section&), const std::string& yaml) {
    Complaints complaints;
    const ExporterPlan plan = configured(configure, yaml, complaints);
    if (complaints.has_errors()) throw std::runtime_error(complaints.errors().front());
    auto made = plan.make(site());
    if (!made.ok()) throw std::runtime_error(made.status().to_string());
    if (const Status started = (*made)->start(); !started.ok()) throw std::runtime_error(started.to_string());
    return std::move(*made);
  }

  // Started; `next` is what it hands on to.
  std::unique_ptr<Receiver> receiver(MakeReceiver (*configure)(Section&), const std::string& yaml,
                                     Consumer& next) {
    Complaints complaints;
    const MakeReceiver make = configured(configure, yaml, complaints);
    if (complaints.has_errors()) throw std::runtime_error(complaints.errors().front());
    auto made = make(site(), next);
    if (!made.ok()) throw std::runtime_error(made.status().to_string());
    if (const Status started = (*made)->start(); !started.ok()) throw std::runtime_error(started.to_string());
    return std::move(*made);
  }

  // Started.
  std::unique_ptr<Connector> connector(MakeConnector (*configure)(Section&), const std::string& yaml,
                                       Signal fed, const ConnectorOutputs& outputs) {
    Complaints complaints;
    const MakeConnector make = configured(configure, yaml, complaints);
    if (complaints.has_errors()) throw std::runtime_error(complaints.errors().front());
    auto made = make(site(), fed, outputs);
    if (!made.ok()) throw std::runtime_error(made.status().to_string());
    if (const Status started = (*made)->start(); !started.ok()) throw std::runtime_error(started.to_string());
    return std::move(*made);
  }

  bool is_ready() const override { return true; }
  UnixNanos started_at() const override { return {}; }
  std::vector<Pipeline> pipelines() const override { return {}; }
  std::vector<std::string> enabled_extensions() const override { return {}; }
  const SelfTelemetry& telemetry() const override { return own_telemetry; }

  Timers timers;
  SelfTelemetry own_telemetry;
  std::map<ComponentId, std::shared_ptr<Extension>> extensions;

 private:
  template <typename Configure>
  static std::invoke_result_t<Configure, Section&> configured(Configure configure, const std::string& yaml,
                                                              Complaints& complaints) {
    const auto value = parse_yaml(yaml, "test.yaml");
    if (!value.ok()) throw std::runtime_error(std::string(value.status().message()));
    Section section(*value, "part", complaints);
    return configure(section);
  }
};

}  // namespace clew::pipeline::testing
