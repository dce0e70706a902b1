#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/awaited_signals.h"
#include "app/collector_components.h"
#include "app/subcommands.h"
#include "app/text_table.h"
#include "base/file_system.h"
#include "base/log.h"
#include "pipeline/collector.h"
#include "pipeline/service/metrics_server.h"

namespace clew::app {
namespace {

using pipeline::Collector;
using pipeline::CollectorPlan;
using pipeline::Complaints;
using pipeline::ConfigValue;

constexpr uint64_t kLargestFile = 4 << 20;

struct CollectOptions {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
  std::vector<std::string> feature_gates;
  bool shows_secrets = false;
};

// A configuration with everything that is to be said about it.
struct Checked {
  ConfigValue configuration;
  CollectorPlan plan;
  Complaints complaints;
};

Result<ConfigValue> load(const CollectOptions& options, const Surroundings& surroundings) {
  return pipeline::load_configuration({.files = options.files,
                                       .overrides = options.overrides,
                                       .environment = surroundings.environment,
                                       .read_file = [](const std::string& path) {
                                         return real_file_system().read_file(path, kLargestFile);
                                       }});
}

Result<Checked> check(const CollectOptions& options, const Surroundings& surroundings) {
  Checked checked;
  CLEW_ASSIGN(checked.configuration, load(options, surroundings));
  checked.plan = pipeline::plan_collector(checked.configuration, collector_components(), checked.complaints);
  return checked;
}

Status mistakes(const Complaints& complaints, std::ostream& err) {
  for (const std::string& line : complaints.warnings()) err << "warning: " << line << "\n";
  const std::vector<std::string> errors = complaints.errors();
  for (const std::string& line : errors) err << line << "\n";
  if (errors.empty()) return {};
  return {ErrorKind::bad_input, errors.size() == 1
                                    ? "one mistake in the configuration"
                                    : fmt::format("{} mistakes in the configuration", errors.size())};
}

Status validate(const CollectOptions& options, Surroundings& surroundings) {
  CLEW_ASSIGN(const Checked checked, check(options, surroundings));
  return mistakes(checked.complaints, surroundings.err);
}

void redact_scalars(ConfigValue& value) {
  if (value.kind == ConfigValue::Kind::scalar) value.text = "[REDACTED]";
  for (ConfigValue& item : value.items) redact_scalars(item);
  for (pipeline::ConfigEntry& entry : value.entries) redact_scalars(entry.value);
}

// What is nobody's business goes: the values of headers, and of keys that hold a secret.
void redact(ConfigValue& value) {
  constexpr std::string_view kSecrets[] = {"password", "token", "tokens", "client_secret", "inline"};
  for (ConfigValue& item : value.items) redact(item);
  for (pipeline::ConfigEntry& entry : value.entries) {
    const bool is_secret =
        std::find(std::begin(kSecrets), std::end(kSecrets), entry.key) != std::end(kSecrets);
    if (is_secret || (entry.key == "headers" && entry.value.kind == ConfigValue::Kind::map))
      redact_scalars(entry.value);
    else
      redact(entry.value);
    if (entry.key != "headers") continue;
    for (ConfigValue& header : entry.value.items)  // {name, value}
      if (ConfigValue* content = header.find("value")) redact_scalars(*content);
  }
}

Status print_configuration(const CollectOptions& options, Surroundings& surroundings) {
  CLEW_ASSIGN(ConfigValue configuration, load(options, surroundings));
  if (!options.shows_secrets) redact(configuration);
  surroundings.out << pipeline::to_yaml(configuration);
  return {};
}

template <typename Types>
void print_kind(std::string_view kind, const Types& types, std::ostream& out) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& type : types) {
    std::string name(type.name);
    if (!type.alias.empty()) name += fmt::format(" ({})", type.alias);
    rows.push_back({std::move(name), std::string(type.summary)});
  }
  out << kind << ":\n"
      << text_table({{"  NAME"}, {"WHAT IT DOES"}},
                    [&] {
                      for (auto& row : rows) row[0].insert(0, "  ");
                      return rows;
                    }())
      << "\n";
}

Status print_components(Surroundings& surroundings) {
  const pipeline::ComponentList& list = collector_components();
  print_kind("Receivers", list.receivers, surroundings.out);
  print_kind("Processors", list.processors, surroundings.out);
  print_kind("Exporters", list.exporters, surroundings.out);
  print_kind("Connectors", list.connectors, surroundings.out);
  print_kind("Extensions", list.extensions, surroundings.out);
  return {};
}

// A collector and what surrounds it, over reloads.
class Service {
 public:
  explicit Service(Checked checked) : configuration_(std::move(checked.configuration)) {
    apply(checked.plan.telemetry);
  }

  Status start(CollectorPlan plan) {
    CLEW_ASSIGN(collector_, Collector::start(std::move(plan), telemetry_));
    return {};
  }

  // The new configuration, if it is without mistakes and starts; the old one otherwise.
  void reload(const CollectOptions& options, const Surroundings& surroundings) {
    Result<Checked> checked = check(options, surroundings);
    const Status status = checked.ok() ? checked->complaints.status() : checked.status();
    if (!status.ok())
      return log_error("collector",
                       fmt::format("reload: the configuration in force stays: {}", status.message()));
    for (const std::string& line : checked->complaints.warnings()) log_warning("collector", line);
    pipeline::Unsent unsent = collector_->stop();
    collector_.reset();
    apply(checked->plan.telemetry);
    auto started = Collector::start(std::move(checked->plan), telemetry_, unsent);
    if (started.ok()) {
      collector_ = std::move(*started);
      configuration_ = std::move(checked->configuration);
      return log_info("collector", "reload: the new configuration is in force");
    }
    log_error("collector", fmt::format("reload: {}; going back", started.status().message()));
    Complaints complaints;
    auto again =
        Collector::start(pipeline::plan_collector(configuration_, collector_components(), complaints),
                         telemetry_, std::move(unsent));
    if (again.ok())
      collector_ = std::move(*again);
    else
      log_error("collector",
                fmt::format("the former configuration does not start either: {}", again.status().message()));
  }

  void stop() {
    if (collector_) pipeline::count_as_lost(collector_->stop());
  }

 private:
  void apply(const pipeline::ServiceTelemetry& telemetry) {
    set_log_level(telemetry.log_level);
    if (metrics_ && telemetry.metrics_address == metrics_address_) return;
    metrics_.reset();
    metrics_address_ = telemetry.metrics_address;
    if (!metrics_address_) return;
    auto started = pipeline::MetricsServer::start(*metrics_address_, telemetry_);
    if (started.ok())
      metrics_ = std::move(*started);
    else
      log_warning("collector", fmt::format("no metrics of its own: {}", started.status().message()));
  }

  ConfigValue configuration_;
  pipeline::SelfTelemetry telemetry_;
  std::optional<std::string> metrics_address_;
  std::unique_ptr<pipeline::MetricsServer> metrics_;
  std::unique_ptr<Collector> collector_;
};

Status collect(const CollectOptions& options, Surroundings& surroundings) {
  const AwaitedSignals signals({SIGINT, SIGTERM, SIGHUP});
  CLEW_ASSIGN(Checked checked, check(options, surroundings));
  CLEW_TRY(mistakes(checked.complaints, surroundings.err));
  CollectorPlan plan = std::move(checked.plan);
  checked.plan.telemetry = plan.telemetry;
  Service service(std::move(checked));
  CLEW_TRY(service.start(std::move(plan)));
  surroundings.out << "Everything is ready. Begin running and processing data.\n" << std::flush;
  while (signals.wait() == SIGHUP) service.reload(options, surroundings);
  signals.release();
  surroundings.out << "Stopping.\n" << std::flush;
  service.stop();
  return {};
}

}  // namespace

Action define_collect(CLI::App& command) {
  const auto options = std::make_shared<CollectOptions>();
  command.description(
      "Run the pipelines that an OpenTelemetry Collector's configuration describes: the same file, a "
      "fraction of the "
      "cost. SIGHUP reads the file again; what is under way is not lost.");
  command.footer(
      "Examples:\n"
      "  clew collect --config=config.yaml\n"
      "  clew collect --config=config.yaml --config=here.yaml --set processors.batch.timeout=2s\n"
      "  clew collect validate --config=config.yaml      says everything that is wrong with it\n"
      "  clew collect components                         the parts that a file may name");
  command.add_option("--config", options->files, "A YAML file; later ones over earlier ones")
      ->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--set", options->overrides, "One setting, over those of the files")
      ->type_name("KEY.KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--feature-gates", options->feature_gates,
                  "Accepted for the sake of existing scripts; no effect")
      ->type_name("GATES")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::App* validate_command =
      command.add_subcommand("validate", "Say everything that is wrong with the configuration");
  CLI::App* components_command =
      command.add_subcommand("components", "List the parts that a configuration may name");
  CLI::App* print_command = command.add_subcommand(
      "print-config", "Print the configuration in force, references and files resolved");
  print_command->add_flag("--secrets", options->shows_secrets,
                          "Show passwords, tokens and the values of headers");
  for (CLI::App* one : {validate_command, components_command, print_command}) one->fallthrough();
  return [=](Surroundings& surroundings) -> Status {
    if (validate_command->parsed()) return validate(*options, surroundings);
    if (components_command->parsed()) return print_components(surroundings);
    if (print_command->parsed()) return print_configuration(*options, surroundings);
    return collect(*options, surroundings);
  };
}

}  // namespace clew::app
