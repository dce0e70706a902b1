// From files and --set to one configuration.
#include <fmt/format.h>

#include "pipeline/collector_plan.h"

namespace clew::pipeline {
namespace {

Result<ConfigValue> read_source(const std::string& name, const ConfigurationSources& sources) {
  if (name.starts_with("yaml:")) {
    // "yaml:exporters::debug::verbosity: detailed": keys joined by two colons.
    const std::string text = name.substr(5);
    const Place place{std::make_shared<const std::string>(name), 0};
    const size_t end = text.find(": ");
    if (end != std::string::npos && text.find("::") < end)
      return parse_override(text.substr(0, end) + "=" + text.substr(end + 2));
    return parse_yaml_fragment(text, place);
  }
  if (name.starts_with("env:")) {
    const auto it = sources.environment.find(name.substr(4));
    if (it == sources.environment.end())
      return {ErrorKind::bad_input, fmt::format("--config {}: the environment variable is not set", name)};
    return parse_yaml(it->second, name);
  }
  if (name.starts_with("http:") || name.starts_with("https:"))
    return {ErrorKind::bad_input,
            fmt::format("--config {}: clew does not fetch configuration from the network; download it first",
                        name)};
  const std::string path = name.starts_with("file:") ? name.substr(5) : name;
  Result<std::string> text = sources.read_file(path);
  if (!text.ok()) return Status(ErrorKind::bad_input, fmt::format("--config: {}", text.status().message()));
  return parse_yaml(*text, path);
}

}  // namespace

Result<ConfigValue> load_configuration(const ConfigurationSources& sources) {
  if (sources.files.empty())
    return {ErrorKind::bad_input, "expected --config FILE, the YAML file of an OpenTelemetry Collector"};
  ConfigValue whole;
  for (const std::string& name : sources.files) {
    CLEW_ASSIGN(ConfigValue one, read_source(name, sources));
    CLEW_TRY(substitute(one, {sources.environment, sources.read_file}));
    merge_into(whole, std::move(one));
  }
  for (const std::string& text : sources.overrides) {
    CLEW_ASSIGN(ConfigValue one, parse_override(text));
    CLEW_TRY(substitute(one, {sources.environment, sources.read_file}));
    merge_into(whole, std::move(one));
  }
  return whole;
}

}  // namespace clew::pipeline
