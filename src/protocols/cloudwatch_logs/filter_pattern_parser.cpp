// The parser of filter patterns.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/pattern_expression.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kLongest = 1024;
constexpr size_t kMostExpressions = 2;
constexpr size_t kMostWildcards = 3;
constexpr size_t kDeepest = 32;

using Op = PatternComparison::Op;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
// Values of conditions may be written without quotes if they hold nothing else.
bool is_bare_value(char c) {
  return is_word(c) || std::string_view("*.-+:/?@#%").find(c) != std::string_view::npos ||
         static_cast<uint8_t>(c) >= 0x80;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Status invalid(std::string message) {
  return {ErrorKind::bad_input, std::move(message)};
}
Status invalid_term(std::string_view term) {
  return invalid(fmt::format("Invalid character(s) in term '{}'", term));
}

std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // What from_chars takes besides (inf, nan) begins with a letter.
  const bool begins = !text.empty() && (std::isdigit(static_cast<unsigned char>(text.front())) != 0 ||
                                        text.front() == '-' || text.front() == '.');
  if (!begins || error != std::errc() || end != text.data() + text.size() ||
      text.find_first_of("nN") != std::string_view::npos)
    return std::nullopt;
  return number;
}

}  // namespace

class FilterPatternParser {
 public:
  explicit FilterPatternParser(std::string_view text) : text_(text) {}

  Result<FilterPattern> parse() {
    if (text_.size() > kLongest)
      return invalid(
          "1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must "
          "have "
          "length less than or equal to 1024");
    text_ = trimmed(text_);
    if (text_.starts_with('{')) {
      CLEW_TRY(parse_json());
    } else if (text_.starts_with('[')) {
      CLEW_TRY(parse_columns());
    } else {
      CLEW_TRY(parse_terms());
    }
    return std::move(pattern_);
  }

  Result<std::vector<SelectorStep>> parse_whole_selector() {
    text_ = trimmed(text_);
    CLEW_ASSIGN(std::vector<SelectorStep> selector, parse_selector());
    if (at_ != text_.size()) return invalid_term(text_);
    return selector;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }
  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  // A word in capitals or not, with a blank or the end behind it.
  bool take_word(std::string_view word) {
    const std::string_view rest = text_.substr(at_);
    if (rest.size() < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i)
      if (std::toupper(static_cast<unsigned char>(rest[i])) != word[i]) return false;
    if (rest.size() > word.size() && is_word(rest[word.size()])) return false;
    at_ += word.size();
    skip_blanks();
    return true;
  }

  Result<std::string> parse_quoted() {
    const size_t begin = at_++;
    std::string text;
    while (!at_end() && text_[at_] != '"') {
      // Only quotes and backslashes are escaped.
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\'))
        ++at_;
      text += text_[at_++];
    }
    if (at_end()) return invalid_term(text_.substr(begin));
    ++at_;
    return text;
  }

  Result<std::shared_ptr<const PatternExpression>> parse_expression() {
    const size_t begin = ++at_;
    const size_t end = text_.find('%', begin);
    if (end == std::string_view::npos) return invalid_term(text_.substr(begin - 1));
    at_ = end + 1;
    if (++pattern_.expressions_ > kMostExpressions)
      return invalid("Your input has exceeded the maximum of 2 regular expressions per filter pattern.");
    return PatternExpression::compile(text_.substr(begin, end - begin));
  }

  Status parse_terms() {
    while (skip_blanks(), !at_end()) {
      const size_t begin = at_;
      PatternTerm term;
      if (peek() == '-' || peek() == '?') {
        term.kind = peek() == '-' ? PatternTerm::Kind::excluded : PatternTerm::Kind::optional;
        ++at_;
      }
      if (peek() == '"') {
        CLEW_ASSIGN(term.text, parse_quoted());
      } else if (peek() == '%') {
        CLEW_ASSIGN(term.expression, parse_expression());
      } else {
        const size_t word = at_;
        while (!at_end() && is_word(text_[at_])) ++at_;
        term.text = text_.substr(word, at_ - word);
      }
      const bool ends = at_end() || is_blank(text_[at_]);
      if (!ends || (term.text.empty() && !term.expression && text_[at_ - 1] != '"')) {
        const size_t end = std::min(text_.find_first_of(" \t\r\n", begin), text_.size());
        return invalid_term(text_.substr(begin, end - begin));
      }
      pattern_.terms_.push_back(std::move(term));
    }
    return {};
  }

  Status parse_json() {
    ++at_;
    CLEW_ASSIGN(PatternCondition condition, parse_any(0));
    skip_blanks();
    if (!take("}") || at_ != text_.size()) return invalid_term(text_.substr(std::min(at_, text_.size())));
    pattern_.json_ = std::move(condition);
    return {};
  }

  Result<PatternCondition> parse_any(size_t depth) {
    return parse_joined(depth, "||", PatternCondition::Kind::any, &FilterPatternParser::parse_all);
  }
  Result<PatternCondition> parse_all(size_t depth) {
    return parse_joined(depth, "&&", PatternCondition::Kind::all, &FilterPatternParser::parse_one);
  }
  Result<PatternCondition> parse_joined(size_t depth, std::string_view mark, PatternCondition::Kind kind,
                                        Result<PatternCondition> (FilterPatternParser::*part)(size_t)) {
    CLEW_ASSIGN(PatternCondition first, (this->*part)(depth));
    if (skip_blanks(), !take(mark)) return first;
    PatternCondition joined{.kind = kind, .children = {}, .selector = {}, .comparison = {}};
    joined.children.push_back(std::move(first));
    do {
      CLEW_ASSIGN(PatternCondition next, (this->*part)(depth));
      joined.children.push_back(std::move(next));
    } while (skip_blanks(), take(mark));
    return joined;
  }

  Result<PatternCondition> parse_one(size_t depth) {
    skip_blanks();
    if (depth > kDeepest) return invalid("The filter pattern is nested too deeply.");
    if (take("(")) {
      CLEW_ASSIGN(PatternCondition inner, parse_any(depth + 1));
      skip_blanks();
      if (!take(")")) return invalid_term(text_.substr(at_));
      return inner;
    }
    PatternCondition condition;
    CLEW_ASSIGN(condition.selector, parse_selector());
    skip_blanks();
    if (take_word("IS")) {
      if (take_word("NULL")) {
        condition.comparison.op = Op::is_null;
      } else if (take_word("TRUE")) {
        condition.comparison.op = Op::is_true;
      } else if (take_word("FALSE")) {
        condition.comparison.op = Op::is_false;
      } else {
        return invalid_term(text_.substr(at_));
      }
      return condition;
    }
    if (take_word("NOT")) {
      if (!take_word("EXISTS")) return invalid_term(text_.substr(at_));
      condition.comparison.op = Op::not_exists;
      return condition;
    }
    CLEW_ASSIGN(condition.comparison, parse_comparison());
    const std::string_view text = condition.comparison.text;
    if (text == "null" && !was_quoted_) return invalid_term(text);
    return condition;
  }

  Result<std::vector<SelectorStep>> parse_selector() {
    const size_t begin = at_;
    const auto fail = [&]() -> Status {
      size_t end = at_;
      while (end < text_.size() && !is_blank(text_[end])) ++end;
      return invalid_term(text_.substr(begin, end - begin));
    };
    if (!take("$")) return fail();
    std::vector<SelectorStep> steps;
    size_t wildcards = 0;
    while (true) {
      if (take("[") || take(".[")) {
        if (take("*")) {
          steps.push_back({.kind = SelectorStep::Kind::any, .name = {}});
          ++wildcards;
        } else if (peek() == '\'') {
          const size_t end = text_.find('\'', at_ + 1);
          if (end == std::string_view::npos) return fail();
          steps.push_back({.kind = SelectorStep::Kind::member,
                           .name = std::string(text_.substr(at_ + 1, end - at_ - 1))});
          at_ = end + 1;
        } else {
          size_t index = 0;
          const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), index);
          if (error != std::errc()) return fail();
          at_ = static_cast<size_t>(end - text_.data());
          steps.push_back({.kind = SelectorStep::Kind::element, .name = {}, .index = index});
        }
        if (!take("]")) return fail();
      } else if (take(".*")) {
        steps.push_back({.kind = SelectorStep::Kind::any, .name = {}});
        ++wildcards;
      } else if (take(".")) {
        const size_t name = at_;
        while (!at_end() &&
               (is_word(text_[at_]) || text_[at_] == '-' || text_[at_] == '@' || text_[at_] == '#'))
          ++at_;
        if (at_ == name) return fail();
        steps.push_back(
            {.kind = SelectorStep::Kind::member, .name = std::string(text_.substr(name, at_ - name))});
      } else {
        break;
      }
    }
    if (steps.empty() || wildcards > 1) return fail();
    wildcards_ += wildcards;
    if (wildcards_ > kMostWildcards)
      return invalid(
          "Your input has exceeded the maximum of 3 JSON wildcard selectors allowed per filter pattern.");
    return steps;
  }

  Result<PatternComparison> parse_comparison() {
    struct Sign {
      std::string_view text;
      Op op;
    };
    static constexpr std::array kSigns = {
        Sign{"!=", Op::not_equal}, Sign{"<=", Op::less_or_equal}, Sign{">=", Op::greater_or_equal},
        Sign{"=", Op::equal},      Sign{"<", Op::less},           Sign{">", Op::greater}};
    skip_blanks();
    PatternComparison comparison;
    const auto sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& one) { return take(one.text); });
    if (sign == kSigns.end() || peek() == '=') return invalid_term(text_.substr(at_));
    comparison.op = sign->op;
    skip_blanks();
    was_quoted_ = peek() == '"';
    const size_t begin = at_;
    if (was_quoted_) {
      CLEW_ASSIGN(comparison.text, parse_quoted());
    } else if (peek() == '%') {
      CLEW_ASSIGN(comparison.expression, parse_expression());
    } else {
      while (!at_end() && is_bare_value(text_[at_])) ++at_;
      comparison.text = text_.substr(begin, at_ - begin);
      comparison.number = number_of(comparison.text);
      const bool ends = at_end() || is_blank(text_[at_]) ||
                        std::string_view(")}],&|").find(peek()) != std::string_view::npos;
      if (comparison.text.empty() || !ends) {
        size_t end = at_;
        while (end < text_.size() && !is_blank(text_[end])) ++end;
        return invalid_term(text_.substr(begin, end - begin));
      }
    }
    const bool orders = comparison.op != Op::equal && comparison.op != Op::not_equal;
    if (orders && !comparison.number) return invalid_term(text_.substr(begin, at_ - begin));
    return comparison;
  }

  Status parse_columns() {
    ++at_;
    std::vector<PatternColumn> columns;
    std::set<std::string> names;
    skip_blanks();
    while (!take("]")) {
      skip_blanks();
      PatternColumn column;
      if (take("...")) {
        column.rest = true;
        column.name = "...";
      } else {
        column.name = parse_name();
      }
      if (!column.name.empty() && !names.insert(column.name).second)
        return invalid(fmt::format("Duplicate field '{}'", column.name));
      skip_blanks();
      if (column.rest) column.name.clear();
      if (!at_end() && std::string_view("=!<>").find(peek()) != std::string_view::npos) {
        if (column.rest) return invalid_term("...");
        CLEW_ASSIGN(column.condition, parse_column_any(column.name));
      }
      columns.push_back(std::move(column));
      skip_blanks();
      if (take(",")) {
        // An entry without a name may be the last.
        if (skip_blanks(), peek() == ']') columns.emplace_back();
        continue;
      }
      if (peek() != ']') return invalid_term(text_.substr(std::min(at_, text_.size())));
    }
    if (at_ != text_.size()) return invalid_term(text_.substr(at_));
    pattern_.columns_ = std::move(columns);
    return {};
  }

  std::string parse_name() {
    const size_t begin = at_;
    while (!at_end() && (is_word(text_[at_]) || text_[at_] == '-' || text_[at_] == '.')) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // "a = 1 && a != 2 || a = 3", where the first "a" has been read.
  Result<PatternCondition> parse_column_any(const std::string& name) {
    PatternCondition any{
        .kind = PatternCondition::Kind::any, .children = {}, .selector = {}, .comparison = {}};
    PatternCondition all{
        .kind = PatternCondition::Kind::all, .children = {}, .selector = {}, .comparison = {}};
    while (true) {
      PatternCondition one;
      CLEW_ASSIGN(one.comparison, parse_comparison());
      all.children.push_back(std::move(one));
      skip_blanks();
      const bool also = take("&&");
      if (!also) {
        any.children.push_back(std::move(all));
        all = {.kind = PatternCondition::Kind::all, .children = {}, .selector = {}, .comparison = {}};
        if (!take("||")) return any;
      }
      skip_blanks();
      const std::string other = parse_name();
      if (other != name) return invalid_term(other);
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t wildcards_ = 0;
  bool was_quoted_ = false;  // the value read last
  FilterPattern pattern_;
};

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  return FilterPatternParser(text).parse();
}

Result<std::vector<SelectorStep>> parse_selector(std::string_view text) {
  return FilterPatternParser(text).parse_whole_selector();
}

}  // namespace clew::cloudwatch_logs
