// ConfigValue: a configuration as it was written: scalars, lists and maps, each knowing where it stands, so
// that whoever finds something wrong with it can say where.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::pipeline {

// A line of a file, or something that has no lines ("--set").
struct Place {
  std::shared_ptr<const std::string> source;
  int line = 0;  // counted from 1; 0: the source has no lines

  std::string text() const;                             // "collector.yaml:12"
  bool operator==(const Place&) const { return true; }  // two values are equal wherever they stand
};

// An environment variable that a value refers to and that is unset or empty.
struct EmptyVariable {
  std::string name;
  bool is_set = false;
  std::string meant{};  // one that is set and called nearly so; empty: none is
  bool operator==(const EmptyVariable&) const = default;
};

struct ConfigEntry;

struct ConfigValue {
  enum class Kind : uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string text;     // of a scalar
  bool quoted = false;  // of a scalar: certainly a text, even where it looks like a number
  std::vector<ConfigValue> items;
  std::vector<ConfigEntry> entries;  // in the order of the file
  std::vector<EmptyVariable> empty_variables;
  Place place;

  bool is_null() const { return kind == Kind::null; }
  const ConfigValue* find(std::string_view key) const;
  ConfigValue* find(std::string_view key);
  bool operator==(const ConfigValue&) const = default;

  static ConfigValue scalar(std::string text, Place place);
  static ConfigValue map(Place place);
};

struct ConfigEntry {
  std::string key;
  Place place;  // of the key
  ConfigValue value;
  bool operator==(const ConfigEntry&) const = default;
};

// `over` into `base`: maps are joined key by key, everything else is replaced.
void merge_into(ConfigValue& base, ConfigValue over);

// What --set says: "exporters.otlp/backend.endpoint=host:4317", as a value to merge. "::" separates too, for
// keys that contain dots.
Result<ConfigValue> parse_override(std::string_view text);

// YAML. `source` is the name that messages give it. bad_input: "collector.yaml:3: not YAML: …".
Result<ConfigValue> parse_yaml(const std::string& text, std::string_view source);
// The same for the text of a scalar that came from elsewhere, standing at `place`.
Result<ConfigValue> parse_yaml_fragment(const std::string& text, const Place& place);
// As YAML again, for `print-config` and error messages.
std::string to_yaml(const ConfigValue& value, int indent = 0);

}  // namespace clew::pipeline
