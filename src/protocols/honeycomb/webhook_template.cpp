#include "protocols/honeycomb/webhook_template.h"

#include <vector>

#include <fmt/format.h>

#include "protocols/honeycomb/webhook_template_nodes.h"
#include "protocols/honeycomb/webhook_template_parser.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostSteps = 100'000;

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
  using Node = TemplateNode::Kind;
  using Expression = TemplateExpression::Kind;

  Status write(const TemplateNode& node, const JsonValue& at) {
    switch (node.kind) {
      case Node::text:
        out_ += node.text;
        return {};
      case Node::print:
        print(node.expression, value_of(node.expression, at));
        return {};
      case Node::choice:
        return write(is_true(value_of(node.expression, at)) ? node.body : node.otherwise, at);
      case Node::range:
        break;
    }
    const JsonValue items = value_of(node.expression, at);
    if (!is_true(items)) return write(node.otherwise, at);
    if (const JsonValue::Array* list = items.array()) {
      for (const JsonValue& item : *list) CLEW_TRY(write(node.body, item));
    }
    if (const JsonValue::Object* members = items.object()) {
      for (const JsonValue::Member& member : *members) CLEW_TRY(write(node.body, member.value));
    }
    return {};
  }

  void print(const TemplateExpression& expression, const JsonValue& value) {
    const bool is_json = expression.kind == Expression::call && expression.function->gives_json;
    if (value.is_null()) return;
    const std::string* text = value.string();
    if (text == nullptr || is_json) {
      out_ += text != nullptr ? *text : value.text();
      return;
    }
    // Within a text of the template: escaped, without quotes of its own.
    const std::string quoted = value.text();
    out_ += std::string_view(quoted).substr(1, quoted.size() - 2);
  }

  JsonValue value_of(const TemplateExpression& expression, const JsonValue& at) const {
    switch (expression.kind) {
      case Expression::literal:
        return expression.literal;
      case Expression::call: {
        std::vector<JsonValue> values;
        for (const TemplateExpression& argument : expression.arguments)
          values.push_back(value_of(argument, at));
        return values.empty() ? JsonValue() : expression.function->run(values);
      }
      case Expression::path:
        break;
    }
    const JsonValue* found = expression.from_root ? &root_ : &at;
    for (const std::string& name : expression.path) {
      found = found->find(name);
      if (found == nullptr) return {};
    }
    return *found;
  }

  const JsonValue& root_;
  std::string out_;
  size_t steps_ = 0;
};

}  // namespace

Result<WebhookTemplate> WebhookTemplate::parse(std::string_view text) {
  if (text.size() > kMostTemplateBytes)
    return Status(ErrorKind::bad_input, fmt::format("is longer than {} bytes", kMostTemplateBytes));
  CLEW_ASSIGN(std::vector<TemplateNode> nodes, parse_template(text));
  WebhookTemplate parsed;
  parsed.nodes_ = std::make_shared<const std::vector<TemplateNode>>(std::move(nodes));
  return parsed;
}

Result<std::string> WebhookTemplate::render(const JsonValue& data) const {
  Renderer renderer(data);
  CLEW_TRY(renderer.write(*nodes_, data));
  return renderer.take();
}

}  // namespace clew::honeycomb
