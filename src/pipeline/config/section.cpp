#include "pipeline/config/section.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace clew::pipeline {
namespace {

const ConfigValue kNothing;

std::string shape_of(const ConfigValue& value) {
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return "nothing";
    case ConfigValue::Kind::scalar:
      return fmt::format("'{}'", value.text);
    case ConfigValue::Kind::list:
      return "a list";
    case ConfigValue::Kind::map:
      return "a map";
  }
  return {};
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string digits;  // YAML allows 1_000_000
  for (const char c : text)
    if (c != '_') digits += c;
  Number number{};
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Nanoseconds> parse_go_duration(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"μs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
  bool negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return Nanoseconds{0};
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = parse_number<double>(text.substr(0, digits));
    if (!number) return std::nullopt;
    text.remove_prefix(digits);
    const size_t unit_size = std::min(text.find_first_of("0123456789."), text.size());
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& one) { return one.first == text.substr(0, unit_size); });
    if (unit == std::end(kUnits)) return std::nullopt;
    total += *number * unit->second;
    text.remove_prefix(unit_size);
  }
  if (!(total < 9.2e18)) return std::nullopt;
  const auto count = static_cast<int64_t>(std::llround(total));
  return Nanoseconds{negative ? -count : count};
}

Section::Section(const ConfigValue& value, std::string path, Complaints& complaints)
    : Section(value, value.place, std::move(path), complaints) {}

Section::Section(const ConfigValue& value, const Place& place, std::string path, Complaints& complaints)
    : value_(value), place_(place), path_(std::move(path)), complaints_(complaints) {
  if (value.kind == ConfigValue::Kind::map || value.is_null()) return;
  complaints_.error(place_, fmt::format("{}: expected a map of settings, got {}", path_, shape_of(value)));
  any_key_ = true;
}

Section::~Section() {
  if (any_key_) return;
  const std::vector<std::string> words(known_.begin(), known_.end());
  for (const ConfigEntry& entry : value_.entries) {
    if (known_.contains(entry.key)) continue;
    complaints_.error(entry.place, fmt::format("{} has no setting '{}'{}", path_.empty() ? "the file" : path_,
                                               entry.key, suggestion(entry.key, words)));
  }
}

std::string Section::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}::{}", path_, key);
}

bool Section::has(std::string_view key) {
  known_.emplace(key);
  return value_.find(key) != nullptr;
}

const ConfigValue* Section::value(std::string_view key) {
  known_.emplace(key);
  return value_.find(key);
}

void Section::mismatch(std::string_view key, const ConfigValue& value, std::string_view expected) {
  complaints_.error(value.place,
                    fmt::format("{}: expected {}, got {}", path_of(key), expected, shape_of(value)));
}

const ConfigValue* Section::scalar(std::string_view key, std::string_view expected) {
  const ConfigValue* found = value(key);
  if (found == nullptr || found->is_null()) return nullptr;
  if (found->kind == ConfigValue::Kind::scalar) return found;
  mismatch(key, *found, expected);
  return nullptr;
}

bool Section::read(std::string_view key, bool& to) {
  const ConfigValue* found = scalar(key, "true or false");
  if (found == nullptr) return false;
  if (found->text == "true" || found->text == "True" || found->text == "TRUE")
    to = true;
  else if (found->text == "false" || found->text == "False" || found->text == "FALSE")
    to = false;
  else
    return mismatch(key, *found, "true or false"), false;
  return true;
}

bool Section::read(std::string_view key, std::string& to) {
  const ConfigValue* found = value(key);
  if (found == nullptr || found->is_null()) return false;
  // A reference may stand for a text that looks like a list or a map; here the text is wanted.
  if (found->kind != ConfigValue::Kind::scalar && found->text.empty())
    return mismatch(key, *found, "a text"), false;
  to = found->text;
  return true;
}

bool Section::read(std::string_view key, std::optional<std::string>& to) {
  std::string text;
  if (!read(key, text)) return false;
  to = std::move(text);
  return true;
}

bool Section::read(std::string_view key, int64_t& to) {
  constexpr std::string_view kExpected = "a whole number";
  const ConfigValue* found = scalar(key, kExpected);
  if (found == nullptr) return false;
  const auto number = parse_number<int64_t>(found->text);
  if (!number) return mismatch(key, *found, kExpected), false;
  to = *number;
  return true;
}

bool Section::read(std::string_view key, uint64_t& to) {
  constexpr std::string_view kExpected = "a whole number that is not negative";
  const ConfigValue* found = scalar(key, kExpected);
  if (found == nullptr) return false;
  const auto number = parse_number<uint64_t>(found->text);
  if (!number) return mismatch(key, *found, kExpected), false;
  to = *number;
  return true;
}

bool Section::read(std::string_view key, double& to) {
  constexpr std::string_view kExpected = "a number";
  const ConfigValue* found = scalar(key, kExpected);
  if (found == nullptr) return false;
  const auto number = parse_number<double>(found->text);
  if (!number || !std::isfinite(*number)) return mismatch(key, *found, kExpected), false;
  to = *number;
  return true;
}

bool Section::read(std::string_view key, Nanoseconds& to) {
  constexpr std::string_view kExpected = "a duration with its unit, such as 200ms, 10s or 1h30m";
  const ConfigValue* found = scalar(key, kExpected);
  if (found == nullptr) return false;
  const auto duration = parse_go_duration(found->text);
  if (!duration || duration->count < 0) return mismatch(key, *found, kExpected), false;
  to = *duration;
  return true;
}

bool Section::read(std::string_view key, std::vector<std::string>& to) {
  constexpr std::string_view kExpected = "a list of texts";
  const ConfigValue* found = value(key);
  if (found == nullptr || found->is_null()) return false;
  std::vector<std::string> texts;
  if (found->kind == ConfigValue::Kind::scalar) {
    texts.push_back(found->text);  // one stands for a list of one
  } else if (found->kind != ConfigValue::Kind::list) {
    return mismatch(key, *found, kExpected), false;
  }
  for (const ConfigValue& item : found->items) {
    if (item.kind != ConfigValue::Kind::scalar) return mismatch(key, item, kExpected), false;
    texts.push_back(item.text);
  }
  to = std::move(texts);
  return true;
}

bool Section::read_choice(std::string_view key, std::string& to,
                          std::initializer_list<std::string_view> words) {
  const std::string expected = fmt::format("one of {}", fmt::join(words, ", "));
  const ConfigValue* found = scalar(key, expected);
  if (found == nullptr) return false;
  if (std::find(words.begin(), words.end(), found->text) == words.end()) {
    const std::vector<std::string> all(words.begin(), words.end());
    const std::string meant = suggestion(found->text, all);
    complaints_.error(found->place, fmt::format("{}: expected {}, got '{}'{}", path_of(key), expected,
                                                found->text, meant.starts_with("; did") ? meant : ""));
    return false;
  }
  to = found->text;
  return true;
}

bool Section::read_headers(std::string_view key, std::vector<std::pair<std::string, std::string>>& to) {
  const ConfigValue* found = value(key);
  if (found == nullptr || found->is_null()) return false;
  std::vector<std::pair<std::string, std::string>> headers;
  const auto add = [&](const std::string& name, const ConfigValue& content) {
    if (content.kind != ConfigValue::Kind::scalar && !content.is_null() && content.text.empty())
      return mismatch(key, content, "a text for each header");
    warn_of_empty_variables(fmt::format("the header '{}' is sent", name), content);
    headers.emplace_back(name, content.text);
  };
  // Newer files write a list of {name, value}.
  for (const ConfigValue& item : found->items) {
    const ConfigValue* name = item.find("name");
    const ConfigValue* content = item.find("value");
    if (name == nullptr || content == nullptr)
      return mismatch(key, item, "name and value of a header"), false;
    add(name->text, *content);
  }
  if (found->kind == ConfigValue::Kind::scalar) return mismatch(key, *found, "a map of headers"), false;
  for (const ConfigEntry& entry : found->entries) add(entry.key, entry.value);
  to = std::move(headers);
  return true;
}

bool Section::read_secret(std::string_view key, std::string& to) {
  const bool there = read(key, to);
  if (there) warn_of_empty_variables(fmt::format("{} is", path_of(key)), *value_.find(key));
  return there;
}

void Section::warn_of_empty_variables(std::string_view what, const ConfigValue& value) {
  for (const EmptyVariable& variable : value.empty_variables)
    complaints_.warn_of_empty_variable(
        value.place, variable, fmt::format("{}{}", what, value.text.empty() ? " empty" : " without it"));
}

bool Section::read_extension(std::string_view key, std::optional<ComponentId>& to) {
  const ConfigValue* found = scalar(key, "the id of an extension");
  if (found == nullptr) return false;
  to = parse_component_id(found->text);
  if (!to) return mismatch(key, *found, "the id of an extension, as in basicauth or basicauth/client"), false;
  complaints_.refer_to_extension(found->place, path_of(key), *to);
  return true;
}

bool Section::read_pipelines(std::string_view key, std::vector<PipelineId>& to) {
  std::vector<std::string> names;
  if (!read(key, names)) return false;
  const ConfigValue& found = *value_.find(key);
  for (size_t i = 0; i < names.size(); ++i) {
    const Place& place = found.items.empty() ? found.place : found.items[i].place;
    const auto id = parse_pipeline_id(names[i]);
    if (!id) {
      complaints_.error(place,
                        fmt::format("{}: expected the id of a pipeline, as in traces or traces/2, got '{}'",
                                    path_of(key), names[i]));
      continue;
    }
    complaints_.refer_to_pipeline(place, path_of(key), *id);
    to.push_back(*id);
  }
  return true;
}

Section Section::section(std::string_view key) {
  const ConfigValue* found = value(key);
  return found ? Section(*found, path_of(key), complaints_)
               : Section(kNothing, place_, path_of(key), complaints_);
}

void Section::for_each(std::string_view key, const std::function<void(Section& item)>& read_item) {
  const ConfigValue* found = value(key);
  if (found == nullptr || found->is_null()) return;
  if (found->kind != ConfigValue::Kind::list) return mismatch(key, *found, "a list");
  for (size_t i = 0; i < found->items.size(); ++i) {
    Section item(found->items[i], fmt::format("{}[{}]", path_of(key), i), complaints_);
    read_item(item);
  }
}

void Section::for_each_key(
    const std::function<void(const std::string& key, const ConfigValue& value)>& read_key) {
  any_key_ = true;
  for (const ConfigEntry& entry : value_.entries) read_key(entry.key, entry.value);
}

void Section::ignore(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) known_.emplace(key);
}

void Section::refuse(std::string_view key, std::string_view why) {
  if (const ConfigValue* found = value(key))
    complaints_.error(found->place, fmt::format("{}: {}", path_of(key), why));
}

void Section::error(std::string_view about) {
  complaints_.error(place_, fmt::format("{}: {}", path_, about));
}

void Section::error(std::string_view key, std::string_view about) {
  const ConfigValue* found = value_.find(key);
  complaints_.error(found ? found->place : place_, fmt::format("{}: {}", path_of(key), about));
}

void Section::warn(std::string_view key, std::string_view about) {
  const ConfigValue* found = value_.find(key);
  complaints_.warn(found ? found->place : place_, fmt::format("{}: {}", path_of(key), about));
}

}  // namespace clew::pipeline
