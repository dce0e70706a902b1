#include "pipeline/receivers/prometheus/relabel.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/section.h"
#include "pipeline/otlp/digest.h"

namespace clew::pipeline {
namespace {

enum class Action : uint8_t {
  replace,
  keep,
  drop,
  keep_equal,
  drop_equal,
  hash_mod,
  label_map,
  label_drop,
  label_keep,
  lower_case,
  upper_case
};

constexpr std::pair<std::string_view, Action> kActions[] = {{"replace", Action::replace},
                                                            {"keep", Action::keep},
                                                            {"drop", Action::drop},
                                                            {"keepequal", Action::keep_equal},
                                                            {"dropequal", Action::drop_equal},
                                                            {"hashmod", Action::hash_mod},
                                                            {"labelmap", Action::label_map},
                                                            {"labeldrop", Action::label_drop},
                                                            {"labelkeep", Action::label_keep},
                                                            {"lowercase", Action::lower_case},
                                                            {"uppercase", Action::upper_case}};

std::string with_case(std::string text, bool upper) {
  for (char& c : text) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

// The last 8 bytes of the MD5 sum, as Prometheus shares targets out.
uint64_t md5_number(std::string_view text) {
  const std::string digits = hex_digest(DigestKind::md5, text);
  return std::stoull(digits.substr(digits.size() - 16), nullptr, 16);
}

}  // namespace

struct Relabelling::Rule {
  Action action = Action::replace;
  std::vector<std::string> sources;
  std::string separator = ";";
  std::string target;
  std::string replacement = "$1";
  uint64_t modulus = 0;
  std::unique_ptr<RE2> expression;

  // Whether it fits; the groups, the whole first.
  bool match(std::string_view text, std::vector<re2::StringPiece>& groups) const {
    groups.resize(static_cast<size_t>(expression->NumberOfCapturingGroups()) + 1);
    return expression->Match(text, 0, text.size(), RE2::ANCHOR_BOTH, groups.data(),
                             static_cast<int>(groups.size()));
  }

  // $1, ${1} and ${name} in `form` replaced by what was found; $$ is a dollar.
  std::string expand(std::string_view form, const std::vector<re2::StringPiece>& groups) const {
    std::string text;
    for (size_t i = 0; i < form.size(); ++i) {
      if (form[i] != '$' || i + 1 == form.size()) {
        text += form[i];
        continue;
      }
      if (form[i + 1] == '$') {
        text += '$';
        ++i;
        continue;
      }
      const bool braces = form[i + 1] == '{';
      const size_t begin = i + (braces ? 2 : 1);
      size_t end = begin;
      while (end < form.size() &&
             (std::isalnum(static_cast<unsigned char>(form[end])) != 0 || form[end] == '_'))
        ++end;
      const std::string_view name = form.substr(begin, end - begin);
      if (name.empty() || (braces && (end == form.size() || form[end] != '}'))) {
        text += form[i];
        continue;
      }
      if (const auto group = group_of(name); group && *group < groups.size())
        text.append(groups[*group].data() != nullptr
                        ? std::string_view(groups[*group].data(), groups[*group].size())
                        : std::string_view());
      i = end - (braces ? 0 : 1);
    }
    return text;
  }

  std::optional<size_t> group_of(std::string_view name) const {
    if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }))
      return name.size() < 4 ? std::optional<size_t>(std::stoul(std::string(name))) : std::nullopt;
    const auto& named = expression->NamedCapturingGroups();
    const auto found = named.find(std::string(name));
    if (found == named.end()) return std::nullopt;
    return static_cast<size_t>(found->second);
  }

  bool apply(LabelMap& labels) const {
    std::string source;
    for (size_t i = 0; i < sources.size(); ++i) {
      if (i > 0) source += separator;
      if (const auto found = labels.find(sources[i]); found != labels.end()) source += found->second;
    }
    const auto set = [&](std::string name, std::string value) {
      if (value.empty())
        labels.erase(name);
      else
        labels[std::move(name)] = std::move(value);
    };
    const auto of_target = [&] {
      const auto found = labels.find(target);
      return found == labels.end() ? std::string() : found->second;
    };
    std::vector<re2::StringPiece> groups;
    switch (action) {
      case Action::keep:
        return match(source, groups);
      case Action::drop:
        return !match(source, groups);
      case Action::keep_equal:
        return source == of_target();
      case Action::drop_equal:
        return source != of_target();
      case Action::replace: {
        if (!match(source, groups)) return true;
        std::string name = expand(target, groups);
        if (!name.empty()) set(std::move(name), expand(replacement, groups));
        return true;
      }
      case Action::lower_case:
      case Action::upper_case:
        set(target, with_case(source, action == Action::upper_case));
        return true;
      case Action::hash_mod:
        set(target, std::to_string(md5_number(source) % modulus));
        return true;
      case Action::label_map: {
        LabelMap mapped;
        for (const auto& [name, value] : labels)
          if (match(name, groups)) mapped[expand(replacement, groups)] = value;
        for (auto& [name, value] : mapped)
          if (!name.empty()) set(name, value);
        return true;
      }
      case Action::label_drop:
      case Action::label_keep:
        std::erase_if(labels, [&](const auto& one) {
          return match(one.first, groups) == (action == Action::label_drop);
        });
        return true;
    }
    return true;
  }
};

Relabelling::Relabelling(Section& section, const char* key) {
  section.for_each(key, [&](Section& item) {
    auto rule = std::make_shared<Rule>();
    std::string action = "replace", expression = "(.*)";
    item.read("source_labels", rule->sources);
    item.read("separator", rule->separator);
    item.read("target_label", rule->target);
    item.read("replacement", rule->replacement);
    item.read("modulus", rule->modulus);
    item.read("regex", expression);
    item.read("action", action);
    const std::string lower = with_case(action, false);
    const auto* known = std::find_if(std::begin(kActions), std::end(kActions),
                                     [&](const auto& one) { return one.first == lower; });
    if (known == std::end(kActions)) {
      std::vector<std::string> words;
      for (const auto& one : kActions) words.emplace_back(one.first);
      item.error("action", fmt::format("there is no action '{}'{}", action, suggestion(lower, words)));
      return;
    }
    rule->action = known->second;
    rule->expression = std::make_unique<RE2>(expression, RE2::Quiet);
    if (!rule->expression->ok())
      item.error("regex",
                 fmt::format("'{}' is no regular expression: {}", expression, rule->expression->error()));
    const bool needs_target = rule->action == Action::replace || rule->action == Action::hash_mod ||
                              rule->action == Action::keep_equal || rule->action == Action::drop_equal ||
                              rule->action == Action::lower_case || rule->action == Action::upper_case;
    if (needs_target && rule->target.empty())
      item.error(fmt::format("expected target_label with the action {}", lower));
    if (rule->action == Action::hash_mod && rule->modulus == 0)
      item.error("modulus", "expected it to be over 0");
    rules_.push_back(std::move(rule));
  });
}

bool Relabelling::apply(LabelMap& labels) const {
  return std::all_of(rules_.begin(), rules_.end(), [&](const auto& rule) { return rule->apply(labels); });
}

}  // namespace clew::pipeline
