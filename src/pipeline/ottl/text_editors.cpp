// Editors that replace within texts.
#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

// A pattern as of file names: * any text, ? any character, [a-z], {a,b}. As a regular expression.
std::string expression_of_glob(std::string_view glob) {
  std::string expression = "(?s)^";
  bool in_braces = false;
  for (size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (c == '*') {
      expression += ".*";
    } else if (c == '?') {
      expression += '.';
    } else if (c == '{') {
      expression += "(?:";
      in_braces = true;
    } else if (c == '}' && in_braces) {
      expression += ')';
      in_braces = false;
    } else if (c == ',' && in_braces) {
      expression += '|';
    } else if (c == '[' && glob.find(']', i) != std::string_view::npos) {
      const size_t end = glob.find(']', i);
      std::string set(glob.substr(i, end - i + 1));
      if (set.size() > 2 && set[1] == '!') set[1] = '^';
      expression += set;
      i = end;
    } else {
      expression += RE2::QuoteMeta(std::string_view(&c, 1));
    }
  }
  return expression + "$";
}

std::shared_ptr<const RE2> glob(Arguments& arguments, size_t parameter) {
  auto expression = std::make_shared<const RE2>(expression_of_glob(arguments.text(parameter)), RE2::Quiet);
  if (!expression->ok()) arguments.mistake(parameter, "expected a pattern, as in \"/user/*\"");
  return expression;
}

// $1, ${1}, ${name} and $$ in a replacement.
std::string expanded(std::string_view replacement, const RE2& pattern,
                     const std::vector<re2::StringPiece>& groups) {
  std::string text;
  for (size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '$' || i + 1 == replacement.size()) {
      text += replacement[i];
      continue;
    }
    if (replacement[++i] == '$') {
      text += '$';
      continue;
    }
    const bool braces = replacement[i] == '{';
    const size_t begin = braces ? i + 1 : i;
    size_t end = begin;
    while (end < replacement.size() &&
           (std::isalnum(static_cast<unsigned char>(replacement[end])) || replacement[end] == '_'))
      ++end;
    const std::string name(replacement.substr(begin, end - begin));
    if (name.empty() || (braces && (end == replacement.size() || replacement[end] != '}'))) {
      text += '$';
      --i;
      continue;
    }
    size_t group = groups.size();
    if (name.size() <= 3 && name.find_first_not_of("0123456789") == std::string::npos) {
      group = std::stoul(name);
    } else if (const auto it = pattern.NamedCapturingGroups().find(name);
               it != pattern.NamedCapturingGroups().end()) {
      group = static_cast<size_t>(it->second);
    }
    if (group < groups.size()) text.append(groups[group].data(), groups[group].size());
    i = braces ? end : end - 1;
  }
  return text;
}

// Replaces every match.
class Replacement {
 public:
  // `function` may be absent; it is given the replacement of each match.
  Replacement(std::shared_ptr<const RE2> pattern, Getter with, Arguments::Function function)
      : pattern_(std::move(pattern)), with_(std::move(with)), function_(std::move(function)) {}

  Result<std::string> operator()(Subject& subject, const std::string& text) const {
    CLEW_ASSIGN(const Value given, with_(subject));
    const auto* replacement = given.as<std::string>();
    if (replacement == nullptr) return wrong_kind("a replacement", "a text", given);
    std::vector<re2::StringPiece> groups(static_cast<size_t>(pattern_->NumberOfCapturingGroups()) + 1);
    std::string result;
    size_t copied = 0, at = 0;
    while (at <= text.size() && pattern_->Match(text, at, text.size(), RE2::UNANCHORED, groups.data(),
                                                static_cast<int>(groups.size()))) {
      const size_t begin = static_cast<size_t>(groups[0].data() - text.data());
      const size_t end = begin + groups[0].size();
      std::string put = expanded(*replacement, *pattern_, groups);
      if (function_) {
        CLEW_ASSIGN(const Value made, function_(subject, std::move(put)));
        put = text_of(made);
      }
      result.append(text, copied, begin - copied);
      result += put;
      copied = end;
      at = end == begin ? end + 1 : end;
    }
    result.append(text, copied);
    return result;
  }

 private:
  const std::shared_ptr<const RE2> pattern_;
  const Getter with_;
  const Arguments::Function function_;
};

Getter build_replace_pattern(Arguments& arguments) {
  const Replacement replace(arguments.pattern(1), arguments.value(2),
                            arguments.has(3) ? arguments.function(3) : Arguments::Function());
  return [path = arguments.path(0), replace](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value value, path->get(subject));
    const auto* text = value.as<std::string>();
    if (text == nullptr) return Value();
    CLEW_ASSIGN(std::string replaced, replace(subject, *text));
    if (replaced != *text) CLEW_TRY(path->set(subject, Value(std::move(replaced))));
    return Value();
  };
}

Getter build_replace_all_patterns(Arguments& arguments) {
  const std::string mode = arguments.text(1);
  if (mode != "key" && mode != "value") arguments.mistake(1, "expected \"key\" or \"value\"");
  const Replacement replace(arguments.pattern(2), arguments.value(3),
                            arguments.has(4) ? arguments.function(4) : Arguments::Function());
  return [path = arguments.path(0), keys = mode == "key", replace](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(Value value, path->get(subject));
    auto* map = value.as<Value::Map>();
    if (map == nullptr)
      return value.is_nil() ? Result<Value>(Value()) : wrong_kind("replace_all_patterns", "a map", value);
    Value::Map result;
    for (Value::Entry& entry : *map) {
      std::string key = entry.key;
      auto* text = entry.value.as<std::string>();
      if (keys) {
        CLEW_ASSIGN(key, replace(subject, entry.key));
      } else if (text != nullptr) {
        CLEW_ASSIGN(*text, replace(subject, *text));
      }
      at(result, key) = std::move(entry.value);
    }
    CLEW_TRY(path->set(subject, Value(std::move(result))));
    return Value();
  };
}

Result<Value> replacement_of(Subject& subject, const Getter& with, const Arguments::Function& function) {
  CLEW_ASSIGN(Value put, with(subject));
  if (put.as<std::string>() == nullptr) return wrong_kind("a replacement", "a text", put);
  if (!function) return put;
  return function(subject, std::move(put));
}

Getter build_replace_match(Arguments& arguments) {
  return [path = arguments.path(0), pattern = glob(arguments, 1), with = arguments.value(2),
          function = arguments.has(3) ? arguments.function(3)
                                      : Arguments::Function()](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value value, path->get(subject));
    const auto* text = value.as<std::string>();
    if (text == nullptr || !RE2::PartialMatch(*text, *pattern)) return Value();
    CLEW_ASSIGN(const Value put, replacement_of(subject, with, function));
    CLEW_TRY(path->set(subject, put));
    return Value();
  };
}

Getter build_replace_all_matches(Arguments& arguments) {
  return [path = arguments.path(0), pattern = glob(arguments, 1), with = arguments.value(2),
          function = arguments.has(3) ? arguments.function(3)
                                      : Arguments::Function()](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(Value value, path->get(subject));
    auto* map = value.as<Value::Map>();
    if (map == nullptr)
      return value.is_nil() ? Result<Value>(Value()) : wrong_kind("replace_all_matches", "a map", value);
    for (Value::Entry& entry : *map) {
      const auto* text = entry.value.as<std::string>();
      if (text == nullptr || !RE2::PartialMatch(*text, *pattern)) continue;
      CLEW_ASSIGN(entry.value, replacement_of(subject, with, function));
    }
    CLEW_TRY(path->set(subject, value));
    return Value();
  };
}

constexpr FunctionRow kRows[] = {
    {"replace_match", "target, pattern, replacement, function?", build_replace_match},
    {"replace_all_matches", "target, pattern, replacement, function?", build_replace_all_matches},
    {"replace_pattern", "target, regex, replacement, function?", build_replace_pattern},
    {"replace_all_patterns", "target, mode, regex, replacement, function?", build_replace_all_patterns},
};

}  // namespace

std::span<const FunctionRow> text_editors() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
