#include "pipeline/receivers/filelog/log_operators.h"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/time.h"
#include "pipeline/config/section.h"
#include "pipeline/receivers/filelog/entry_readers.h"

namespace clew::pipeline {

std::optional<FieldPath> read_field(Section& section, std::string_view key) {
  std::string text;
  if (!section.read(key, text)) return std::nullopt;
  auto path = FieldPath::parse(text);
  if (path.ok()) return std::move(*path);
  section.error(key, path.status().message());
  return std::nullopt;
}

namespace {

std::optional<FieldPath> need_field(Section& section, std::string_view key) {
  auto field = read_field(section, key);
  if (!field && !section.has(key)) section.error(fmt::format("expected {}", key));
  return field;
}

// `value: 8` is a number, `value: "8"` a text.
JsonValue json_of(const ConfigValue& value) {
  switch (value.kind) {
    case ConfigValue::Kind::null:
      return {};
    case ConfigValue::Kind::scalar: {
      if (value.quoted) return JsonValue(value.text);
      auto parsed = parse_json(value.text);
      return parsed.ok() ? std::move(*parsed) : JsonValue(value.text);
    }
    case ConfigValue::Kind::list: {
      JsonValue::Array items;
      for (const ConfigValue& item : value.items) items.push_back(json_of(item));
      return JsonValue(std::move(items));
    }
    case ConfigValue::Kind::map: {
      JsonValue map{JsonValue::Object{}};
      for (const ConfigEntry& entry : value.entries) map[entry.key] = json_of(entry.value);
      return map;
    }
  }
  return {};
}

Status no_such(const FieldPath& path) {
  return {ErrorKind::not_found, fmt::format("the entry has no {}", path.text())};
}

// What json_parser and regex_parser have in common: where from, where to, and what is read out of it then.
class Parser : public LogOperator {
 public:
  explicit Parser(Section& section) {
    if (auto from = read_field(section, "parse_from")) from_ = std::move(*from);
    if (auto to = read_field(section, "parse_to")) to_ = std::move(*to);
    if (section.has("timestamp")) readers_.push_back(read_time_reader(section.section("timestamp")));
    if (section.has("severity")) readers_.push_back(read_severity_reader(section.section("severity")));
    if (section.has("trace")) readers_.push_back(read_trace_reader(section.section("trace")));
  }

  Status apply(LogEntry& entry) const final {
    const JsonValue* source = from_.find(entry);
    if (source == nullptr) return no_such(from_);
    if (!source->string()) return {ErrorKind::bad_input, from_.text() + " is no text"};
    CLEW_ASSIGN(JsonValue parsed, parse(*source->string()));
    to_.set(entry, std::move(parsed));
    Status first;
    for (const auto& reader : readers_)
      if (Status status = reader->apply(entry); !status.ok() && first.ok()) first = std::move(status);
    return first;
  }

 private:
  virtual Result<JsonValue> parse(const std::string& text) const = 0;

  FieldPath from_ = FieldPath::body();
  FieldPath to_ = FieldPath::attributes();
  std::vector<std::unique_ptr<const LogOperator>> readers_;
};

class JsonParser final : public Parser {
 public:
  explicit JsonParser(Section& section) : Parser(section) {
    // Whole numbers stay whole.
    section.ignore({"parse_ints"});
  }

 private:
  Result<JsonValue> parse(const std::string& text) const override {
    // Below what decoders of OTLP take (32), so that it may be moved into another map: a request with a
    // deeper one would be refused as a whole.
    CLEW_ASSIGN(JsonValue value, parse_json(text, 24));
    if (!value.object()) return {ErrorKind::bad_input, "not a JSON object"};
    return value;
  }
};

class RegexParser final : public Parser {
 public:
  explicit RegexParser(Section& section) : Parser(section) {
    section.ignore({"cache"});
    std::string pattern;
    if (!section.read("regex", pattern)) {
      section.error("expected regex");
      return;
    }
    pattern_ = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
    if (!pattern_->ok()) {
      section.error("regex", fmt::format("'{}' is no regular expression: {}", pattern, pattern_->error()));
      return;
    }
    for (const auto& [number, name] : pattern_->CapturingGroupNames()) groups_.emplace_back(number, name);
    if (groups_.empty()) section.error("regex", "expected a named group, as in (?P<status>\\d+)");
  }

 private:
  Result<JsonValue> parse(const std::string& text) const override {
    std::vector<re2::StringPiece> found(static_cast<size_t>(pattern_->NumberOfCapturingGroups()) + 1);
    if (!pattern_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                         static_cast<int>(found.size())))
      return {ErrorKind::bad_input, "the text does not match the regular expression"};
    JsonValue map{JsonValue::Object{}};
    for (const auto& [number, name] : groups_)
      map[name] = JsonValue(std::string(found[static_cast<size_t>(number)]));
    return map;
  }

  std::unique_ptr<re2::RE2> pattern_;
  std::vector<std::pair<int, std::string>> groups_;
};

class Add final : public LogOperator {
 public:
  explicit Add(Section& section) : field_(need_field(section, "field")) {
    const ConfigValue* value = section.value("value");
    if (value == nullptr) {
      section.error("expected value");
      return;
    }
    if (value->text.starts_with("EXPR("))
      section.error("value", "clew has no expression language here; give the value itself");
    value_ = json_of(*value);
  }
  Status apply(LogEntry& entry) const override {
    field_->set(entry, value_);
    return {};
  }

 private:
  const std::optional<FieldPath> field_;
  JsonValue value_;
};

class Transfer final : public LogOperator {
 public:
  Transfer(Section& section, bool moves)
      : from_(need_field(section, "from")), to_(need_field(section, "to")), moves_(moves) {}
  Status apply(LogEntry& entry) const override {
    if (from_->find(entry) == nullptr) return no_such(*from_);
    to_->set(entry, moves_ ? *from_->take(entry) : *from_->find(entry));
    return {};
  }

 private:
  const std::optional<FieldPath> from_, to_;
  const bool moves_;
};

class Remove final : public LogOperator {
 public:
  explicit Remove(Section& section) : field_(need_field(section, "field")) {}
  Status apply(LogEntry& entry) const override { return field_->take(entry) ? Status() : no_such(*field_); }

 private:
  const std::optional<FieldPath> field_;
};

class Noop final : public LogOperator {
 public:
  Status apply(LogEntry&) const override { return {}; }
};

using MakeOperator = std::unique_ptr<const LogOperator> (*)(Section&);
constexpr std::pair<std::string_view, MakeOperator> kOperators[] = {
    {"json_parser",
     [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<JsonParser>(s); }},
    {"regex_parser",
     [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<RegexParser>(s); }},
    {"time_parser", [](Section& s) -> std::unique_ptr<const LogOperator> { return read_time_reader(s); }},
    {"severity_parser",
     [](Section& s) -> std::unique_ptr<const LogOperator> { return read_severity_reader(s); }},
    {"trace_parser", [](Section& s) -> std::unique_ptr<const LogOperator> { return read_trace_reader(s); }},
    {"add", [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<Add>(s); }},
    {"copy",
     [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<Transfer>(s, false); }},
    {"move",
     [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<Transfer>(s, true); }},
    {"remove", [](Section& s) -> std::unique_ptr<const LogOperator> { return std::make_unique<Remove>(s); }},
    {"noop", [](Section&) -> std::unique_ptr<const LogOperator> { return std::make_unique<Noop>(); }},
};

constexpr std::string_view kNotOffered[] = {
    "assign_keys",      "container", "csv_parser",    "filter", "flatten", "json_array_parser",
    "key_value_parser", "recombine", "regex_replace", "retain", "router",  "scope_name_parser",
    "syslog_parser",    "unquote",   "uri_parser"};

}  // namespace

LogOperators read_log_operators(Section& section) {
  LogOperators steps;
  section.for_each("operators", [&](Section& item) {
    std::string type, id, on_error = "send";
    item.read("id", id);
    item.read_choice("on_error", on_error, {"send", "drop", "send_quiet", "drop_quiet"});
    item.refuse("if", "clew has no expression language here; every operator applies to every entry");
    item.refuse("output", "the operators of clew follow one another in the order of the list");
    if (!item.read("type", type)) return item.error("expected type, as in json_parser");
    for (const auto& [name, make] : kOperators) {
      if (name != type) continue;
      steps.push_back({make(item), on_error.starts_with("drop")});
      return;
    }
    item.for_each_key([](const std::string&, const ConfigValue&) {});
    for (const std::string_view name : kNotOffered)
      if (name == type) return item.error("type", fmt::format("clew does not offer the operator '{}'", type));
    std::vector<std::string> names;
    for (const auto& [name, make] : kOperators) names.emplace_back(name);
    item.error("type", fmt::format("there is no operator '{}'{}", type, suggestion(type, names)));
  });
  return steps;
}

bool apply_all(const LogOperators& operators, LogEntry& entry, OperatorFailures& failures) {
  for (const OperatorStep& step : operators) {
    if (step.operation->apply(entry).ok()) continue;
    ++failures.failed;
    if (!step.drops_on_error) continue;
    ++failures.dropped;
    return false;
  }
  return true;
}

}  // namespace clew::pipeline
