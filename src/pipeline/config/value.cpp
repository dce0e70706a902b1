#include "pipeline/config/value.h"

#include <algorithm>

#include <fmt/format.h>

namespace clew::pipeline {

std::string Place::text() const {
  if (!source) return "configuration";
  return line > 0 ? fmt::format("{}:{}", *source, line) : *source;
}

const ConfigValue* ConfigValue::find(std::string_view key) const {
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const ConfigEntry& entry) { return entry.key == key; });
  return it == entries.end() ? nullptr : &it->value;
}

ConfigValue* ConfigValue::find(std::string_view key) {
  return const_cast<ConfigValue*>(std::as_const(*this).find(key));
}

ConfigValue ConfigValue::scalar(std::string text, Place place) {
  ConfigValue value;
  value.kind = Kind::scalar;
  value.text = std::move(text);
  value.place = std::move(place);
  return value;
}

ConfigValue ConfigValue::map(Place place) {
  ConfigValue value;
  value.kind = Kind::map;
  value.place = std::move(place);
  return value;
}

void merge_into(ConfigValue& base, ConfigValue over) {
  // `otlp:` with nothing behind it asks for the defaults; it takes nothing away from what another file says.
  if (over.is_null() && base.kind == ConfigValue::Kind::map) return;
  if (base.kind != ConfigValue::Kind::map || over.kind != ConfigValue::Kind::map) {
    base = std::move(over);
    return;
  }
  for (ConfigEntry& entry : over.entries) {
    if (ConfigValue* before = base.find(entry.key))
      merge_into(*before, std::move(entry.value));
    else
      base.entries.push_back(std::move(entry));
  }
}

Result<ConfigValue> parse_override(std::string_view text) {
  const Place place{std::make_shared<const std::string>("--set " + std::string(text)), 0};
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return {ErrorKind::bad_input,
            fmt::format("--set {}: expected key.key=value, as in exporters.otlp.endpoint=host:4317", text)};
  std::string_view path = text.substr(0, equals);
  CLEW_ASSIGN(ConfigValue value, parse_yaml_fragment(std::string(text.substr(equals + 1)), place));
  const bool has_colons = path.find("::") != std::string_view::npos;
  const std::string_view separator = has_colons ? "::" : ".";
  while (!path.empty()) {
    const size_t at = path.rfind(separator);
    const std::string_view key = at == std::string_view::npos ? path : path.substr(at + separator.size());
    if (key.empty()) return {ErrorKind::bad_input, fmt::format("--set {}: a key of the path is empty", text)};
    ConfigValue outer = ConfigValue::map(place);
    outer.entries.push_back({std::string(key), place, std::move(value)});
    value = std::move(outer);
    path = at == std::string_view::npos ? std::string_view() : path.substr(0, at);
  }
  return value;
}

namespace {

std::string scalar_as_yaml(const ConfigValue& value) {
  const bool plain = !value.quoted && !value.text.empty() &&
                     value.text.find_first_of("\n\"'#{}[]&*!|>%@`") == std::string::npos &&
                     value.text.find(": ") == std::string::npos;
  if (plain) return value.text;
  std::string text = "\"";
  for (const char c : value.text) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text + '"';
}

}  // namespace

std::string to_yaml(const ConfigValue& value, int indent) {
  const std::string margin(static_cast<size_t>(indent), ' ');
  std::string text;
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return margin + "null\n";
    case ConfigValue::Kind::scalar:
      return margin + scalar_as_yaml(value) + "\n";
    case ConfigValue::Kind::list:
      if (value.items.empty()) return margin + "[]\n";
      for (const ConfigValue& item : value.items) {
        std::string lines = to_yaml(item, indent + 2);
        lines[margin.size()] = '-';
        text += lines;
      }
      return text;
    case ConfigValue::Kind::map:
      if (value.entries.empty()) return margin + "{}\n";
      for (const ConfigEntry& entry : value.entries) {
        const bool nested = (entry.value.kind == ConfigValue::Kind::map && !entry.value.entries.empty()) ||
                            (entry.value.kind == ConfigValue::Kind::list && !entry.value.items.empty());
        const std::string key = scalar_as_yaml(ConfigValue::scalar(entry.key, {}));
        if (nested)
          text += margin + key + ":\n" + to_yaml(entry.value, indent + 2);
        else if (entry.value.is_null())
          text += margin + key + ":\n";
        else
          text += margin + key + ": " + to_yaml(entry.value, 0);
      }
      return text;
  }
  return text;
}

}  // namespace clew::pipeline
