#include "protocols/honeycomb/webhook_template_parser.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "protocols/honeycomb/webhook_template_expression.h"

namespace clew::honeycomb {
namespace {

using Kind = TemplateNode::Kind;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::vector<TemplateNode>> parse() {
    std::vector<TemplateNode> nodes;
    CLEW_ASSIGN(const std::string_view ended, list(nodes, 0));
    if (!ended.empty()) return wrong(fmt::format("{{{{ {} }}}} without its beginning", ended));
    return nodes;
  }

 private:
  // An action, and where the text behind it begins.
  struct Action {
    std::string_view inside;
    std::string_view keyword;
    size_t next = 0;
  };

  // Up to an action that ends a body, which is returned, or to the end of the text.
  Result<std::string_view> list(std::vector<TemplateNode>& nodes, size_t depth) {
    if (depth > kDeepestTemplate) return wrong(fmt::format("nested deeper than {}", kDeepestTemplate));
    while (true) {
      take_text(nodes);
      if (at_ == text_.size()) return std::string_view();
      CLEW_ASSIGN(const Action action, next_action());
      if (action.keyword == "end" || action.keyword == "else") {
        at_ = action.next;
        return action.inside;
      }
      CLEW_TRY(take_action(action, nodes, depth));
    }
  }

  // Up to the next action; without the blanks that the actions around it take away.
  void take_text(std::vector<TemplateNode>& nodes) {
    const size_t open = std::min(text_.find("{{", at_), text_.size());
    std::string_view text = text_.substr(at_, open - at_);
    if (trims_next_) text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text_.substr(open).starts_with("{{-")) text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    if (!text.empty()) nodes.push_back({.kind = Kind::text, .text = std::string(text)});
    at_ = open;
  }

  Result<Action> next_action() {
    const size_t close = text_.find("}}", at_);
    if (close == std::string_view::npos) return wrong("{{ without }}");
    std::string_view inside = text_.substr(at_ + 2, close - at_ - 2);
    if (inside.starts_with('-')) inside.remove_prefix(1);
    trims_next_ = inside.ends_with('-') && (inside.size() == 1 || is_blank(inside[inside.size() - 2]));
    if (trims_next_) inside.remove_suffix(1);
    inside = trimmed(inside);
    return Action{inside, inside.substr(0, inside.find_first_of(" \t\r\n(")), close + 2};
  }

  Status take_action(const Action& action, std::vector<TemplateNode>& nodes, size_t depth) {
    if (action.inside.starts_with("/*")) {
      at_ = action.next;
      return {};
    }
    TemplateNode node{.kind = action.keyword == "if"      ? Kind::choice
                              : action.keyword == "range" ? Kind::range
                                                          : Kind::print};
    const bool is_block = node.kind != Kind::print;
    CLEW_ASSIGN(node.expression,
                expression_of(is_block ? action.inside.substr(action.keyword.size()) : action.inside));
    at_ = action.next;
    if (is_block) CLEW_TRY(take_bodies(node, depth));
    nodes.push_back(std::move(node));
    return {};
  }

  // Those of a choice or a range.
  Status take_bodies(TemplateNode& node, size_t depth) {
    CLEW_ASSIGN(std::string_view ended, list(node.body, depth + 1));
    if (ended == "else") {
      CLEW_ASSIGN(ended, list(node.otherwise, depth + 1));
    } else if (const std::optional<std::string_view> condition = else_if(ended)) {
      // Ends with the end of the one around it.
      TemplateNode inner{.kind = Kind::choice};
      CLEW_ASSIGN(inner.expression, expression_of(*condition));
      CLEW_TRY(take_bodies(inner, depth + 1));
      node.otherwise.push_back(std::move(inner));
      return {};
    }
    if (ended != "end") return wrong("{{ if }} or {{ range }} without {{ end }}");
    return {};
  }

  static std::optional<std::string_view> else_if(std::string_view action) {
    if (!action.starts_with("else")) return std::nullopt;
    const std::string_view rest = trimmed(action.substr(4));
    if (!rest.starts_with("if")) return std::nullopt;
    return rest.substr(2);
  }

  Result<TemplateExpression> expression_of(std::string_view text) const {
    auto expression = parse_template_expression(text);
    if (!expression.ok()) return wrong(expression.status().message());
    return expression;
  }

  Status wrong(std::string_view what) const {
    const auto line = std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(at_), '\n') + 1;
    return {ErrorKind::bad_input, fmt::format("line {}: {}", line, what)};
  }

  std::string_view text_;
  size_t at_ = 0;
  bool trims_next_ = false;
};

}  // namespace

Result<std::vector<TemplateNode>> parse_template(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace clew::honeycomb
