// The parser of Logs Insights queries.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/nearest.h"
#include "protocols/cloudwatch_logs/insights_query.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kDeepest = 64;
constexpr size_t kMostCommands = 50;
constexpr size_t kMostRows = 100'000;

using Kind = Expression::Kind;

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' ||
         static_cast<uint8_t>(c) >= 0x80;
}
bool continues_name(char c) {
  return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.';
}
std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

// After the first mistake nothing is left to read, so that every rule comes to its end; what they return then
// is of no account.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::variant<Query, Mistake> parse() {
    Query query = parse_commands();
    if (mistake_) return *std::move(mistake_);
    return query;
  }

 private:
  Query parse_commands() {
    Query query;
    if (skip(), take_word("source")) {
      parse_source(query);
      if (skip(), !at_end()) expect("|");
    }
    skip();
    while (!at_end()) {
      if (query.commands.size() == kMostCommands) fail("too many commands");
      query.commands.push_back(parse_command());
      skip();
      if (at_end()) break;
      expect("|");
      skip();
      if (at_end()) fail("a command is missing behind the last |");
    }
    check_order(query);
    return query;
  }

  void fail(std::string message, size_t begin, size_t end) {
    if (!mistake_) mistake_ = {std::move(message), begin, std::min(end, text_.size())};
    at_ = text_.size();
  }
  void fail(std::string message) { fail(std::move(message), at_, at_ + 1); }

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  // Blanks, and comments.
  void skip() {
    while (!at_end()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        break;
      }
    }
  }
  bool take(std::string_view mark) {
    skip();
    if (!text_.substr(at_).starts_with(mark)) return false;
    at_ += mark.size();
    return true;
  }
  void expect(std::string_view mark) {
    if (!take(mark)) fail(fmt::format("expected '{}'", mark));
  }
  std::string_view word_here() const {
    size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_'))
      ++end;
    return text_.substr(at_, end - at_);
  }
  bool take_word(std::string_view word) {
    skip();
    const std::string_view here = word_here();
    if (lower(here) != word) return false;
    at_ += here.size();
    return true;
  }
  std::string name() {
    skip();
    const size_t begin = at_;
    if (peek() == '`') {
      const size_t end = text_.find('`', at_ + 1);
      if (end == std::string_view::npos) {
        fail("a ` has no end");
        return {};
      }
      at_ = end + 1;
      return std::string(text_.substr(begin + 1, end - begin - 1));
    }
    if (at_end() || !begins_name(peek())) fail("expected a name");
    while (!at_end() && continues_name(text_[at_])) ++at_;
    // A member of a list: a[0].b
    while (peek() == '[') {
      const size_t end = text_.find(']', at_);
      if (end == std::string_view::npos) {
        fail("a [ has no end");
        return {};
      }
      at_ = end + 1;
      while (!at_end() && continues_name(text_[at_])) ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string quoted() {
    const size_t begin = at_;
    const char quote = text_[at_++];
    std::string text;
    while (!at_end() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        if (next == quote || next == '\\') {
          text += next;
          at_ += 2;
          continue;
        }
        if (next == 'n' || next == 't') {
          text += next == 'n' ? '\n' : '\t';
          at_ += 2;
          continue;
        }
      }
      text += text_[at_++];
    }
    if (at_end()) {
      fail("a text has no end", begin, text_.size());
    } else {
      ++at_;
    }
    return text;
  }

  // nullptr after a mistake.
  std::shared_ptr<const re2::RE2> compile(const std::string& text, size_t begin) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(4 << 20);
    auto compiled = std::make_shared<re2::RE2>(text, options);
    if (compiled->ok()) return compiled;
    fail("no regular expression: " + compiled->error(), begin, at_);
    return nullptr;
  }

  std::shared_ptr<const re2::RE2> regular_expression() {
    const size_t begin = at_++;
    std::string text;
    while (!at_end() && text_[at_] != '/') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/') text += '\\';
        ++at_;
      }
      text += text_[at_++];
    }
    if (at_end()) {
      fail("a regular expression has no end", begin, text_.size());
      return nullptr;
    }
    ++at_;
    // Named groups, as Java writes them.
    for (size_t group = 0; (group = text.find("(?<", group)) != std::string::npos; group += 3) {
      const bool looks_behind = group + 3 < text.size() && (text[group + 3] == '=' || text[group + 3] == '!');
      if (!looks_behind) text.insert(group + 2, "P");
    }
    return compile(text, begin);
  }

  Expression named(Kind kind, std::string name, std::vector<Expression> children, size_t begin) const {
    Expression expression{
        .kind = kind, .name = std::move(name), .number = 0, .children = std::move(children)};
    size_t end = at_;
    while (end > begin && std::isspace(static_cast<unsigned char>(text_[end - 1])) != 0) --end;
    expression.written = text_.substr(begin, end - begin);
    return expression;
  }

  Expression any(size_t depth) { return joined(depth, Kind::any, "or", &Parser::all); }
  Expression all(size_t depth) { return joined(depth, Kind::all, "and", &Parser::negation); }
  Expression joined(size_t depth, Kind kind, std::string_view word, Expression (Parser::*part)(size_t)) {
    skip();
    const size_t begin = at_;
    std::vector<Expression> children;
    children.push_back((this->*part)(depth));
    while (take_word(word)) children.push_back((this->*part)(depth));
    if (children.size() == 1) return std::move(children[0]);
    return named(kind, std::string(word), std::move(children), begin);
  }
  Expression negation(size_t depth) {
    if (depth > kDeepest) fail("nested too deeply");
    skip();
    const size_t begin = at_;
    if (!take_word("not")) return comparison(depth);
    std::vector<Expression> inner;
    inner.push_back(negation(depth + 1));
    return named(Kind::negation, "not", std::move(inner), begin);
  }
  Expression comparison(size_t depth) {
    skip();
    const size_t begin = at_;
    Expression left = sum(depth);
    const size_t before = at_;
    const bool negated = take_word("not");
    Expression result;
    if (take_word("in")) {
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(list(depth));
      result = named(Kind::membership, "in", std::move(both), begin);
    } else if (take_word("like") || (!negated && take("=~"))) {
      std::vector<Expression> both;
      both.push_back(std::move(left));
      skip();
      both.push_back(operand(depth));
      if (both[1].kind != Kind::text && both[1].kind != Kind::expression)
        fail("like takes a text or a regular expression", before, at_);
      result = named(Kind::likeness, "like", std::move(both), begin);
    } else if (negated) {
      at_ = before;
      return left;
    } else {
      static constexpr std::array<std::string_view, 7> kSigns = {"!=", "<=", ">=", "==", "=", "<", ">"};
      const auto sign =
          std::find_if(kSigns.begin(), kSigns.end(), [&](std::string_view one) { return take(one); });
      if (sign == kSigns.end()) return left;
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(sum(depth));
      return named(Kind::comparison, std::string(*sign == "==" ? "=" : *sign), std::move(both), begin);
    }
    if (!negated) return result;
    std::vector<Expression> inner;
    inner.push_back(std::move(result));
    return named(Kind::negation, "not", std::move(inner), begin);
  }
  Expression list(size_t depth) {
    skip();
    const size_t begin = at_;
    expect("[");
    std::vector<Expression> items;
    if (!take("]")) {
      do items.push_back(sum(depth + 1));
      while (take(","));
      expect("]");
    }
    return named(Kind::list, "", std::move(items), begin);
  }
  Expression arithmetic(size_t depth, std::string_view marks, Expression (Parser::*part)(size_t)) {
    skip();
    const size_t begin = at_;
    Expression left = (this->*part)(depth);
    while (skip(), !at_end() && marks.find(peek()) != std::string_view::npos) {
      const std::string mark(1, text_[at_++]);
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back((this->*part)(depth));
      left = named(Kind::arithmetic, mark, std::move(both), begin);
    }
    return left;
  }
  Expression sum(size_t depth) { return arithmetic(depth, "+-", &Parser::product); }
  Expression product(size_t depth) { return arithmetic(depth, "*/%", &Parser::power); }
  Expression power(size_t depth) { return arithmetic(depth, "^", &Parser::operand); }

  Expression operand(size_t depth) {
    if (depth > kDeepest) fail("nested too deeply");
    skip();
    const size_t begin = at_;
    if (at_end()) {
      fail("expected a value");
      return {};
    }
    const char c = peek();
    if (c == '(') {
      ++at_;
      Expression inner = any(depth + 1);
      expect(")");
      inner.written = text_.substr(begin, at_ - begin);
      return inner;
    }
    if (c == '"' || c == '\'') {
      std::string text = quoted();
      return named(Kind::text, std::move(text), {}, begin);
    }
    if (c == '/') {
      auto expression = regular_expression();
      Expression result = named(Kind::expression, "", {}, begin);
      result.expression = std::move(expression);
      return result;
    }
    if (c == '[') return list(depth + 1);
    if (c == '-') {
      ++at_;
      std::vector<Expression> both;
      both.push_back({.kind = Kind::number, .name = {}, .number = 0});
      both.push_back(operand(depth + 1));
      return named(Kind::arithmetic, "-", std::move(both), begin);
    }
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return number(begin);
    if (c == '*') {
      ++at_;
      return named(Kind::field, "*", {}, begin);
    }
    return field_or_call(depth, begin);
  }

  Expression number(size_t begin) {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) {
      fail("expected a number");
      return {};
    }
    at_ = static_cast<size_t>(end - text_.data());
    // A period: 5m, 30s.
    const std::string_view unit = word_here();
    at_ += unit.size();
    Expression result = named(unit.empty() ? Kind::number : Kind::text,
                              std::string(text_.substr(begin, at_ - begin)), {}, begin);
    result.number = value;
    return result;
  }

  Expression field_or_call(size_t depth, size_t begin) {
    const bool in_backticks = peek() == '`';
    std::string word = name();
    const size_t end = at_;
    if (in_backticks || !take("(")) {
      at_ = end;
      return named(Kind::field, std::move(word), {}, begin);
    }
    const std::string function = lower(word);
    const std::optional<Arity> arity = arity_of(function);
    if (!arity) {
      fail(fmt::format("there is no function {}", word), begin, end);
      return {};
    }
    std::vector<Expression> arguments;
    if (!take(")")) {
      // "distinct" in count(distinct x), as SQL has it, is not of this language.
      do arguments.push_back(any(depth + 1));
      while (take(","));
      expect(")");
    }
    if (arguments.size() < arity->least || arguments.size() > arity->most)
      fail(fmt::format("{} takes {} arguments, got {}", word,
                       arity->least == arity->most ? std::to_string(arity->least)
                                                   : fmt::format("at least {}", arity->least),
                       arguments.size()),
           begin, at_);
    return named(Kind::call, function, std::move(arguments), begin);
  }

  std::vector<NamedExpression> named_expressions() {
    std::vector<NamedExpression> all_of_them;
    do {
      NamedExpression one{any(0), {}};
      one.name = take_word("as")                      ? name()
                 : one.expression.kind == Kind::field ? one.expression.name
                                                      : one.expression.written;
      all_of_them.push_back(std::move(one));
    } while (take(","));
    return all_of_them;
  }

  Command parse_command() {
    skip();
    const size_t begin = at_;
    const std::string word = lower(word_here());
    at_ += word.size();
    if (word == "fields") return FieldsCommand{named_expressions()};
    if (word == "display") return DisplayCommand{named_expressions()};
    if (word == "filter" || word == "filterindex" || word == "where") return FilterCommand{any(0)};
    if (word == "parse") return parse_parse();
    if (word == "stats") return parse_stats();
    if (word == "sort" || word == "order") return parse_sort();
    if (word == "limit" || word == "head") return parse_limit();
    if (word == "dedup") return parse_dedup();
    if (word == "pattern") return PatternCommand{operand(0)};
    if (word == "diff") return parse_diff();
    if (word == "unnest") return parse_unnest();
    // There is no data protection here: what is masked was masked before it came.
    if (word == "unmask") return FieldsCommand{named_expressions()};
    static constexpr std::array<std::string_view, 12> kKnown = {"fields",  "display", "filter", "parse",
                                                                "stats",   "sort",    "limit",  "dedup",
                                                                "pattern", "diff",    "unmask", "unnest"};
    const std::string_view meant = nearest(word, kKnown);
    fail(fmt::format("there is no command {}{}", word,
                     meant.empty() ? std::string() : fmt::format(": did you mean {}?", meant)),
         begin, std::max(at_, begin + 1));
    return LimitCommand{};
  }

  Command parse_parse() {
    ParseCommand command;
    skip();
    const size_t begin = at_;
    if (peek() == '"' || peek() == '\'' || peek() == '/') {
      command.subject = {.kind = Kind::field, .name = "@message", .written = "@message"};
    } else {
      command.subject = operand(0);
      skip();
    }
    if (peek() == '/') {
      command.expression = regular_expression();
      if (command.expression == nullptr) return command;
      const auto& names = command.expression->CapturingGroupNames();
      for (int group = 1; group <= command.expression->NumberOfCapturingGroups(); ++group) {
        const auto found = names.find(group);
        command.names.push_back(found == names.end() ? std::string() : found->second);
      }
      if (take_word("as")) {
        for (std::string& one : command.names) {
          one = name();
          take(",");
        }
      }
      if (std::all_of(command.names.begin(), command.names.end(),
                      [](const auto& one) { return one.empty(); }))
        fail("the regular expression has no named group", begin, at_);
      return command;
    }
    if (peek() != '"' && peek() != '\'') {
      fail("parse takes a text with * or a regular expression");
      return command;
    }
    const std::string glob = quoted();
    if (!take_word("as")) fail("expected 'as' and a name for each *");
    do command.names.push_back(name());
    while (take(","));
    std::string expression = "(?s)";
    size_t stars = 0;
    for (size_t i = 0; i < glob.size(); ++i) {
      if (glob[i] == '*') {
        ++stars;
        // What stands last takes the rest.
        expression += i + 1 == glob.size() ? "(.*)" : "(.*?)";
      } else {
        expression += re2::RE2::QuoteMeta(std::string(1, glob[i]));
      }
    }
    if (stars != command.names.size())
      fail(fmt::format("there are {} * and {} names", stars, command.names.size()), begin, at_);
    command.expression = compile(expression, begin);
    return command;
  }

  Command parse_stats() {
    StatsCommand command{.aggregates = named_expressions(), .groups = {}};
    if (take_word("by")) command.groups = named_expressions();
    for (const NamedExpression& one : command.aggregates)
      if (!has_aggregate(one.expression)) fail(fmt::format("{} gathers nothing", one.expression.written));
    for (const NamedExpression& one : command.groups)
      if (has_aggregate(one.expression))
        fail(fmt::format("rows cannot be grouped by {}", one.expression.written));
    return command;
  }
  static bool has_aggregate(const Expression& expression) {
    if (expression.kind == Kind::call && is_aggregate(expression.name)) return true;
    return std::any_of(expression.children.begin(), expression.children.end(), has_aggregate);
  }

  Command parse_sort() {
    take_word("by");
    SortCommand command;
    do {
      SortCommand::Key key{any(0)};
      if (take_word("desc")) {
        key.descending = true;
      } else {
        take_word("asc");
      }
      command.keys.push_back(std::move(key));
    } while (take(","));
    return command;
  }

  Command parse_limit() {
    skip();
    const size_t begin = at_;
    size_t rows = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), rows);
    if (error == std::errc()) at_ = static_cast<size_t>(end - text_.data());
    if (error != std::errc() || rows == 0 || rows > kMostRows)
      fail(fmt::format("limit takes a number from 1 to {}", kMostRows), begin, std::max(at_, begin + 1));
    return LimitCommand{rows};
  }

  Command parse_dedup() {
    DedupCommand command;
    do command.keys.push_back(operand(0));
    while (take(","));
    return command;
  }

  Command parse_diff() {
    using With = DiffCommand::With;
    if (take_word("previousday")) return DiffCommand{With::previous_day};
    if (take_word("previousweek")) return DiffCommand{With::previous_week};
    if (take_word("previousmonth")) return DiffCommand{With::previous_month};
    return DiffCommand{};
  }

  Command parse_unnest() {
    UnnestCommand command{.list = operand(0), .name = {}};
    if (!take_word("into") && !take_word("as")) fail("expected 'into' and a name");
    command.name = name();
    return command;
  }

  // SOURCE logGroups(namePrefix: ["a", "b"])
  void parse_source(Query& query) {
    if (!take_word("loggroups")) fail("expected logGroups(namePrefix: [...])");
    expect("(");
    do {
      skip();
      const size_t begin = at_;
      const std::string parameter = lower(word_here());
      at_ += parameter.size();
      if (!take(":") && !take("=")) fail("expected ':'");
      const Expression values = list(0);
      if (parameter == "nameprefix") {
        for (const Expression& value : values.children) query.source_prefixes.push_back(value.name);
      } else if (parameter != "accountidentifiers" && parameter != "class") {
        fail(fmt::format("logGroups has no parameter {}", parameter), begin, at_);
      }
    } while (take(","));
    expect(")");
    if (query.source_prefixes.size() > 5) fail("at most 5 prefixes");
  }

  void check_order(const Query& query) {
    size_t stats = 0;
    const Command* before = nullptr;
    for (const Command& command : query.commands) {
      if (std::holds_alternative<StatsCommand>(command) && ++stats > 2)
        fail("at most two stats commands", 0, text_.size());
      if (std::holds_alternative<DiffCommand>(command) &&
          (before == nullptr || !std::holds_alternative<PatternCommand>(*before)))
        fail("diff stands behind pattern", 0, text_.size());
      before = &command;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  std::optional<Mistake> mistake_;
};

}  // namespace

std::variant<Query, Mistake> parse_query(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace clew::cloudwatch_logs::insights
