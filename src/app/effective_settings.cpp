#include "app/effective_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/configuration_file.h"
#include "base/log.h"
#include "base/nearest.h"

namespace clew::app {
namespace {

constexpr std::string_view kFileVariable = "CLEW_CONFIG";

std::vector<std::string> split_if_list(const Setting& setting, const std::string& text) {
  return setting.shape == SettingShape::list ? split_list(text) : std::vector<std::string>{text};
}

// Where one setting gets its value from.
EffectiveSetting pick(const Setting& setting, const SettingSources& sources,
                      const std::vector<FileEntry>& entries, const std::optional<std::string>& file) {
  if (const auto flag = sources.flags.find(std::string(setting.name)); flag != sources.flags.end()) {
    std::vector<std::string> values;
    for (const std::string& text : flag->second) {
      for (std::string& value : split_if_list(setting, text)) values.push_back(std::move(value));
    }
    return {.setting = &setting, .values = std::move(values), .source = setting.flag()};
  }
  // An empty variable counts as absent: compose files and shells make them all the time.
  if (const auto variable = sources.environment.find(setting.environment_variable());
      variable != sources.environment.end() && !variable->second.empty())
    return {.setting = &setting,
            .values = split_if_list(setting, variable->second),
            .source = setting.environment_variable()};
  for (const FileEntry& entry : entries) {
    if (entry.key == setting.file_key())
      return {.setting = &setting, .values = entry.values, .source = fmt::format("{}:{}", *file, entry.line)};
  }
  EffectiveSetting unset{.setting = &setting, .values = {}, .source = "default"};
  if (!setting.default_value.empty())
    unset.values = split_if_list(setting, std::string(setting.default_value));
  return unset;
}

// Kubernetes gives every container CLEW_SERVICE_HOST, CLEW_PORT_4317_TCP and the like for a service called
// "clew", so an unknown variable cannot be an error. One that is nearly a setting is worth a note.
std::vector<std::string> notes_about(const std::map<std::string, std::string>& environment) {
  constexpr std::string_view kPrefix = "CLEW_";
  std::vector<std::string> known{std::string(kFileVariable.substr(kPrefix.size()))}, notes;
  for (const Setting& setting : all_settings())
    known.push_back(setting.environment_variable().substr(kPrefix.size()));
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string word = name.substr(kPrefix.size());
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    if (const auto meant = nearest_word(word, known))
      notes.push_back(fmt::format("the environment variable {} is not a setting; did you mean {}{}?", name,
                                  kPrefix, *meant));
  }
  return notes;
}

Status check_together(const Configuration& configuration) {
  if (configuration.tls_cert.has_value() != configuration.tls_key.has_value())
    return Status(ErrorKind::bad_input,
                  fmt::format("TLS needs both a certificate and a key: {} is set, {} is not",
                              configuration.tls_cert ? "tls_cert" : "tls_key",
                              configuration.tls_cert ? "tls_key" : "tls_cert"));
  if (configuration.tls_client_ca && !configuration.tls_cert)
    return Status(ErrorKind::bad_input, "tls_client_ca needs tls_cert and tls_key");
  if (configuration.listen.empty())
    return Status(ErrorKind::bad_input, "listen: expected at least one HOST:PORT");
  return Status();
}

std::string quoted_where_needed(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of("#'\"\\{}[],&*!|>%@` \t\n") == std::string::npos &&
                     value.find(": ") == std::string::npos && value.back() != ':' && value.front() != '-';
  if (plain) return value;
  std::string quoted = "'";
  for (const char c : value) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

const EffectiveSetting& EffectiveSettings::find(std::string_view name) const {
  for (const EffectiveSetting& one : all) {
    if (one.setting->name == name) return one;
  }
  bug(fmt::format("no setting {}", name));
}

Result<EffectiveSettings> resolve_settings(const SettingSources& sources) {
  EffectiveSettings settings;
  settings.file = sources.file;
  if (const auto variable = sources.environment.find(std::string(kFileVariable));
      !settings.file && variable != sources.environment.end() && !variable->second.empty())
    settings.file = variable->second;
  std::vector<FileEntry> entries;
  if (settings.file) {
    CLEW_ASSIGN(entries, read_configuration_file(*settings.file));
  }
  for (const Setting& setting : all_settings()) {
    EffectiveSetting one = pick(setting, sources, entries, settings.file);
    for (const std::string& value : one.values) {
      if (Status applied = setting.apply(settings.configuration, value); !applied.ok())
        return std::move(applied).within(one.is_default() ? setting.file_key()
                                         : one.source.starts_with("--") || one.source.starts_with("CLEW_")
                                             ? one.source
                                             : one.source + ": " + setting.file_key());
    }
    settings.all.push_back(std::move(one));
  }
  CLEW_TRY(check_together(settings.configuration));
  settings.notes = notes_about(sources.environment);
  return settings;
}

std::string as_configuration_file(const EffectiveSettings& settings) {
  std::string text =
      "# clew's settings in force. A flag counts before the environment, that before the file, that before\n"
      "# the default. This is a configuration file itself: save it, change it, start with --config FILE.\n";
  for (const std::string& note : settings.notes) text += fmt::format("# note: {}\n", note);
  std::string_view group;
  for (const EffectiveSetting& one : settings.all) {
    if (one.setting->group != group) {
      group = one.setting->group;
      text += fmt::format("\n# {}\n", group);
    }
    const std::string key = one.setting->file_key();
    if (one.values.empty()) {
      text += fmt::format("{:<40} # not set\n", fmt::format("#{}:", key));
    } else if (one.setting->shape == SettingShape::list) {
      text += fmt::format("{:<40} # {}\n", key + ":", one.source);
      for (const std::string& value : one.values) text += fmt::format("  - {}\n", quoted_where_needed(value));
    } else {
      text += fmt::format("{:<40} # {}\n", key + ": " + quoted_where_needed(one.values.front()), one.source);
    }
  }
  return text;
}

std::string settings_as_markdown() {
  std::string text, previous;
  for (const Setting& setting : all_settings()) {
    if (setting.group != previous) {
      previous = setting.group;
      text += fmt::format(
          "{}## {}\n\n| flag | environment | file | default | meaning |\n| --- | --- | --- | --- | --- |\n",
          text.empty() ? "" : "\n", previous);
    }
    std::string flag =
        setting.flag() + (setting.placeholder.empty() ? "" : " " + std::string(setting.placeholder));
    std::string::size_type at = 0;
    while ((at = flag.find('|', at)) != std::string::npos) {
      flag.insert(at, "\\");
      at += 2;
    }
    const std::string shown =
        setting.default_value.empty() ? "not set" : fmt::format("`{}`", setting.default_value);
    text += fmt::format("| `{}` | `{}` | `{}` | {} | {} |\n", flag, setting.environment_variable(),
                        setting.file_key(), shown, setting.help);
  }
  return text;
}

}  // namespace clew::app
