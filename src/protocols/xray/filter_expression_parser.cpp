#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/nearest.h"
#include "protocols/xray/filter_expression.h"

namespace clew::xray {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string_view name_of(FilterScope scope) {
  constexpr std::string_view kNames[] = {"a trace",
                                         "service() {…}",
                                         "edge() {…}",
                                         "a service of a root cause",
                                         "an entity of a root cause",
                                         "an exception of a root cause"};
  return kNames[static_cast<size_t>(scope)];
}

// By recursive descent, straight over the text.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<FilterExpression> parse() {
    if (text_.size() > kLongestFilterExpression)
      return Status(ErrorKind::bad_input,
                    fmt::format("a filter expression may be {} bytes long, this one is {}",
                                kLongestFilterExpression, text_.size()));
    skip_blanks();
    if (at_end()) return fault("an expression is expected, this one is empty");
    CLEW_ASSIGN(FilterExpression expression, either(FilterScope::trace, 0));
    if (!at_end()) return fault(fmt::format("nothing opens this {}", shown_here()));
    return expression;
  }

 private:
  using Kind = FilterExpression::Kind;

  // either: both { OR both }
  Result<FilterExpression> either(FilterScope scope, size_t depth) {
    if (depth > kDeepestFilterExpression)
      return fault(fmt::format("nested deeper than {} levels", kDeepestFilterExpression));
    FilterExpression any{.kind = Kind::any, .children = {}};
    do {
      CLEW_ASSIGN(FilterExpression one, both(scope, depth));
      any.children.push_back(std::move(one));
    } while (take_word("or"));
    return any.children.size() == 1 ? std::move(any.children[0]) : std::move(any);
  }

  // both: one { [AND] one }
  Result<FilterExpression> both(FilterScope scope, size_t depth) {
    FilterExpression all{.kind = Kind::all, .children = {}};
    while (true) {
      CLEW_ASSIGN(FilterExpression one, negatable(scope, depth));
      all.children.push_back(std::move(one));
      if (take_word("and")) continue;
      if (at_end() || peek() == ')' || peek() == '}' || next_word_is("or")) break;
    }
    return all.children.size() == 1 ? std::move(all.children[0]) : std::move(all);
  }

  Result<FilterExpression> negatable(FilterScope scope, size_t depth) {
    if (depth > kDeepestFilterExpression)
      return fault(fmt::format("nested deeper than {} levels", kDeepestFilterExpression));
    if (take('!')) {
      CLEW_ASSIGN(FilterExpression negated, negatable(scope, depth + 1));
      FilterExpression none{.kind = Kind::none, .children = {}};
      none.children.push_back(std::move(negated));
      return none;
    }
    if (take('(')) {
      CLEW_ASSIGN(FilterExpression inner, either(scope, depth + 1));
      CLEW_TRY(expect(')'));
      return inner;
    }
    return term(scope, depth);
  }

  Result<FilterExpression> term(FilterScope scope, size_t depth) {
    if (++terms_ > kMostFilterTerms)
      return fault(fmt::format("more than {} conditions in one expression", kMostFilterTerms));
    const size_t begin = at_;
    const std::string word = lowered(read_word());
    if (word.empty()) return fault(fmt::format("a condition is expected, found {}", shown_here()));
    if (word == "and" || word == "or")
      return fault_at(begin, fmt::format("a condition is expected before {}", word));
    if (word == "not") return fault_at(begin, "there is no NOT: write ! before the condition");
    if (word == "service" || word == "edge" || word == "id" || word.starts_with("group.") ||
        word.starts_with("rootcause.")) {
      if (scope != FilterScope::trace)
        return fault_at(begin, fmt::format("{} cannot stand inside of {}", word, name_of(scope)));
      if (word == "service") return service(depth);
      if (word == "edge") return edge(depth);
      if (word == "id") return service_by_id(depth);
      if (word.starts_with("group.")) return group(word, begin);
      return cause(word, begin, depth);
    }
    return comparison(scope, begin);
  }

  Result<FilterExpression> service(size_t depth) {
    FilterExpression expression{.kind = Kind::service, .children = {}};
    CLEW_TRY(expect('('));
    if (!take(')')) {
      CLEW_ASSIGN(expression.selectors[0], selector());
      CLEW_TRY(expect(')'));
    }
    return with_condition(std::move(expression), FilterScope::service, depth);
  }

  // A node selected without service() around it.
  Result<FilterExpression> service_by_id(size_t depth) {
    FilterExpression expression{.kind = Kind::service, .children = {}};
    CLEW_ASSIGN(expression.selectors[0], pairs());
    return with_condition(std::move(expression), FilterScope::service, depth);
  }

  Result<FilterExpression> edge(size_t depth) {
    FilterExpression expression{.kind = Kind::edge, .children = {}};
    CLEW_TRY(expect('('));
    CLEW_ASSIGN(expression.selectors[0], selector());
    CLEW_TRY(expect(','));
    CLEW_ASSIGN(expression.selectors[1], selector());
    CLEW_TRY(expect(')'));
    return with_condition(std::move(expression), FilterScope::edge, depth);
  }

  Result<FilterExpression> with_condition(FilterExpression expression, FilterScope scope, size_t depth) {
    expression.scope = scope;
    if (!take('{')) return expression;
    CLEW_ASSIGN(FilterExpression condition, either(scope, depth + 1));
    CLEW_TRY(expect('}'));
    expression.children.push_back(std::move(condition));
    return expression;
  }

  // selector: "name" | id(name: "…", type: "…", account.id: "…")
  Result<NodeSelector> selector() {
    if (peek() == '"') {
      NodeSelector by_name;
      CLEW_ASSIGN(by_name.name, quoted());
      return by_name;
    }
    const size_t begin = at_;
    if (lowered(read_word()) == "id") return pairs();
    return fault_at(begin, "the name of a service in double quotes, or id(…), is expected");
  }

  Result<NodeSelector> pairs() {
    NodeSelector selector;
    CLEW_TRY(expect('('));
    while (!take(')')) {
      const size_t begin = at_;
      const std::string key = lowered(read_word());
      std::optional<std::string>* to = key == "name"         ? &selector.name
                                       : key == "type"       ? &selector.type
                                       : key == "account.id" ? &selector.account_id
                                                             : nullptr;
      if (to == nullptr) return fault_at(begin, "id() takes name:, type: and account.id:");
      if (*to) return fault_at(begin, fmt::format("{} is given twice", key));
      if (!take(':')) CLEW_TRY(expect('='));
      CLEW_ASSIGN(*to, quoted());
      if (peek() == ')') continue;
      CLEW_TRY(expect(','));
    }
    return selector;
  }

  Result<FilterExpression> group(std::string_view word, size_t begin) {
    FilterExpression expression{.kind = Kind::group, .children = {}};
    if (word != "group.name" && word != "group.arn")
      return fault_at(begin, "a group is named by group.name or group.arn");
    expression.by_arn = word == "group.arn";
    const size_t place = at_;
    CLEW_ASSIGN(std::optional<FilterOperator> op, read_operator());
    if (op != FilterOperator::equal && op != FilterOperator::not_equal)
      return fault_at(place, fmt::format("{} takes = or !=", word));
    CLEW_ASSIGN(expression.value, quoted());
    if (op == FilterOperator::equal) return expression;
    FilterExpression none{.kind = Kind::none, .children = {}};
    none.children.push_back(std::move(expression));
    return none;
  }

  Result<FilterExpression> cause(std::string_view word, size_t begin, size_t depth) {
    if (word == "rootcause.json") return causes_equal();
    FilterExpression expression{.kind = Kind::cause, .children = {}};
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
      return fault_at(begin,
                      "a root cause is rootcause.fault, rootcause.error or rootcause.responsetime, "
                      "followed by .service, .entity or .exception; or rootcause.json");
    }
    FilterScope scope = FilterScope::cause_service;
    if (part == "entity") {
      scope = FilterScope::cause_entity;
    } else if (part == "exception" && expression.cause != CauseKind::response_time) {
      scope = FilterScope::cause_exception;
    } else if (part != "service") {
      return fault_at(begin,
                      fmt::format("rootcause.{} is followed by .service{} .entity{}", kind,
                                  expression.cause == CauseKind::response_time ? " or" : ",",
                                  expression.cause == CauseKind::response_time ? "" : " or .exception"));
    }
    return with_condition(std::move(expression), scope, depth);
  }

  // rootcause.json = #[{"Services":[…]}]
  Result<FilterExpression> causes_equal() {
    FilterExpression expression{.kind = Kind::cause_equals, .children = {}};
    CLEW_TRY(expect('='));
    CLEW_TRY(expect('#'));
    const size_t begin = at_;
    if (peek() != '[') return fault("a JSON array of root causes is expected after #");
    // To the bracket that closes it.
    int open = 0;
    bool in_text = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (in_text) {
        if (c == '\\') {
          ++at_;
        } else if (c == '"') {
          in_text = false;
        }
      } else if (c == '"') {
        in_text = true;
      } else if (c == '[' || c == '{') {
        ++open;
      } else if ((c == ']' || c == '}') && --open == 0) {
        break;
      }
    }
    if (at_ >= text_.size()) return fault_at(begin, "this JSON array does not end");
    ++at_;
    Result<JsonValue> causes = parse_json(text_.substr(begin, at_ - begin), kDeepestFilterExpression);
    if (!causes.ok()) return fault_at(begin, fmt::format("this is not JSON: {}", causes.status().message()));
    if (causes->array() == nullptr) return fault_at(begin, "a JSON array of root causes is expected after #");
    expression.causes = std::move(*causes);
    skip_blanks();
    return expression;
  }

  Result<FilterExpression> comparison(FilterScope scope, size_t begin) {
    FilterExpression expression{.kind = Kind::comparison, .children = {}};
    expression.scope = scope;
    std::string_view name = last_word_;
    const FilterKeywordInfo* info = nullptr;
    if (lowered(name) == "annotation" && peek() == '[') {
      ++at_;
      const size_t close = text_.find(']', at_);
      if (close == std::string_view::npos) return fault_at(at_ - 1, "this [ is not closed");
      expression.annotation = text_.substr(at_, close - at_);
      at_ = close + 1;
      skip_blanks();
      if (expression.annotation.empty()) return fault_at(begin, "the key of an annotation is expected");
      info = find_keyword("annotation");
    } else if (lowered(name).starts_with("annotation.")) {
      expression.annotation = name.substr(std::string_view("annotation.").size());
      if (expression.annotation.empty()) return fault_at(begin, "the key of an annotation is expected");
      info = find_keyword("annotation");
    } else {
      info = find_keyword(name);
      if (info == nullptr || info->keyword == FilterKeyword::annotation) {
        std::vector<std::string_view> known = keyword_names(scope);
        if (scope == FilterScope::trace) known.insert(known.end(), {"service", "edge", "group.name"});
        return fault_at(begin, fmt::format("there is no keyword {}: did you mean {}?", name,
                                           nearest(lowered(name), known)));
      }
    }
    if ((info->scopes & (1u << static_cast<unsigned>(scope))) == 0)
      return fault_at(begin, fmt::format("{} cannot be asked of {}", info->name, name_of(scope)));
    expression.keyword = info->keyword;
    const size_t place = at_;
    CLEW_ASSIGN(std::optional<FilterOperator> op, read_operator());
    if (!op) return expression;
    expression.op = *op;
    const size_t value_begin = at_;
    CLEW_ASSIGN(expression.value, value());
    CLEW_TRY(check(*info, expression, place, value_begin));
    return expression;
  }

  Status check(const FilterKeywordInfo& info, const FilterExpression& expression, size_t place,
               size_t value_begin) const {
    using enum FilterOperator;
    const FilterOperator op = expression.op;
    const bool is_text = std::holds_alternative<std::string>(expression.value);
    const bool is_number = std::holds_alternative<double>(expression.value);
    const bool equality = op == equal || op == not_equal;
    const bool of_text = op == contains || op == begins_with || op == ends_with;
    if (of_text && !is_text) return fault_at(value_begin, "a text in double quotes is expected here");
    if (!equality && !of_text && !is_number) {
      if (info.kind == FilterValueKind::string || info.kind == FilterValueKind::boolean)
        return fault_at(place, fmt::format("{} is not ordered: it takes {}", info.name,
                                           info.kind == FilterValueKind::boolean
                                               ? "= and !="
                                               : "=, !=, CONTAINS, BEGINSWITH and ENDSWITH"));
      return fault_at(value_begin, "a number is expected here");
    }
    switch (info.kind) {
      case FilterValueKind::boolean:
        if (!equality) return fault_at(place, fmt::format("{} takes = and !=", info.name));
        if (is_text || is_number) return fault_at(value_begin, "true or false is expected here");
        return {};
      case FilterValueKind::number:
        if (of_text)
          return fault_at(place, fmt::format("{} is a number: it takes =, !=, <, <=, > and >=", info.name));
        if (!is_number) return fault_at(value_begin, "a number is expected here");
        return {};
      case FilterValueKind::string:
        if (!equality && !of_text)
          return fault_at(
              place,
              fmt::format("{} is not ordered: it takes =, !=, CONTAINS, BEGINSWITH and ENDSWITH", info.name));
        if (!is_text) return fault_at(value_begin, "a text in double quotes is expected here");
        return {};
      case FilterValueKind::any:
        return {};
    }
    return {};
  }

  // Nothing when there is no operator here.
  Result<std::optional<FilterOperator>> read_operator() {
    using enum FilterOperator;
    const size_t begin = at_;
    if (!at_end()) {
      const bool followed = at_ + 1 < text_.size() && text_[at_ + 1] == '=';
      switch (peek()) {
        case '=':
          if (followed) return fault_at(begin, "equality is written with one =");
          return found(equal, 1);
        case '!':
          if (followed) return found(not_equal, 2);
          break;
        case '<':
          if (at_ + 1 < text_.size() && text_[at_ + 1] == '>')
            return fault_at(begin, "inequality is written !=");
          return followed ? found(less_or_equal, 2) : found(less, 1);
        case '>':
          return followed ? found(greater_or_equal, 2) : found(greater, 1);
        default:
          break;
      }
    }
    if (take_word("contains")) return std::optional(contains);
    if (take_word("beginswith")) return std::optional(begins_with);
    if (take_word("endswith")) return std::optional(ends_with);
    return std::optional<FilterOperator>();
  }
  std::optional<FilterOperator> found(FilterOperator op, size_t length) {
    at_ += length;
    skip_blanks();
    return op;
  }

  // value: "text" | number | true | false | bare word
  Result<FilterValue> value() {
    if (peek() == '"') {
      CLEW_ASSIGN(std::string text, quoted());
      return FilterValue(std::move(text));
    }
    const size_t begin = at_;
    size_t end = at_;
    if (end < text_.size() && text_[end] == '+') ++end;
    while (end < text_.size() &&
           (is_word_character(text_[end]) || text_[end] == '/' || text_[end] == ':' ||
            (text_[end] == '+' && end > begin && lowered(text_.substr(end - 1, 1)) == "e")))
      ++end;
    const std::string_view word = text_.substr(begin, end - begin);
    if (word.empty()) return fault(fmt::format("a value is expected, found {}", shown_here()));
    at_ = end;
    skip_blanks();
    const std::string lower = lowered(word);
    if (lower == "true" || lower == "false") return FilterValue(lower == "true");
    if (std::isdigit(static_cast<unsigned char>(word[0])) != 0 || word[0] == '-' || word[0] == '.' ||
        word[0] == '+') {
      double number = 0;
      const std::string_view digits = word[0] == '+' ? word.substr(1) : word;
      const auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (problem == std::errc() && rest == digits.data() + digits.size() && std::isfinite(number))
        return FilterValue(number);
      return fault_at(begin, fmt::format("{} is not a number", word.substr(0, 60)));
    }
    if (lower == "and" || lower == "or")
      return fault_at(begin, fmt::format("a value is expected before {}", word));
    return FilterValue(std::string(word));
  }

  Result<std::string> quoted() {
    const size_t begin = at_;
    if (peek() == '\'') return fault("texts stand in double quotes");
    if (peek() != '"')
      return fault(fmt::format("a text in double quotes is expected, found {}", shown_here()));
    std::string text;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        skip_blanks();
        return text;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        c = text_[++at_];
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
      }
      text += c;
    }
    return fault_at(begin, "this text does not end: its closing quote is missing");
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    skip_blanks();
    return true;
  }
  Status expect(char c) {
    if (take(c)) return {};
    return fault(fmt::format("{} is expected, found {}", c, shown_here()));
  }

  std::string_view word_here() const {
    size_t end = at_;
    while (end < text_.size() && is_word_character(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  std::string_view read_word() {
    last_word_ = word_here();
    at_ += last_word_.size();
    skip_blanks();
    return last_word_;
  }
  bool next_word_is(std::string_view word) const { return lowered(word_here()) == word; }
  bool take_word(std::string_view word) {
    if (!next_word_is(word)) return false;
    read_word();
    return true;
  }

  std::string shown_here() const {
    if (at_end()) return "the end";
    std::string_view word = word_here();
    return std::string(word.empty() ? text_.substr(at_, 1) : word.substr(0, 60));
  }
  Status fault(std::string_view message) const { return fault_at(at_, message); }
  Status fault_at(size_t position, std::string_view message) const {
    // Bytes that continue a character are none.
    size_t column = 1;
    for (size_t i = 0; i < position && i < text_.size(); ++i)
      column += (static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80;
    return {ErrorKind::bad_input, fmt::format("Invalid filter expression: column {}: {}", column, message)};
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t terms_ = 0;
  std::string_view last_word_;
};

bool has_annotation(const FilterExpression& expression) {
  return (expression.kind == FilterExpression::Kind::comparison &&
          expression.keyword == FilterKeyword::annotation) ||
         std::any_of(expression.children.begin(), expression.children.end(), has_annotation);
}

}  // namespace

Result<FilterExpression> parse_filter_expression(std::string_view text) {
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
