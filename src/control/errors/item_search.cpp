#include "control/errors/item_search.h"

#include <algorithm>
#include <charconv>

namespace clew::control::errors {
namespace {

constexpr size_t kMostTerms = 20;

// Up to the next blank that is in no quotes; without the quotes.
std::string take_term(std::string_view& text) {
  std::string term;
  bool quoted = false;
  size_t i = 0;
  for (; i < text.size() && (quoted || text[i] != ' '); ++i) {
    if (text[i] == '"')
      quoted = !quoted;
    else
      term += text[i];
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return term;
}

bool add_is(std::string_view what, ItemQuery& query) {
  if (what == "snoozed")
    query.snoozed = true;
  else if (what == "assigned")
    query.is_assigned = true;
  else if (what == "unassigned")
    query.is_assigned = false;
  else
    return false;
  return true;
}

bool add_number(std::string_view digits, ItemQuery& query) {
  int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  query.ids.push_back(id);
  return true;
}

// False when there is no fact of that name.
bool add_fact(std::string_view name, const std::string& value, ItemQuery& query) {
  if (name == "is") return add_is(value, query);
  if (name == "level") {
    const Level level = level_named(value);
    if (name_of(level) != value) return false;
    query.levels.push_back(level);
  } else if (name == "state" || name == "status") {
    const std::optional<State> state = state_named(value);
    if (!state) return false;
    query.states.push_back(*state);
  } else if (name == "environment") {
    query.deployments.push_back(value);
  } else if (name == "framework") {
    query.frameworks.push_back(value);
  } else if (name == "service") {
    query.service = value;
  } else if (name == "version" || name == "code_version") {
    query.version = value;
  } else if (name == "person" || name == "user_id" || name == "username" || name == "email") {
    query.person = value;
  } else if (name == "assigned" || name == "assignee") {
    query.assignee = value;
  } else if (name == "type" || name == "exception") {
    query.type = value;
  } else if (name == "fingerprint") {
    query.fingerprint = value;
  } else if (name == "file" || name == "method" || name == "title") {
    query.words.push_back(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void add_search(std::string_view text, ItemQuery& query) {
  for (size_t terms = 0; !text.empty() && terms < kMostTerms;) {
    const std::string term = take_term(text);
    if (term.empty()) continue;
    ++terms;
    if (term.starts_with('#') && add_number(std::string_view(term).substr(1), query)) continue;
    const size_t colon = term.find(':');
    if (colon != std::string::npos && colon + 1 < term.size() &&
        add_fact(std::string_view(term).substr(0, colon), term.substr(colon + 1), query))
      continue;
    query.words.push_back(term);
  }
}

}  // namespace clew::control::errors
