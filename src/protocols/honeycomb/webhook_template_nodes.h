// A webhook template as the parser leaves it: what is to be written, in which order, and when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "protocols/honeycomb/webhook_template_functions.h"

namespace clew::honeycomb {

// Of blocks in blocks, and of brackets in brackets.
constexpr size_t kDeepestTemplate = 32;

struct TemplateExpression {
  enum class Kind : uint8_t { path, literal, call };
  Kind kind = Kind::path;
  bool from_root = false;         // path: $.a.b
  std::vector<std::string> path;  // of member names; empty: the value at hand
  JsonValue literal;
  const TemplateFunction* function = nullptr;  // call
  std::vector<TemplateExpression> arguments;
};

struct TemplateNode {
  enum class Kind : uint8_t { text, print, choice, range };
  Kind kind = Kind::text;
  std::string text;
  TemplateExpression expression;        // print, choice, range
  std::vector<TemplateNode> body;       // choice, range
  std::vector<TemplateNode> otherwise;  // choice, range
};

}  // namespace clew::honeycomb
