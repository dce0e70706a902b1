#include "protocols/honeycomb/webhook_template.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace clew::honeycomb {
namespace {

constexpr size_t kDeepest = 32;
constexpr size_t kMostSteps = 100'000;

struct Expression {
  enum class Kind : uint8_t { path, literal, call };
  Kind kind = Kind::path;
  bool from_root = false;         // path: $.a.b
  std::vector<std::string> path;  // of member names; empty: the value at hand
  JsonValue literal;
  std::string function;
  std::vector<Expression> arguments;
};

constexpr std::array<std::string_view, 12> kFunctions = {"toJson", "eq",  "ne", "lt",  "le",  "gt",
                                                         "ge",     "and", "or", "not", "len", "index"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_true(const JsonValue& value) {
  if (value.is_null()) return false;
  if (const bool* truth = value.boolean()) return *truth;
  if (const std::string* text = value.string()) return !text->empty();
  if (const JsonValue::Array* items = value.array()) return !items->empty();
  if (const JsonValue::Object* members = value.object()) return !members->empty();
  return value.number().value_or(0) != 0;
}

}  // namespace

struct TemplateNode {
  enum class Kind : uint8_t { list, text, print, choice, range };
  Kind kind = Kind::list;
  std::string text;
  Expression expression;                // print, choice, range
  std::vector<TemplateNode> children;   // list; choice and range: the body
  std::vector<TemplateNode> otherwise;  // choice, range
};

namespace {

using Kind = TemplateNode::Kind;

// One action: what stands between the braces.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}

  Result<Expression> pipeline(size_t depth = 0) {
    CLEW_ASSIGN(Expression value, command(depth));
    for (skip(); at_ < text_.size() && text_[at_] == '|'; skip()) {
      ++at_;
      CLEW_ASSIGN(Expression next, command(depth));
      if (next.kind != Expression::Kind::call) return wrong("a function");
      next.arguments.push_back(std::move(value));
      value = std::move(next);
    }
    return value;
  }
  Status end() {
    skip();
    if (at_ != text_.size()) return wrong("the end");
    return {};
  }

 private:
  Status wrong(std::string_view wanted) const {
    return {ErrorKind::bad_input, fmt::format("expected {} at \"{}\"", wanted, text_.substr(at_, 20))};
  }
  void skip() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool at_operand() {
    skip();
    return at_ < text_.size() && text_[at_] != ')' && text_[at_] != '|';
  }
  std::string_view word() {
    const size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    return text_.substr(from, at_ - from);
  }

  Result<Expression> command(size_t depth) {
    skip();
    const size_t from = at_;
    const std::string_view name = word();
    if (std::find(kFunctions.begin(), kFunctions.end(), name) == kFunctions.end()) {
      at_ = from;
      return operand(depth);
    }
    Expression call{.kind = Expression::Kind::call,
                    .path = {},
                    .literal = {},
                    .function = std::string(name),
                    .arguments = {}};
    while (at_operand()) {
      CLEW_ASSIGN(Expression argument, operand(depth));
      call.arguments.push_back(std::move(argument));
    }
    return call;
  }

  Result<Expression> operand(size_t depth) {
    if (depth > kDeepest) return wrong("less nesting");
    skip();
    if (at_ >= text_.size()) return wrong("a value");
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      CLEW_ASSIGN(Expression inner, pipeline(depth + 1));
      skip();
      if (at_ >= text_.size() || text_[at_] != ')') return wrong("a )");
      ++at_;
      return inner;
    }
    if (c == '.' || c == '$') return path();
    if (c == '"' || c == '`') return text(c);
    if (c == '-' || (c >= '0' && c <= '9')) return number();
    const size_t from = at_;
    const std::string_view name = word();
    if (name == "true" || name == "false") return literal(JsonValue(name == "true"));
    if (name == "nil") return literal(JsonValue());
    at_ = from;
    return wrong("a variable such as .Name, a function or a value");
  }

  static Expression literal(JsonValue value) {
    return {.kind = Expression::Kind::literal,
            .path = {},
            .literal = std::move(value),
            .function = {},
            .arguments = {}};
  }

  Result<Expression> path() {
    Expression found{
        .kind = Expression::Kind::path, .path = {}, .literal = {}, .function = {}, .arguments = {}};
    if (text_[at_] == '$') {
      found.from_root = true;
      ++at_;
    }
    while (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      const std::string_view name = word();
      if (name.empty()) {
        if (found.path.empty() && !found.from_root) return found;  // "." alone
        return wrong("a name");
      }
      found.path.emplace_back(name);
    }
    return found;
  }

  Result<Expression> text(char quote) {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        value += text_[at_] == 'n' ? '\n' : text_[at_] == 't' ? '\t' : text_[at_];
      } else {
        value += text_[at_];
      }
    }
    if (at_ >= text_.size()) return wrong("a closing quote");
    ++at_;
    return literal(JsonValue(std::move(value)));
  }

  Result<Expression> number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return wrong("a number");
    at_ = static_cast<size_t>(end - text_.data());
    return literal(JsonValue(value));
  }

  std::string_view text_;
  size_t at_ = 0;
};

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  Result<TemplateNode> run() {
    TemplateNode root;
    CLEW_ASSIGN(const std::string_view ended, list(root.children, 0));
    if (!ended.empty()) return wrong(fmt::format("{{{{ {} }}}} without its beginning", ended));
    return root;
  }

 private:
  Status wrong(std::string_view what) const {
    const auto line = std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(at_), '\n') + 1;
    return {ErrorKind::bad_input, fmt::format("line {}: {}", line, what)};
  }

  // Up to an action that ends a body, which is returned, or to the end of the text.
  Result<std::string_view> list(std::vector<TemplateNode>& nodes, size_t depth) {
    if (depth > kDeepest) return wrong(fmt::format("nested deeper than {}", kDeepest));
    while (at_ < text_.size()) {
      const size_t open = std::min(text_.find("{{", at_), text_.size());
      std::string_view before = text_.substr(at_, open - at_);
      const bool trims = text_.substr(open).starts_with("{{-");
      if (trims_next_) {
        while (!before.empty() && is_blank(before.front())) before.remove_prefix(1);
      }
      if (trims) {
        while (!before.empty() && is_blank(before.back())) before.remove_suffix(1);
      }
      if (!before.empty())
        nodes.push_back({.kind = Kind::text,
                         .text = std::string(before),
                         .expression = {},
                         .children = {},
                         .otherwise = {}});
      at_ = open;
      if (open == text_.size()) break;
      const size_t close = text_.find("}}", open);
      if (close == std::string_view::npos) return wrong("{{ without }}");
      std::string_view action = text_.substr(open + 2, close - open - 2);
      if (trims) action.remove_prefix(1);
      trims_next_ = action.ends_with('-') && (action.size() == 1 || is_blank(action[action.size() - 2]));
      if (trims_next_) action.remove_suffix(1);
      action = trimmed(action);
      const auto first = action.substr(0, action.find_first_of(" \t\r\n("));
      if (first == "end" || first == "else") {
        at_ = close + 2;
        return action;
      }
      CLEW_TRY(one(action, first, close + 2, nodes, depth));
    }
    at_ = text_.size();
    return std::string_view();
  }

  Status one(std::string_view action, std::string_view first, size_t next, std::vector<TemplateNode>& nodes,
             size_t depth) {
    if (action.starts_with("/*")) {
      at_ = next;
      return {};
    }
    const bool is_block = first == "if" || first == "range";
    CLEW_ASSIGN(Expression expression, expression_of(is_block ? action.substr(first.size()) : action));
    at_ = next;
    TemplateNode node{.kind = first == "if"      ? Kind::choice
                              : first == "range" ? Kind::range
                                                 : Kind::print,
                      .text = {},
                      .expression = std::move(expression),
                      .children = {},
                      .otherwise = {}};
    if (is_block) CLEW_TRY(block(node, depth));
    nodes.push_back(std::move(node));
    return {};
  }

  Status block(TemplateNode& node, size_t depth) {
    CLEW_ASSIGN(std::string_view ended, list(node.children, depth + 1));
    if (ended == "else") {
      CLEW_ASSIGN(ended, list(node.otherwise, depth + 1));
    } else if (const std::string_view rest = trimmed(ended.substr(std::min<size_t>(ended.size(), 4)));
               ended.starts_with("else") && rest.starts_with("if")) {
      // Ends with the end of the one around it.
      TemplateNode inner{.kind = Kind::choice, .text = {}, .expression = {}, .children = {}, .otherwise = {}};
      CLEW_ASSIGN(inner.expression, expression_of(rest.substr(2)));
      CLEW_TRY(block(inner, depth + 1));
      node.otherwise.push_back(std::move(inner));
      return {};
    }
    if (ended != "end") return wrong("{{ if }} or {{ range }} without {{ end }}");
    return {};
  }

  Result<Expression> expression_of(std::string_view text) const {
    ExpressionParser parser(text);
    auto expression = parser.pipeline();
    const Status status = expression.ok() ? parser.end() : expression.status();
    if (!status.ok()) return wrong(status.message());
    return expression;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool trims_next_ = false;
};

class Renderer {
 public:
  explicit Renderer(const JsonValue& root) : root_(root) {}

  Status write(const std::vector<TemplateNode>& nodes, const JsonValue& at) {
    for (const TemplateNode& node : nodes) {
      if (++steps_ > kMostSteps || out_.size() > kMostTemplateBytes)
        return {ErrorKind::exhausted,
                fmt::format("the webhook's body is longer than {} bytes", kMostTemplateBytes)};
      CLEW_TRY(write(node, at));
    }
    return {};
  }
  std::string take() { return std::move(out_); }

 private:
  Status write(const TemplateNode& node, const JsonValue& at) {
    switch (node.kind) {
      case Kind::list:
        return write(node.children, at);
      case Kind::text:
        out_ += node.text;
        return {};
      case Kind::print:
        print(node.expression, value_of(node.expression, at));
        return {};
      case Kind::choice:
        return write(is_true(value_of(node.expression, at)) ? node.children : node.otherwise, at);
      case Kind::range:
        break;
    }
    const JsonValue items = value_of(node.expression, at);
    if (!is_true(items)) return write(node.otherwise, at);
    if (const JsonValue::Array* list = items.array()) {
      for (const JsonValue& item : *list) CLEW_TRY(write(node.children, item));
    }
    if (const JsonValue::Object* members = items.object()) {
      for (const JsonValue::Member& member : *members) CLEW_TRY(write(node.children, member.value));
    }
    return {};
  }

  void print(const Expression& expression, const JsonValue& value) {
    const bool is_json = expression.kind == Expression::Kind::call && expression.function == "toJson";
    if (value.is_null()) return;
    const std::string* text = value.string();
    if (text == nullptr || is_json) {
      out_ += text != nullptr ? *text : value.text();
      return;
    }
    // Within a text of the template: escaped, without quotes of its own.
    const std::string quoted = JsonValue(*text).text();
    out_ += std::string_view(quoted).substr(1, quoted.size() - 2);
  }

  JsonValue value_of(const Expression& expression, const JsonValue& at) const {
    switch (expression.kind) {
      case Expression::Kind::literal:
        return expression.literal;
      case Expression::Kind::call:
        return call(expression, at);
      case Expression::Kind::path:
        break;
    }
    const JsonValue* found = expression.from_root ? &root_ : &at;
    for (const std::string& name : expression.path) {
      found = found->find(name);
      if (found == nullptr) return {};
    }
    return *found;
  }

  JsonValue call(const Expression& expression, const JsonValue& at) const {
    std::vector<JsonValue> values;
    for (const Expression& argument : expression.arguments) values.push_back(value_of(argument, at));
    const std::string& name = expression.function;
    if (values.empty()) return {};
    if (name == "toJson") return JsonValue(values[0].text());
    if (name == "not") return JsonValue(!is_true(values[0]));
    if (name == "and" || name == "or") {
      for (const JsonValue& value : values) {
        if (is_true(value) == (name == "or")) return value;
      }
      return values.back();
    }
    if (name == "len") return JsonValue(static_cast<int64_t>(size_of(values[0])));
    if (name == "index") return values.size() < 2 ? values[0] : item_of(values[0], values[1]);
    if (name == "eq")
      return JsonValue(std::any_of(values.begin() + 1, values.end(),
                                   [&](const JsonValue& other) { return other == values[0]; }));
    if (values.size() < 2) return JsonValue(false);
    if (name == "ne") return JsonValue(!(values[0] == values[1]));
    const std::optional<int> order = compare(values[0], values[1]);
    if (!order) return JsonValue(false);
    return JsonValue(name == "lt"   ? *order < 0
                     : name == "le" ? *order <= 0
                     : name == "gt" ? *order > 0
                                    : *order >= 0);
  }

  static size_t size_of(const JsonValue& value) {
    if (value.array() != nullptr) return value.array()->size();
    if (value.object() != nullptr) return value.object()->size();
    return value.string() != nullptr ? value.string()->size() : 0;
  }
  static JsonValue item_of(const JsonValue& of, const JsonValue& which) {
    const std::optional<double> number = which.number();
    if (of.array() != nullptr && number && *number >= 0 && *number < static_cast<double>(of.array()->size()))
      return (*of.array())[static_cast<size_t>(*number)];
    const JsonValue* found = which.string() == nullptr ? nullptr : of.find(*which.string());
    return found == nullptr ? JsonValue() : *found;
  }
  static std::optional<int> compare(const JsonValue& a, const JsonValue& b) {
    if (a.string() != nullptr && b.string() != nullptr) return a.string()->compare(*b.string());
    if (!a.number() || !b.number()) return std::nullopt;
    return *a.number() < *b.number() ? -1 : *a.number() > *b.number() ? 1 : 0;
  }

  const JsonValue& root_;
  std::string out_;
  size_t steps_ = 0;
};

}  // namespace

Result<WebhookTemplate> WebhookTemplate::parse(std::string_view text) {
  if (text.size() > kMostTemplateBytes)
    return Status(ErrorKind::bad_input, fmt::format("is longer than {} bytes", kMostTemplateBytes));
  CLEW_ASSIGN(TemplateNode root, TemplateParser(text).run());
  WebhookTemplate parsed;
  parsed.root_ = std::make_shared<const TemplateNode>(std::move(root));
  return parsed;
}

Result<std::string> WebhookTemplate::render(const JsonValue& data) const {
  Renderer renderer(data);
  CLEW_TRY(renderer.write(root_->children, data));
  return renderer.take();
}

}  // namespace clew::honeycomb
