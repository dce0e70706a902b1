// The Model Context Protocol: the same questions for assistants. JSON-RPC, one message a request; nothing is
// kept between them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/json_value.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

// The answer to one message; nothing for a notification.
std::optional<JsonValue> answer_mcp(const Call& call, const JsonValue& message);

// A tool that assistants may call.
struct McpTool {
  std::string_view name;
  std::string_view description;
  std::string_view input_schema;  // JSON
  Result<JsonValue> (*run)(const Call& call, const JsonValue& arguments);
};
// mcp_tools.cpp
std::span<const McpTool> all_mcp_tools();

}  // namespace clew::honeycomb
