#include "protocols/honeycomb/mcp.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

// Of the protocol, the newest first. What is offered here is the same in all.
constexpr std::array<std::string_view, 4> kVersions = {"2025-11-25", "2025-06-18", "2025-03-26",
                                                       "2024-11-05"};

// Of JSON-RPC.
constexpr int64_t kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601,
                  kInvalidParameters = -32602;

JsonValue reply_to(const JsonValue& id) {
  JsonValue reply;
  reply["jsonrpc"] = JsonValue("2.0");
  reply["id"] = id;
  return reply;
}

JsonValue failed(const JsonValue& id, int64_t code, std::string_view message) {
  JsonValue reply = reply_to(id);
  reply["error"]["code"] = JsonValue(code);
  reply["error"]["message"] = JsonValue(message);
  return reply;
}

JsonValue initialized(const JsonValue& parameters) {
  const std::string wanted = text_in(parameters, "protocolVersion");
  const bool known = std::find(kVersions.begin(), kVersions.end(), wanted) != kVersions.end();
  JsonValue result;
  result["protocolVersion"] = JsonValue(known ? std::string_view(wanted) : kVersions.front());
  result["capabilities"]["tools"] = JsonValue(JsonValue::Object{});
  result["serverInfo"]["name"] = JsonValue("clew");
  result["serverInfo"]["version"] = JsonValue("0.1.0");
  result["instructions"] = JsonValue(
      "Telemetry of applications: spans, logs and events in datasets. Begin with list_datasets, then "
      "list_columns of one; run_query answers questions, get_trace shows a whole trace, bubble_up tells what "
      "sets some rows apart from the others.");
  return result;
}

JsonValue listed_tools() {
  JsonValue::Array tools;
  for (const McpTool& one : all_mcp_tools()) {
    JsonValue tool;
    tool["name"] = JsonValue(one.name);
    tool["description"] = JsonValue(one.description);
    Result<JsonValue> schema = parse_json(one.input_schema);
    tool["inputSchema"] = schema.ok() ? std::move(*schema) : JsonValue(JsonValue::Object{});
    tool["annotations"]["readOnlyHint"] = JsonValue(true);
    tools.push_back(std::move(tool));
  }
  JsonValue result;
  result["tools"] = JsonValue(std::move(tools));
  return result;
}

// What went wrong within a tool is an answer too: the assistant can mend its question.
JsonValue result_of(Result<JsonValue> outcome) {
  JsonValue content;
  content["type"] = JsonValue("text");
  content["text"] = JsonValue(outcome.ok() ? outcome->text() : std::string(outcome.status().message()));
  JsonValue result;
  result["content"] = JsonValue(JsonValue::Array{std::move(content)});
  result["isError"] = JsonValue(!outcome.ok());
  if (outcome.ok()) result["structuredContent"] = std::move(*outcome);
  return result;
}

}  // namespace

std::optional<JsonValue> answer_mcp(const Call& call, const JsonValue& message) {
  const JsonValue* id = message.find("id");
  const std::string method = text_in(message, "method");
  if (text_in(message, "jsonrpc") != "2.0" || (method.empty() && message.find("result") == nullptr))
    return failed(id == nullptr ? JsonValue() : *id, kInvalidRequest, "not a JSON-RPC 2.0 request");
  if (id == nullptr || id->is_null() || method.empty()) return std::nullopt;
  const JsonValue* given = message.find("params");
  const JsonValue parameters = given == nullptr ? JsonValue(JsonValue::Object{}) : *given;
  JsonValue reply = reply_to(*id);
  if (method == "initialize") {
    reply["result"] = initialized(parameters);
  } else if (method == "ping") {
    reply["result"] = JsonValue(JsonValue::Object{});
  } else if (method == "tools/list") {
    reply["result"] = listed_tools();
  } else if (method == "tools/call") {
    const std::string name = text_in(parameters, "name");
    const auto tools = all_mcp_tools();
    const auto tool =
        std::find_if(tools.begin(), tools.end(), [&](const McpTool& one) { return one.name == name; });
    if (tool == tools.end()) return failed(*id, kInvalidParameters, fmt::format("Unknown tool: {}", name));
    const JsonValue* arguments = parameters.find("arguments");
    const JsonValue none(JsonValue::Object{});
    reply["result"] = result_of(tool->run(call, arguments == nullptr ? none : *arguments));
  } else {
    return failed(*id, kMethodNotFound, fmt::format("Method not found: {}", method));
  }
  return reply;
}

Answer post_mcp(const Call& call) {
  // A page of another origin must not ask in the name of whoever browses it.
  if (const auto origin = call.request.header("origin")) {
    const std::string own =
        fmt::format("{}://{}", call.request.tls ? "https" : "http", call.request.header("host").value_or(""));
    if (*origin != own) return error_answer(403, "requests of web pages are not taken here");
  }
  const Result<JsonValue> body = parse_json(call.request.body.view());
  if (!body.ok()) return json_answer(400, failed(JsonValue(), kParseError, "Parse error"));
  if (body->array() == nullptr) {
    const std::optional<JsonValue> reply = answer_mcp(call, *body);
    return reply ? json_answer(200, *reply) : empty_answer(202);
  }
  // Several at once, as version 2025-03-26 has it.
  JsonValue::Array replies;
  for (const JsonValue& message : *body->array()) {
    if (std::optional<JsonValue> reply = answer_mcp(call, message)) replies.push_back(std::move(*reply));
  }
  return replies.empty() ? empty_answer(202) : json_answer(200, JsonValue(std::move(replies)));
}

}  // namespace clew::honeycomb
