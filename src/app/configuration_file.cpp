#include "app/configuration_file.h"

#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "app/settings.h"
#include "base/file_system.h"
#include "base/nearest.h"
#include "pipeline/config/yaml_advice.h"

namespace clew::app {
namespace {

constexpr uint64_t kLargestFile = 1 << 20;

int line_of(const YAML::Mark& mark) {
  return mark.line + 1;
}

Status complaint(std::string_view path, const YAML::Mark& mark, std::string_view about) {
  return Status(ErrorKind::bad_input, fmt::format("{}:{}: {}", path, line_of(mark), about));
}

Status unknown_key(std::string_view path, const YAML::Mark& mark, std::string_view key) {
  std::vector<std::string> keys;
  for (const Setting& setting : all_settings()) keys.push_back(setting.file_key());
  const std::optional<std::string> meant = nearest_word(key, keys);
  return complaint(
      path, mark,
      fmt::format("there is no setting '{}'; {}", key,
                  meant ? fmt::format("did you mean '{}'?", *meant) : "clew config lists them all"));
}

Result<std::vector<std::string>> values_of(const YAML::Node& node, const Setting& setting,
                                           std::string_view path) {
  const bool list = setting.shape == SettingShape::list;
  if (node.IsScalar()) return list ? split_list(node.Scalar()) : std::vector<std::string>{node.Scalar()};
  if (!node.IsSequence() || !list)
    return complaint(
        path, node.Mark(),
        fmt::format("{}: expected {}", setting.file_key(), list ? "a list or one value" : "one value"));
  std::vector<std::string> values;
  for (const YAML::Node& item : node) {
    if (!item.IsScalar())
      return complaint(path, item.Mark(), fmt::format("{}: expected a list of texts", setting.file_key()));
    values.push_back(item.Scalar());
  }
  return values;
}

Result<std::vector<FileEntry>> entries_of(const YAML::Node& root, std::string_view path) {
  std::vector<FileEntry> entries;
  if (root.IsNull()) return entries;  // an empty file
  if (!root.IsMap()) return complaint(path, root.Mark(), "expected lines of the form 'retention: 30d'");
  for (const auto& pair : root) {
    const YAML::Node& key = pair.first;
    if (!key.IsScalar()) return complaint(path, key.Mark(), "expected the name of a setting");
    const auto& name = key.Scalar();
    const auto settings = all_settings();
    const auto setting = std::find_if(settings.begin(), settings.end(),
                                      [&](const Setting& one) { return one.file_key() == name; });
    if (setting == settings.end()) return unknown_key(path, key.Mark(), name);
    const auto same = [&](const FileEntry& entry) { return entry.key == name; };
    if (const auto before = std::find_if(entries.begin(), entries.end(), same); before != entries.end())
      return complaint(path, key.Mark(), fmt::format("'{}' is set already in line {}", name, before->line));
    CLEW_ASSIGN(std::vector<std::string> values, values_of(pair.second, *setting, path));
    entries.push_back({.key = name, .values = std::move(values), .line = line_of(key.Mark())});
  }
  return entries;
}

}  // namespace

Result<std::vector<FileEntry>> parse_configuration_file(const std::string& text, std::string_view path) {
  try {
    return entries_of(YAML::Load(text), path);
  } catch (const YAML::Exception& error) {
    return complaint(path, error.mark,
                     fmt::format("not YAML: {}; {}", error.msg, pipeline::yaml_advice(text)));
  }
}

Result<std::vector<FileEntry>> read_configuration_file(const std::string& path) {
  Result<std::string> text = real_file_system().read_file(path, kLargestFile);
  if (!text.ok()) return std::move(text).status().within("configuration file");
  return parse_configuration_file(*text, path);
}

}  // namespace clew::app
