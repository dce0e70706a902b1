#include "pipeline/receivers/filelog/entry_readers.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "pipeline/config/section.h"
#include "pipeline/time_layout.h"

namespace clew::pipeline {
namespace {

std::optional<FieldPath> need_parse_from(Section& section) {
  auto place = read_field(section, "parse_from");
  if (!place && !section.has("parse_from")) section.error("expected parse_from, as in attributes.time");
  return place;
}

// Numbers in their shortest form.
std::optional<std::string> text_at(const FieldPath& path, const LogEntry& entry) {
  const JsonValue* value = path.find(entry);
  if (value == nullptr || value->is_null() || value->object() || value->array()) return std::nullopt;
  return value->string() ? *value->string() : value->text();
}

Status nothing_at(const FieldPath& path) {
  return {ErrorKind::not_found, fmt::format("the entry has no text at {}", path.text())};
}

class TimeReader final : public LogOperator {
 public:
  explicit TimeReader(Section& section) : from_(need_parse_from(section)) {
    std::string type = "strptime", layout, location = "Local";
    section.read_choice("layout_type", type, {"strptime", "gotime", "epoch"});
    section.read("layout", layout);
    section.read("location", location);
    if (location != "UTC" && location != "GMT" && location != "Local")
      section.error("location",
                    fmt::format("expected UTC or Local, got '{}'; or set TZ={}", location, location));
    const auto kind = type == "epoch"    ? TimeLayout::Kind::epoch
                      : type == "gotime" ? TimeLayout::Kind::go
                                         : TimeLayout::Kind::strptime;
    auto made = TimeLayout::create(kind, layout, location != "Local");
    if (made.ok())
      layout_ = std::move(*made);
    else
      section.error("layout", made.status().message());
  }
  Status apply(LogEntry& entry) const override {
    const auto text = text_at(*from_, entry);
    if (!text) return nothing_at(*from_);
    CLEW_ASSIGN(entry.time, layout_->parse(*text, entry.observed));
    return {};
  }

 private:
  const std::optional<FieldPath> from_;
  std::optional<TimeLayout> layout_;
};

// The words of settings and of most logs.
constexpr std::pair<std::string_view, int> kLevels[] = {
    {"trace", 1},    {"trace2", 2},  {"trace3", 3},     {"trace4", 4},      {"debug", 5},     {"debug2", 6},
    {"debug3", 7},   {"debug4", 8},  {"info", 9},       {"info2", 10},      {"info3", 11},    {"info4", 12},
    {"warn", 13},    {"warn2", 14},  {"warn3", 15},     {"warn4", 16},      {"error", 17},    {"error2", 18},
    {"error3", 19},  {"error4", 20}, {"fatal", 21},     {"fatal2", 22},     {"fatal3", 23},   {"fatal4", 24},
    {"warning", 13}, {"err", 17},    {"notice", 10},    {"information", 9}, {"critical", 21}, {"crit", 21},
    {"alert", 22},   {"emerg", 23},  {"emergency", 23}, {"panic", 23},
};

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

class SeverityReader final : public LogOperator {
 public:
  explicit SeverityReader(Section& section) : from_(need_parse_from(section)) {
    std::string preset = "default";
    section.read_choice("preset", preset, {"default", "none"});
    section.read("overwrite_text", overwrites_text_);
    if (preset == "default")
      for (const auto& [word, number] : kLevels) words_.emplace(word, number);
    const ConfigValue* mapping = section.value("mapping");
    if (mapping == nullptr || mapping->is_null()) return;
    if (mapping->kind != ConfigValue::Kind::map)
      section.error("mapping", "expected a map, as in error: [oops, 5xx]");
    for (const ConfigEntry& entry : mapping->entries) {
      const auto* level = std::find_if(std::begin(kLevels), std::end(kLevels),
                                       [&](const auto& one) { return one.first == lower_case(entry.key); });
      if (level == std::end(kLevels)) {
        section.error("mapping",
                      fmt::format("'{}' is no severity; expected trace, debug, info, warn, error or "
                                  "fatal, or one of these with 2, 3 or 4 behind it",
                                  entry.key));
        continue;
      }
      if (entry.value.kind == ConfigValue::Kind::list)
        for (const ConfigValue& item : entry.value.items) add(section, item, level->second);
      else
        add(section, entry.value, level->second);
    }
  }

  Status apply(LogEntry& entry) const override {
    const auto text = text_at(*from_, entry);
    if (!text) return nothing_at(*from_);
    entry.severity_text = *text;
    const std::string word = lower_case(*text);
    entry.severity = 0;
    if (const auto found = words_.find(word); found != words_.end()) {
      entry.severity = found->second;
    } else if (const auto number = whole_number(word)) {
      for (const Range& range : ranges_)
        if (*number >= range.min && *number <= range.max) entry.severity = range.level;
    }
    if (overwrites_text_ && entry.severity != 0) {
      static constexpr const char* kNames[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
      const int within = (entry.severity - 1) % 4;
      entry.severity_text = kNames[(entry.severity - 1) / 4];
      if (within != 0) entry.severity_text += std::to_string(within + 1);
    }
    return {};
  }

 private:
  struct Range {
    int64_t min, max;
    int level;
  };

  // A word, a class of HTTP statuses ("5xx"), or {min: 500, max: 599}.
  void add(Section& section, const ConfigValue& value, int level) {
    if (value.kind == ConfigValue::Kind::map) {
      const ConfigValue* min = value.find("min");
      const ConfigValue* max = value.find("max");
      const auto from = min ? whole_number(min->text) : std::nullopt;
      const auto to = max ? whole_number(max->text) : std::nullopt;
      if (!from || !to) return section.error("mapping", "expected a word, 5xx, or {min: 500, max: 599}");
      ranges_.push_back({*from, *to, level});
      return;
    }
    const std::string word = lower_case(value.text);
    if (word.size() == 3 && word.ends_with("xx") && word[0] >= '1' && word[0] <= '5')
      ranges_.push_back({(word[0] - '0') * 100, (word[0] - '0') * 100 + 99, level});
    else
      words_[word] = level;
  }

  const std::optional<FieldPath> from_;
  bool overwrites_text_ = false;
  std::map<std::string, int, std::less<>> words_;
  std::vector<Range> ranges_;
};

std::optional<std::string> bytes_of_hex(std::string_view hex, size_t size) {
  if (hex.size() != 2 * size) return std::nullopt;
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    unsigned value = 0;
    const char* begin = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, value, 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
    bytes[i] = static_cast<char>(value);
  }
  return bytes;
}

class TraceReader final : public LogOperator {
 public:
  explicit TraceReader(Section& section) {
    const auto read_part = [&](std::string_view key, std::string_view usual) {
      Section part = section.section(key);
      auto place = read_field(part, "parse_from");
      if (!place) place = FieldPath::parse(usual).value();
      return std::move(*place);
    };
    trace_id_.emplace(read_part("trace_id", "attributes.trace_id"));
    span_id_.emplace(read_part("span_id", "attributes.span_id"));
    flags_.emplace(read_part("trace_flags", "attributes.trace_flags"));
  }
  Status apply(LogEntry& entry) const override {
    Status status;
    const auto take = [&](const FieldPath& from, size_t size, std::string& to) {
      const auto text = text_at(from, entry);
      if (!text) return;  // many entries belong to no trace
      if (auto bytes = bytes_of_hex(*text, size))
        to = std::move(*bytes);
      else
        status =
            Status(ErrorKind::bad_input, fmt::format("expected {} hex digits at {}", 2 * size, from.text()));
    };
    take(*trace_id_, 16, entry.trace_id);
    take(*span_id_, 8, entry.span_id);
    std::string flags;
    take(*flags_, 1, flags);
    if (!flags.empty()) entry.trace_flags = static_cast<uint8_t>(flags[0]);
    return status;
  }

 private:
  std::optional<FieldPath> trace_id_, span_id_, flags_;
};

}  // namespace

std::unique_ptr<const LogOperator> read_time_reader(Section& section) {
  return std::make_unique<TimeReader>(section);
}
std::unique_ptr<const LogOperator> read_severity_reader(Section& section) {
  return std::make_unique<SeverityReader>(section);
}
std::unique_ptr<const LogOperator> read_trace_reader(Section& section) {
  return std::make_unique<TraceReader>(section);
}

}  // namespace clew::pipeline
