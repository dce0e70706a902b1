#include "protocols/xray/exceptions.h"

#include <fmt/format.h>

namespace clew::xray {
namespace {

std::string text_at(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

std::string stacktrace_of(const JsonValue& exception) {
  std::string text;
  const JsonValue* stack = exception.find("stack");
  if (stack == nullptr || stack->array() == nullptr) return text;
  for (const JsonValue& frame : *stack->array()) {
    if (!text.empty()) text += '\n';
    const std::string label = text_at(frame, "label");
    const JsonValue* line = frame.find("line");
    text += fmt::format("    at {} ({}:{})", label.empty() ? "?" : label, text_at(frame, "path"),
                        line != nullptr && line->integer() != nullptr ? *line->integer() : 0);
  }
  return text;
}

}  // namespace

std::vector<Exception> exceptions_of(const JsonValue& node) {
  std::vector<Exception> found;
  const JsonValue* cause = node.find("cause");
  const JsonValue* exceptions = cause == nullptr ? nullptr : cause->find("exceptions");
  if (exceptions == nullptr || exceptions->array() == nullptr) return found;
  for (const JsonValue& one : *exceptions->array()) {
    if (one.object() == nullptr) continue;
    found.push_back({.id = text_at(one, "id"),
                     .type = text_at(one, "type"),
                     .message = text_at(one, "message"),
                     .stacktrace = stacktrace_of(one)});
  }
  return found;
}

std::string first_exception_message(const JsonValue& node) {
  for (const Exception& exception : exceptions_of(node)) {
    if (!exception.message.empty()) return exception.message;
  }
  const JsonValue* cause = node.find("cause");
  return cause == nullptr ? std::string() : text_at(*cause, "message");
}

}  // namespace clew::xray
