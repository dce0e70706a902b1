#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "protocols/xray/filter_expression.h"
#include "protocols/xray/filter_tokens.h"

namespace clew::xray {
namespace {

std::string_view name_of(FilterScope scope) {
  constexpr std::string_view kNames[] = {"a trace",
                                         "service() {…}",
                                         "edge() {…}",
                                         "a service of a root cause",
                                         "an entity of a root cause",
                                         "an exception of a root cause"};
  return kNames[static_cast<size_t>(scope)];
}

// By recursive descent.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Result<FilterExpression> parse() {
    if (tokens_.at_end()) return tokens_.fault("an expression is expected, this one is empty");
    CLEW_ASSIGN(FilterExpression expression, either(FilterScope::trace, 0));
    if (!tokens_.at_end()) return tokens_.fault(fmt::format("nothing opens this {}", tokens_.shown()));
    return expression;
  }

 private:
  using Kind = FilterExpression::Kind;

  // either: both { OR both }
  Result<FilterExpression> either(FilterScope scope, size_t depth) {
    if (depth > kDeepestFilterExpression)
      return tokens_.fault(fmt::format("nested deeper than {} levels", kDeepestFilterExpression));
    FilterExpression any{.kind = Kind::any};
    do {
      CLEW_ASSIGN(FilterExpression one, both(scope, depth));
      any.children.push_back(std::move(one));
    } while (tokens_.take_word("or"));
    return any.children.size() == 1 ? std::move(any.children[0]) : std::move(any);
  }

  // both: one { [AND] one }
  Result<FilterExpression> both(FilterScope scope, size_t depth) {
    FilterExpression all{.kind = Kind::all};
    while (true) {
      CLEW_ASSIGN(FilterExpression one, negatable(scope, depth));
      all.children.push_back(std::move(one));
      if (tokens_.take_word("and")) continue;
      if (tokens_.at_end() || tokens_.peek() == ')' || tokens_.peek() == '}' || tokens_.next_word_is("or"))
        break;
    }
    return all.children.size() == 1 ? std::move(all.children[0]) : std::move(all);
  }

  Result<FilterExpression> negatable(FilterScope scope, size_t depth) {
    if (depth > kDeepestFilterExpression)
      return tokens_.fault(fmt::format("nested deeper than {} levels", kDeepestFilterExpression));
    if (tokens_.take('!')) {
      CLEW_ASSIGN(FilterExpression negated, negatable(scope, depth + 1));
      FilterExpression none{.kind = Kind::none};
      none.children.push_back(std::move(negated));
      return none;
    }
    if (tokens_.take('(')) {
      CLEW_ASSIGN(FilterExpression inner, either(scope, depth + 1));
      CLEW_TRY(tokens_.expect(')'));
      return inner;
    }
    return term(scope, depth);
  }

  Result<FilterExpression> term(FilterScope scope, size_t depth) {
    if (++terms_ > kMostFilterTerms)
      return tokens_.fault(fmt::format("more than {} conditions in one expression", kMostFilterTerms));
    const size_t begin = tokens_.position();
    const std::string_view written = tokens_.take_word();
    const std::string word = lower_case(written);
    if (word.empty()) return tokens_.fault(fmt::format("a condition is expected, found {}", tokens_.shown()));
    if (word == "and" || word == "or")
      return tokens_.fault_at(begin, fmt::format("a condition is expected before {}", word));
    if (word == "not") return tokens_.fault_at(begin, "there is no NOT: write ! before the condition");
    if (word == "service" || word == "edge" || word == "id" || word.starts_with("group.") ||
        word.starts_with("rootcause.")) {
      if (scope != FilterScope::trace)
        return tokens_.fault_at(begin, fmt::format("{} cannot stand inside of {}", word, name_of(scope)));
      if (word == "service") return service(depth);
      if (word == "edge") return edge(depth);
      if (word == "id") return service_by_id(depth);
      if (word.starts_with("group.")) return group(word, begin);
      return cause(word, begin, depth);
    }
    return comparison(written, scope, begin);
  }

  Result<FilterExpression> service(size_t depth) {
    FilterExpression expression{.kind = Kind::service};
    CLEW_TRY(tokens_.expect('('));
    if (!tokens_.take(')')) {
      CLEW_ASSIGN(expression.selectors[0], selector());
      CLEW_TRY(tokens_.expect(')'));
    }
    return with_condition(std::move(expression), FilterScope::service, depth);
  }

  // A node selected without service() around it.
  Result<FilterExpression> service_by_id(size_t depth) {
    FilterExpression expression{.kind = Kind::service};
    CLEW_ASSIGN(expression.selectors[0], pairs());
    return with_condition(std::move(expression), FilterScope::service, depth);
  }

  Result<FilterExpression> edge(size_t depth) {
    FilterExpression expression{.kind = Kind::edge};
    CLEW_TRY(tokens_.expect('('));
    CLEW_ASSIGN(expression.selectors[0], selector());
    CLEW_TRY(tokens_.expect(','));
    CLEW_ASSIGN(expression.selectors[1], selector());
    CLEW_TRY(tokens_.expect(')'));
    return with_condition(std::move(expression), FilterScope::edge, depth);
  }

  Result<FilterExpression> with_condition(FilterExpression expression, FilterScope scope, size_t depth) {
    expression.scope = scope;
    if (!tokens_.take('{')) return expression;
    CLEW_ASSIGN(FilterExpression condition, either(scope, depth + 1));
    CLEW_TRY(tokens_.expect('}'));
    expression.children.push_back(std::move(condition));
    return expression;
  }

  // selector: "name" | id(name: "…", type: "…", account.id: "…")
  Result<NodeSelector> selector() {
    if (tokens_.peek() == '"') {
      NodeSelector by_name;
      CLEW_ASSIGN(by_name.name, tokens_.take_quoted());
      return by_name;
    }
    const size_t begin = tokens_.position();
    if (lower_case(tokens_.take_word()) == "id") return pairs();
    return tokens_.fault_at(begin, "the name of a service in double quotes, or id(…), is expected");
  }

  Result<NodeSelector> pairs() {
    NodeSelector selector;
    CLEW_TRY(tokens_.expect('('));
    while (!tokens_.take(')')) {
      const size_t begin = tokens_.position();
      const std::string key = lower_case(tokens_.take_word());
      std::optional<std::string>* to = key == "name"         ? &selector.name
                                       : key == "type"       ? &selector.type
                                       : key == "account.id" ? &selector.account_id
                                                             : nullptr;
      if (to == nullptr) return tokens_.fault_at(begin, "id() takes name:, type: and account.id:");
      if (*to) return tokens_.fault_at(begin, fmt::format("{} is given twice", key));
      if (!tokens_.take(':')) CLEW_TRY(tokens_.expect('='));
      CLEW_ASSIGN(*to, tokens_.take_quoted());
      if (tokens_.peek() == ')') continue;
      CLEW_TRY(tokens_.expect(','));
    }
    return selector;
  }

  Result<FilterExpression> group(std::string_view word, size_t begin) {
    FilterExpression expression{.kind = Kind::group};
    if (word != "group.name" && word != "group.arn")
      return tokens_.fault_at(begin, "a group is named by group.name or group.arn");
    expression.by_arn = word == "group.arn";
    const size_t place = tokens_.position();
    CLEW_ASSIGN(std::optional<FilterOperator> op, tokens_.take_operator());
    if (op != FilterOperator::equal && op != FilterOperator::not_equal)
      return tokens_.fault_at(place, fmt::format("{} takes = or !=", word));
    CLEW_ASSIGN(expression.value, tokens_.take_quoted());
    if (op == FilterOperator::equal) return expression;
    FilterExpression none{.kind = Kind::none};
    none.children.push_back(std::move(expression));
    return none;
  }

  Result<FilterExpression> cause(std::string_view word, size_t begin, size_t depth) {
    if (word == "rootcause.json") return causes_equal();
    FilterExpression expression{.kind = Kind::cause};
    word.remove_prefix(std::string_view("rootcause.").size());
    const std::string_view kind = word.substr(0, word.find('.'));
    const std::string_view part =
        word.size() == kind.size() ? std::string_view() : word.substr(kind.size() + 1);
    if (kind == "fault") {
      expression.cause = CauseKind::fault;
    } else if (kind == "error") {
      expression.cause = CauseKind::error;
    } else if (kind == "responsetime") {
      expression.cause = CauseKind::response_time;
    } else {
      return tokens_.fault_at(begin,
                              "a root cause is rootcause.fault, rootcause.error or rootcause.responsetime, "
                              "followed by .service, .entity or .exception; or rootcause.json");
    }
    FilterScope scope = FilterScope::cause_service;
    if (part == "entity") {
      scope = FilterScope::cause_entity;
    } else if (part == "exception" && expression.cause != CauseKind::response_time) {
      scope = FilterScope::cause_exception;
    } else if (part != "service") {
      return tokens_.fault_at(
          begin, fmt::format("rootcause.{} is followed by .service{} .entity{}", kind,
                             expression.cause == CauseKind::response_time ? " or" : ",",
                             expression.cause == CauseKind::response_time ? "" : " or .exception"));
    }
    return with_condition(std::move(expression), scope, depth);
  }

  // rootcause.json = #[{"Services":[…]}]
  Result<FilterExpression> causes_equal() {
    FilterExpression expression{.kind = Kind::cause_equals};
    CLEW_TRY(tokens_.expect('='));
    CLEW_TRY(tokens_.expect('#'));
    const size_t begin = tokens_.position();
    CLEW_ASSIGN(const std::string_view array, tokens_.take_json_array());
    Result<JsonValue> causes = parse_json(array, kDeepestFilterExpression);
    if (!causes.ok())
      return tokens_.fault_at(begin, fmt::format("this is not JSON: {}", causes.status().message()));
    if (causes->array() == nullptr)
      return tokens_.fault_at(begin, "a JSON array of root causes is expected after #");
    expression.causes = std::move(*causes);
    return expression;
  }

  Result<FilterExpression> comparison(std::string_view name, FilterScope scope, size_t begin) {
    FilterExpression expression{.kind = Kind::comparison};
    expression.scope = scope;
    CLEW_ASSIGN(std::optional<std::string> key, annotation_key(name, begin));
    const FilterKeywordInfo* info = find_keyword(key ? "annotation" : name);
    if (info == nullptr || (!key && info->keyword == FilterKeyword::annotation)) {
      std::vector<std::string_view> known = keyword_names(scope);
      if (scope == FilterScope::trace) known.insert(known.end(), {"service", "edge", "group.name"});
      return tokens_.fault_at(begin, fmt::format("there is no keyword {}: did you mean {}?", name,
                                                 nearest(lower_case(name), known)));
    }
    expression.annotation = std::move(key).value_or("");
    if ((info->scopes & (1u << static_cast<unsigned>(scope))) == 0)
      return tokens_.fault_at(begin, fmt::format("{} cannot be asked of {}", info->name, name_of(scope)));
    expression.keyword = info->keyword;
    const size_t place = tokens_.position();
    CLEW_ASSIGN(std::optional<FilterOperator> op, tokens_.take_operator());
    if (!op) return expression;
    expression.op = *op;
    const size_t value_begin = tokens_.position();
    CLEW_ASSIGN(expression.value, tokens_.take_value());
    CLEW_TRY(check(*info, expression, place, value_begin));
    return expression;
  }

  // Of annotation[key] and annotation.key; nothing: this is another keyword.
  Result<std::optional<std::string>> annotation_key(std::string_view name, size_t begin) {
    constexpr std::string_view kAnnotation = "annotation";
    if (!equal_ignoring_case(name.substr(0, kAnnotation.size()), kAnnotation))
      return std::optional<std::string>();
    std::string key;
    if (name.size() > kAnnotation.size()) {
      if (name[kAnnotation.size()] != '.') return std::optional<std::string>();
      key = name.substr(kAnnotation.size() + 1);
    } else {
      const size_t bracket = tokens_.position();
      if (tokens_.peek() != '[') return std::optional<std::string>();
      const std::optional<std::string_view> inside = tokens_.take_until(']');
      if (!inside) return tokens_.fault_at(bracket, "this [ is not closed");
      key = inside->substr(1);
    }
    if (key.empty()) return tokens_.fault_at(begin, "the key of an annotation is expected");
    return std::optional(std::move(key));
  }

  Status check(const FilterKeywordInfo& info, const FilterExpression& expression, size_t place,
               size_t value_begin) const {
    using enum FilterOperator;
    const FilterOperator op = expression.op;
    const bool is_text = std::holds_alternative<std::string>(expression.value);
    const bool is_number = std::holds_alternative<double>(expression.value);
    const bool equality = op == equal || op == not_equal;
    const bool of_text = op == contains || op == begins_with || op == ends_with;
    if (of_text && !is_text) return tokens_.fault_at(value_begin, "a text in double quotes is expected here");
    if (!equality && !of_text && !is_number) {
      if (info.kind == FilterValueKind::string || info.kind == FilterValueKind::boolean)
        return tokens_.fault_at(place, fmt::format("{} is not ordered: it takes {}", info.name,
                                                   info.kind == FilterValueKind::boolean
                                                       ? "= and !="
                                                       : "=, !=, CONTAINS, BEGINSWITH and ENDSWITH"));
      return tokens_.fault_at(value_begin, "a number is expected here");
    }
    switch (info.kind) {
      case FilterValueKind::boolean:
        if (!equality) return tokens_.fault_at(place, fmt::format("{} takes = and !=", info.name));
        if (is_text || is_number) return tokens_.fault_at(value_begin, "true or false is expected here");
        return {};
      case FilterValueKind::number:
        if (of_text)
          return tokens_.fault_at(place,
                                  fmt::format("{} is a number: it takes =, !=, <, <=, > and >=", info.name));
        if (!is_number) return tokens_.fault_at(value_begin, "a number is expected here");
        return {};
      case FilterValueKind::string:
        if (!equality && !of_text)
          return tokens_.fault_at(
              place,
              fmt::format("{} is not ordered: it takes =, !=, CONTAINS, BEGINSWITH and ENDSWITH", info.name));
        if (!is_text) return tokens_.fault_at(value_begin, "a text in double quotes is expected here");
        return {};
      case FilterValueKind::any:
        return {};
    }
    return {};
  }

  FilterTokens tokens_;
  size_t terms_ = 0;
};

bool has_annotation(const FilterExpression& expression) {
  return (expression.kind == FilterExpression::Kind::comparison &&
          expression.keyword == FilterKeyword::annotation) ||
         std::any_of(expression.children.begin(), expression.children.end(), has_annotation);
}

}  // namespace

Result<FilterExpression> parse_filter_expression(std::string_view text) {
  if (text.size() > kLongestFilterExpression)
    return Status(ErrorKind::bad_input,
                  fmt::format("a filter expression may be {} bytes long, this one is {}",
                              kLongestFilterExpression, text.size()));
  return Parser(text).parse();
}

Status check_entity_selector(const FilterExpression& expression) {
  using Kind = FilterExpression::Kind;
  if (expression.kind != Kind::service && expression.kind != Kind::edge)
    return {ErrorKind::bad_input, "an entity selector is one id(), service() or edge()"};
  if (has_annotation(expression))
    return {ErrorKind::bad_input, "an entity selector cannot ask about annotations"};
  return {};
}

}  // namespace clew::xray
