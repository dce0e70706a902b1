// What a filter pattern says of a message.
#include <algorithm>
#include <charconv>

#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/message_json.h"
#include "protocols/cloudwatch_logs/pattern_expression.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs {
namespace {

using Op = PatternComparison::Op;
using Kind = MessageJson::Kind;

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

// `pattern` may hold "*" for any text.
bool fits(std::string_view pattern, std::string_view text) {
  size_t star = std::string_view::npos, resume = 0, p = 0, t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool orders(Op op, double a, double b) {
  switch (op) {
    case Op::less:
      return a < b;
    case Op::less_or_equal:
      return a <= b;
    case Op::greater:
      return a > b;
    case Op::greater_or_equal:
      return a >= b;
    default:
      return false;
  }
}

// A text, as it is or as it is written.
bool equals(const PatternComparison& comparison, std::string_view text) {
  return comparison.expression ? comparison.expression->matches(text) : fits(comparison.text, text);
}

bool holds(const PatternComparison& comparison, const MessageJson& value) {
  switch (comparison.op) {
    case Op::is_null:
      return value.kind == Kind::null ||
             (value.kind == Kind::array &&
              std::any_of(value.elements.begin(), value.elements.end(),
                          [](const auto& one) { return one.kind == Kind::null; }));
    case Op::is_true:
      return value.kind == Kind::truth;
    case Op::is_false:
      return value.kind == Kind::falsehood;
    case Op::not_exists:
      return false;
    case Op::equal:
    case Op::not_equal: {
      if (value.kind != Kind::number && value.kind != Kind::text) return false;
      const std::optional<double> number =
          value.kind == Kind::number && comparison.number ? number_in(value.text) : std::nullopt;
      const bool equal = number ? *number == *comparison.number : equals(comparison, value.text);
      return equal == (comparison.op == Op::equal);
    }
    default: {
      if (value.kind != Kind::number || !comparison.number) return false;
      const std::optional<double> number = number_in(value.text);
      return number && orders(comparison.op, *number, *comparison.number);
    }
  }
}

// Every value that a selector means, through its one wildcard.
void select(const MessageJson& from, const std::vector<SelectorStep>& selector, size_t step,
            std::vector<const MessageJson*>& into) {
  if (step == selector.size()) {
    into.push_back(&from);
    return;
  }
  const SelectorStep& here = selector[step];
  switch (here.kind) {
    case SelectorStep::Kind::member:
      if (from.kind != Kind::object) return;
      if (const MessageJson* member = from.find(here.name)) select(*member, selector, step + 1, into);
      return;
    case SelectorStep::Kind::element:
      if (from.kind == Kind::array && here.index < from.elements.size())
        select(from.elements[here.index], selector, step + 1, into);
      return;
    case SelectorStep::Kind::any:
      if (from.kind != Kind::array && from.kind != Kind::object) return;
      for (const MessageJson& element : from.elements) select(element, selector, step + 1, into);
      return;
  }
}

bool holds(const PatternCondition& condition, const MessageJson& message) {
  const auto child_holds = [&](const PatternCondition& child) { return holds(child, message); };
  if (condition.kind == PatternCondition::Kind::all)
    return std::all_of(condition.children.begin(), condition.children.end(), child_holds);
  if (condition.kind == PatternCondition::Kind::any)
    return std::any_of(condition.children.begin(), condition.children.end(), child_holds);
  std::vector<const MessageJson*> values;
  select(message, condition.selector, 0, values);
  if (condition.comparison.op == Op::not_exists) return values.empty();
  return std::any_of(values.begin(), values.end(),
                     [&](const MessageJson* value) { return holds(condition.comparison, *value); });
}

bool column_holds(const PatternCondition& condition, std::string_view text) {
  const auto child_holds = [&](const PatternCondition& child) { return column_holds(child, text); };
  if (condition.kind == PatternCondition::Kind::all)
    return std::all_of(condition.children.begin(), condition.children.end(), child_holds);
  if (condition.kind == PatternCondition::Kind::any)
    return std::any_of(condition.children.begin(), condition.children.end(), child_holds);
  const PatternComparison& comparison = condition.comparison;
  const std::optional<double> number = comparison.number ? number_in(text) : std::nullopt;
  if (comparison.op == Op::equal || comparison.op == Op::not_equal) {
    const bool equal = number ? *number == *comparison.number : equals(comparison, text);
    return equal == (comparison.op == Op::equal);
  }
  return number && orders(comparison.op, *number, *comparison.number);
}

// Which text each column of a pattern has in a message; nothing when they do not fit.
struct Laid {
  std::vector<std::pair<const PatternColumn*, std::string_view>> columns;  // nullptr: of "..."
};
std::optional<Laid> lay(const std::vector<PatternColumn>& pattern, std::string_view message) {
  Laid laid;
  const auto rest = std::find_if(pattern.begin(), pattern.end(), [](const auto& one) { return one.rest; });
  if (pattern.empty()) return columns_of(message, 1).empty() ? std::nullopt : std::optional(laid);
  if (rest == pattern.end()) {
    // The last swallows what is left of the line.
    const std::vector<std::string_view> columns = columns_of(message, pattern.size());
    if (columns.size() < pattern.size()) return std::nullopt;
    for (size_t i = 0; i < pattern.size(); ++i) laid.columns.emplace_back(&pattern[i], columns[i]);
    return laid;
  }
  const std::vector<std::string_view> columns = columns_of(message);
  if (columns.size() + 1 < pattern.size()) return std::nullopt;
  const auto before = static_cast<size_t>(rest - pattern.begin());
  const size_t behind = pattern.size() - before - 1;
  for (size_t i = 0; i < columns.size(); ++i) {
    const PatternColumn* column = nullptr;
    if (i < before) column = &pattern[i];
    if (i >= columns.size() - behind) column = &pattern[pattern.size() - (columns.size() - i)];
    laid.columns.emplace_back(column, columns[i]);
  }
  return laid;
}

bool term_fits(const PatternTerm& term, std::string_view message) {
  return term.expression ? term.expression->matches(message)
                         : message.find(term.text) != std::string_view::npos;
}

query::Filter body_compares(query::Operator op, std::string text) {
  return query::comparison({std::string(names::kBody), store::Scope::intrinsic}, op, {std::move(text)});
}

query::Filter bound_of(const PatternTerm& term) {
  if (term.expression) return body_compares(query::Operator::matches, term.expression->text());
  if (term.text.empty()) return query::all_of({});
  return body_compares(query::Operator::contains, term.text);
}

// The text may stand in the message with escapes; then the message has a backslash.
query::Filter bound_of(const PatternCondition& condition) {
  std::vector<query::Filter> children;
  for (const PatternCondition& child : condition.children) children.push_back(bound_of(child));
  if (condition.kind == PatternCondition::Kind::all) return query::all_of(std::move(children));
  if (condition.kind == PatternCondition::Kind::any) return query::any_of(std::move(children));
  const PatternComparison& comparison = condition.comparison;
  const bool is_text = comparison.op == Op::equal && !comparison.expression && !comparison.number &&
                       !comparison.text.empty() && comparison.text.find('*') == std::string::npos;
  if (!is_text) return query::all_of({});
  return query::any_of({body_compares(query::Operator::contains, comparison.text),
                        body_compares(query::Operator::contains, "\\")});
}

}  // namespace

std::vector<std::string_view> columns_of(std::string_view message, size_t most) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  std::vector<std::string_view> columns;
  size_t at = 0;
  while (columns.size() < most) {
    while (at < message.size() && is_blank(message[at])) ++at;
    if (at == message.size()) break;
    const char closing = message[at] == '"' ? '"' : message[at] == '[' ? ']' : '\0';
    const size_t begin = at;
    std::string_view column;
    if (closing != '\0') {
      // Without its end a quote is ordinary text.
      const size_t end = message.find(closing, at + 1);
      if (end != std::string_view::npos) {
        column = message.substr(at + 1, end - at - 1);
        at = end + 1;
      }
    }
    if (at == begin) {
      while (at < message.size() && !is_blank(message[at])) ++at;
      column = message.substr(begin, at - begin);
    }
    if (columns.size() + 1 == most) {
      std::string_view rest = message.substr(begin);
      while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
      // More columns follow: the last is all of them, as they stand.
      if (begin + rest.size() > at) column = rest;
    }
    columns.push_back(column);
  }
  return columns;
}

bool FilterPattern::matches(std::string_view message) const {
  if (json_) {
    const std::optional<MessageJson> json = parse_message_json(message);
    return json && holds(*json_, *json);
  }
  if (columns_) {
    const std::optional<Laid> laid = lay(*columns_, message);
    return laid && std::all_of(laid->columns.begin(), laid->columns.end(), [](const auto& one) {
             return one.first == nullptr || !one.first->condition ||
                    column_holds(*one.first->condition, one.second);
           });
  }
  bool any_optional = false, some_fits = false, only_optional = true;
  for (const PatternTerm& term : terms_) {
    if (term.kind == PatternTerm::Kind::optional) {
      any_optional = true;
      some_fits = some_fits || term_fits(term, message);
      continue;
    }
    only_optional = false;
    if (term_fits(term, message) != (term.kind == PatternTerm::Kind::required)) return false;
  }
  // Beside a required or an excluded term the optional ones are of no account.
  return !any_optional || !only_optional || some_fits;
}

std::map<std::string, std::string> FilterPattern::extracted(std::string_view message) const {
  std::map<std::string, std::string> values;
  if (!columns_) return values;
  const std::optional<Laid> laid = lay(*columns_, message);
  if (!laid) return values;
  for (size_t i = 0; i < laid->columns.size(); ++i) {
    const auto& [column, text] = laid->columns[i];
    const bool named = column != nullptr && !column->name.empty();
    values.emplace("$" + (named ? column->name : std::to_string(i + 1)), text);
  }
  return values;
}

bool FilterPattern::has_column(std::string_view name) const {
  return columns_ && std::any_of(columns_->begin(), columns_->end(),
                                 [&](const PatternColumn& column) { return column.name == name; });
}

query::Filter FilterPattern::bound() const {
  if (json_) return bound_of(*json_);
  if (columns_) return query::all_of({});
  std::vector<query::Filter> all, optional;
  for (const PatternTerm& term : terms_) {
    if (term.kind == PatternTerm::Kind::optional) {
      optional.push_back(bound_of(term));
    } else {
      all.push_back(term.kind == PatternTerm::Kind::required ? bound_of(term)
                                                             : query::none_of({bound_of(term)}));
    }
  }
  return all.empty() && !optional.empty() ? query::any_of(std::move(optional))
                                          : query::all_of(std::move(all));
}

std::optional<std::string> value_at(std::string_view message, const std::vector<SelectorStep>& selector) {
  const std::optional<MessageJson> json = parse_message_json(message);
  if (!json) return std::nullopt;
  std::vector<const MessageJson*> values;
  select(*json, selector, 0, values);
  if (values.size() != 1) return std::nullopt;
  switch (values[0]->kind) {
    case Kind::number:
    case Kind::text:
      return values[0]->text;
    case Kind::truth:
      return "true";
    case Kind::falsehood:
      return "false";
    default:
      return std::nullopt;
  }
}

}  // namespace clew::cloudwatch_logs
