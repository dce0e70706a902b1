#include "pipeline/config/substitution.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/nearest.h"

namespace clew::pipeline {
namespace {

constexpr int kMostExpansions = 1000;
constexpr int kDeepest = 16;
constexpr size_t kLongestText = 4 << 20;

bool is_variable_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

// The position of the '}' that ends the reference whose inside begins at `from`; npos when none does.
size_t end_of_reference(std::string_view text, size_t from) {
  for (int open = 1; from < text.size(); ++from) {
    if (text.substr(from, 2) == "${") ++open;
    if (text[from] == '}' && --open == 0) return from;
  }
  return std::string_view::npos;
}

class Substitution {
 public:
  explicit Substitution(const SubstitutionSources& sources) : sources_(sources) {}

  Status run(ConfigValue& value) {
    if (value.kind == ConfigValue::Kind::scalar) return expand_scalar(value);
    for (ConfigValue& item : value.items) CLEW_TRY(run(item));
    for (ConfigEntry& entry : value.entries) CLEW_TRY(run(entry.value));
    return {};
  }

 private:
  Status expand_scalar(ConfigValue& value) {
    if (value.text.find('$') == std::string::npos) return {};
    const bool whole =
        value.text.starts_with("${") && end_of_reference(value.text, 2) == value.text.size() - 1;
    CLEW_ASSIGN(std::string text, expand(value.text, value, 0));
    value.text = std::move(text);
    if (!whole) return {};
    Result<ConfigValue> parsed = parse_yaml_fragment(value.text, value.place);
    if (!parsed.ok()) return {};  // a text that happens not to be YAML
    value.kind = parsed->kind;
    value.quoted = parsed->quoted;
    value.items = std::move(parsed->items);
    value.entries = std::move(parsed->entries);
    return {};
  }

  Result<std::string> expand(std::string_view text, ConfigValue& value, int depth) {
    if (depth > kDeepest) return fault(value, "references nested too deeply");
    std::string result;
    while (!text.empty()) {
      const size_t dollar = text.find('$');
      result.append(text.substr(0, dollar));
      if (dollar == std::string_view::npos) break;
      text.remove_prefix(dollar);
      if (text.starts_with("$$")) {
        result += '$';
        text.remove_prefix(2);
      } else if (text.starts_with("${")) {
        const size_t end = end_of_reference(text, 2);
        if (end == std::string_view::npos)
          return fault(value, fmt::format("'{}' has no closing brace; a dollar sign that means itself is "
                                          "written $$",
                                          text.substr(0, 40)));
        CLEW_ASSIGN(const std::string inside, expand(text.substr(2, end - 2), value, depth + 1));
        CLEW_ASSIGN(const std::string content, resolve(inside, value, depth));
        result += content;
        text.remove_prefix(end + 1);
      } else {
        result += '$';
        text.remove_prefix(1);
      }
      if (result.size() > kLongestText) return fault(value, "references grow beyond 4 MiB");
    }
    return result;
  }

  Result<std::string> resolve(const std::string& reference, ConfigValue& value, int depth) {
    if (++expansions_ > kMostExpansions)
      return fault(value, fmt::format("more than {} references", kMostExpansions));
    const size_t colon = reference.find(':');
    const bool has_scheme = colon != std::string::npos && !reference.substr(colon).starts_with(":-");
    const std::string scheme = has_scheme ? reference.substr(0, colon) : "env";
    const std::string rest = has_scheme ? reference.substr(colon + 1) : reference;
    if (scheme == "env") return variable(rest, value);
    if (scheme == "yaml") return rest;
    if (scheme == "file") {
      Result<std::string> content = sources_.read_file(rest);
      if (!content.ok())
        return fault(value, fmt::format("${{{}}}: {}", reference, content.status().message()));
      while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
      return expand(*content, value, depth + 1);
    }
    if (scheme == "http" || scheme == "https")
      return fault(value, fmt::format("${{{}}}: clew does not fetch configuration from the network; "
                                      "download it and refer to it as ${{file:…}}",
                                      reference));
    return fault(value,
                 fmt::format("${{{}}}: '{}' is no source; expected env, file or yaml", reference, scheme));
  }

  Result<std::string> variable(const std::string& reference, ConfigValue& value) {
    const size_t dash = reference.find(":-");
    const std::string name = reference.substr(0, dash);
    if (!is_variable_name(name))
      return fault(value, fmt::format("${{{}}}: '{}' cannot be the name of an environment variable; a dollar "
                                      "sign that means itself is written $$",
                                      reference, name));
    const auto it = sources_.environment.find(name);
    if (it != sources_.environment.end() && !it->second.empty()) return it->second;
    if (it == sources_.environment.end() && dash != std::string::npos) return reference.substr(dash + 2);
    const bool is_set = it != sources_.environment.end();
    value.empty_variables.push_back({name, is_set, is_set ? "" : nearest_variable(name)});
    return std::string();
  }

  std::string nearest_variable(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto& [other, content] : sources_.environment)
      if (!content.empty()) names.push_back(other);
    return nearest_word(name, names).value_or("");
  }

  static Status fault(const ConfigValue& value, std::string_view about) {
    return {ErrorKind::bad_input, fmt::format("{}: {}", value.place.text(), about)};
  }

  const SubstitutionSources& sources_;
  int expansions_ = 0;
};

}  // namespace

Status substitute(ConfigValue& value, const SubstitutionSources& sources) {
  return Substitution(sources).run(value);
}

}  // namespace clew::pipeline
