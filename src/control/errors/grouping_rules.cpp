#include "control/errors/grouping_rules.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace clew::control::errors {
namespace {

constexpr size_t kMostRules = 200;
constexpr size_t kMostConditions = 100;
constexpr int kDeepest = 8;
constexpr std::string_view kOperators[] = {"eq", "neq", "in", "nin", "contains",    "ncontains",
                                           "gt", "gte", "lt", "lte", "starts_with", "ends_with"};

// The dot-separated names that Rollbar's documents have for the same things.
std::string_view plain_name(std::string_view path) {
  struct Name {
    std::string_view theirs, ours;
  };
  static constexpr Name kNames[] = {{"body.trace.exception.class", "exception.type"},
                                    {"body.trace_chain.0.exception.class", "exception.type"},
                                    {"body.trace.exception.message", "exception.message"},
                                    {"body.trace_chain.0.exception.message", "exception.message"},
                                    {"body.message.body", "exception.message"},
                                    {"server.host", "host"},
                                    {"code_version", "version"}};
  for (const Name& name : kNames)
    if (path == name.theirs) return name.ours;
  return path;
}

double number_of(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string text_of(const JsonValue& value) {
  return value.string() ? *value.string() : value.text();
}

bool compare(const std::string& have, std::string_view op, const JsonValue& wanted) {
  if (op == "in" || op == "nin") {
    if (!wanted.array()) return false;
    const bool found = std::any_of(wanted.array()->begin(), wanted.array()->end(),
                                   [&](const JsonValue& one) { return text_of(one) == have; });
    return found == (op == "in");
  }
  const std::string text = text_of(wanted);
  if (op == "eq") return have == text;
  if (op == "neq") return have != text;
  if (op == "contains") return have.find(text) != std::string::npos;
  if (op == "ncontains") return have.find(text) == std::string::npos;
  if (op == "starts_with") return have.starts_with(text);
  if (op == "ends_with") return have.ends_with(text);
  const double a = number_of(have);
  const double b = number_of(text);
  if (op == "gt") return a > b;
  if (op == "gte") return a >= b;
  if (op == "lt") return a < b;
  return a <= b;
}

bool holds(const JsonValue& condition, const Occurrence& occurrence) {
  for (const std::string_view joined : {"any", "all", "none"}) {
    const JsonValue* children = condition.find(joined);
    if (!children || !children->array()) continue;
    const auto one = [&](const JsonValue& child) { return holds(child, occurrence); };
    const auto& list = *children->array();
    if (joined == "any") return std::any_of(list.begin(), list.end(), one);
    if (joined == "all") return std::all_of(list.begin(), list.end(), one);
    return std::none_of(list.begin(), list.end(), one);
  }
  const JsonValue* path = condition.find("path");
  if (!path || !path->string()) return false;
  std::vector<std::string> values = values_at(occurrence, *path->string());
  if (values.empty()) values.emplace_back();
  for (const std::string_view op : kOperators) {
    const JsonValue* wanted = condition.find(op);
    if (!wanted) continue;
    // "Not" is about all of them.
    const bool negative = op == "neq" || op == "nin" || op == "ncontains";
    const auto matches = [&](const std::string& value) { return compare(value, op, *wanted); };
    if (!(negative ? std::all_of(values.begin(), values.end(), matches)
                   : std::any_of(values.begin(), values.end(), matches)))
      return false;
  }
  return true;
}

Status check(const JsonValue& condition, int depth, size_t& conditions) {
  if (!condition.object()) return {ErrorKind::bad_input, "a condition is a JSON object"};
  if (depth > kDeepest || ++conditions > kMostConditions)
    return {ErrorKind::bad_input, fmt::format("at most {} conditions, {} deep", kMostConditions, kDeepest)};
  size_t operators = 0;
  for (const auto& [name, value] : *condition.object()) {
    if (name == "any" || name == "all" || name == "none") {
      if (!value.array()) return {ErrorKind::bad_input, fmt::format("{} must be a list of conditions", name)};
      for (const JsonValue& child : *value.array()) CLEW_TRY(check(child, depth + 1, conditions));
      return {};
    }
    if (name == "path") continue;
    if (std::find(std::begin(kOperators), std::end(kOperators), name) == std::end(kOperators))
      return {ErrorKind::bad_input, fmt::format("there is no operator {}", name)};
    if ((name == "in" || name == "nin") && !value.array())
      return {ErrorKind::bad_input, fmt::format("{} takes a list", name)};
    ++operators;
  }
  const JsonValue* path = condition.find("path");
  if (!path || !path->string() || operators == 0)
    return {ErrorKind::bad_input, "a condition has a path and an operator, or one of any, all, none"};
  return {};
}

std::string filled_in(std::string_view text, const Occurrence& occurrence) {
  std::string out;
  while (true) {
    const size_t open = text.find("{{");
    const size_t close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    std::string_view name = text.substr(open + 2, close - open - 2);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name == "default_fingerprint") {
      out += fingerprint_of(occurrence).group;
    } else if (name == "default_title") {
      out += title_of(occurrence);
    } else if (const auto values = values_at(occurrence, name); !values.empty()) {
      out += values.front();
    }
    text.remove_prefix(close + 2);
  }
}

}  // namespace

std::vector<std::string> values_at(const Occurrence& occurrence, std::string_view path) {
  const std::string_view name = plain_name(path);
  if (name == "exception.type") return {occurrence.type};
  if (name == "exception.message") return {occurrence.message};
  if (name == "title") return {title_of(occurrence)};
  if (name == "level") return {std::string(name_of(occurrence.level))};
  if (name == "service") return {occurrence.service};
  if (name == "environment") return {occurrence.deployment};
  if (name == "version") return {occurrence.version};
  if (name == "host") return {occurrence.host};
  if (name == "platform") return {occurrence.platform};
  if (name == "framework") return {occurrence.framework};
  if (name == "language") return {std::string(errors::name_of(occurrence.language))};
  if (name == "context") return {occurrence.context};
  if (name == "person.id") return {occurrence.person.id};
  if (name == "uuid") return {occurrence.uuid};
  // frames.<which>.<what>, Rollbar's body.trace.frames.<which>.<what> too. The innermost is frames.0 here and
  // frames.-1 there: Rollbar's list has it last.
  const bool theirs = name.starts_with("body.");
  const size_t begin = name.find("frames.");
  if (begin == std::string_view::npos) return {};
  std::string_view rest = name.substr(begin + 7);
  const size_t dot = rest.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view which = rest.substr(0, dot);
  const std::string_view what = rest.substr(dot + 1);
  const auto size = static_cast<int64_t>(occurrence.frames.size());
  int64_t only = -1;
  if (which != "*") {
    const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), only);
    if (error != std::errc() || end != which.data() + which.size()) return {};
    if (only < -size || only >= size) return {};
    if (only < 0) only += size;
    if (theirs) only = size - 1 - only;
  }
  std::vector<std::string> values;
  for (int64_t i = 0; i < size; ++i) {
    if (which != "*" && i != only) continue;
    const Frame& frame = occurrence.frames[static_cast<size_t>(i)];
    if (what == "file" || what == "filename") values.push_back(frame.file);
    if (what == "method") values.push_back(frame.method);
  }
  return values;
}

Result<GroupingRules> GroupingRules::parse(const JsonValue& json) {
  if (!json.array()) return {ErrorKind::bad_input, "grouping rules are a JSON list"};
  if (json.array()->size() > kMostRules)
    return {ErrorKind::bad_input, fmt::format("at most {} grouping rules", kMostRules)};
  GroupingRules rules;
  for (const JsonValue& one : *json.array()) {
    const std::string where = fmt::format("rule {}", rules.rules_.size() + 1);
    const JsonValue* condition = one.find("condition");
    const JsonValue* fingerprint = one.find("fingerprint");
    const JsonValue* title = one.find("title");
    if (!condition) return {ErrorKind::bad_input, where + ": condition is missing"};
    size_t conditions = 0;
    if (Status checked = check(*condition, 0, conditions); !checked.ok())
      return std::move(checked).within(where);
    const bool has_fingerprint = fingerprint && fingerprint->string() && !fingerprint->string()->empty();
    const bool has_title = title && title->string() && !title->string()->empty();
    if (!has_fingerprint && !has_title)
      return {ErrorKind::bad_input, where + ": fingerprint or title is missing"};
    rules.rules_.push_back({.condition = *condition,
                            .fingerprint = has_fingerprint ? *fingerprint->string() : std::string(),
                            .title = has_title ? *title->string() : std::string()});
  }
  return rules;
}

Fingerprint GroupingRules::apply(const Occurrence& occurrence, std::string* title) const {
  if (!occurrence.custom_fingerprint.empty()) return fingerprint_of(occurrence);
  size_t number = 0;
  for (const Rule& rule : rules_) {
    ++number;
    if (!holds(rule.condition, occurrence)) continue;
    if (title && !rule.title.empty()) *title = filled_in(rule.title, occurrence);
    if (rule.fingerprint.empty()) return fingerprint_of(occurrence);
    return fingerprint_of_text(occurrence, filled_in(rule.fingerprint, occurrence),
                               fmt::format("grouping rule {}", number));
  }
  return fingerprint_of(occurrence);
}

}  // namespace clew::control::errors
