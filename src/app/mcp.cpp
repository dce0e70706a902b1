#include <iostream>
#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/server_option.h"
#include "app/subcommands.h"
#include "base/json_value.h"
#include "net/http_client.h"

namespace clew::app {
namespace {

constexpr Nanoseconds kPatience = seconds(120);
constexpr size_t kLongestAnswer = size_t{64} << 20;

// A failure on the way, as an answer to the request that met it; empty for a notification.
std::string failure_line(const std::string& request, std::string_view message) {
  const Result<JsonValue> asked = parse_json(request);
  const JsonValue* id = asked.ok() ? asked->find("id") : nullptr;
  if (id == nullptr) return {};
  JsonValue reply;
  reply["jsonrpc"] = JsonValue("2.0");
  reply["id"] = *id;
  reply["error"]["code"] = JsonValue(-32603);
  reply["error"]["message"] = JsonValue(message);
  return reply.text();
}

Status carry(const ServerAddress& address, std::istream& in, std::ostream& out) {
  net::HttpClientOptions options;
  options.timeout = kPatience;
  options.answer_body_bytes = kLongestAnswer;
  options.tls.ca = address.tls_ca;
  CLEW_ASSIGN(const auto client, net::HttpClient::create(std::move(options)));
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    net::ClientRequest request{
        .method = "POST",
        .url = address.url + "/mcp",
        .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
        .body = line,
        .compression = {}};
    if (!address.key.empty()) request.headers.emplace_back("x-honeycomb-team", address.key);
    const Result<net::ClientResponse> response = client->send(request);
    std::string answer;
    if (!response.ok()) {
      answer = failure_line(line, fmt::format("cannot ask {}: {}", address.url, response.status().message()));
    } else if (response->status == 200 || response->status == 400) {
      answer = response->body;
    } else if (response->status != 202) {
      answer = failure_line(line,
                            fmt::format("{} answered {}: {}", address.url, response->status, response->body));
    }
    if (!answer.empty()) out << answer << "\n" << std::flush;
  }
  return Status();
}

}  // namespace

Action define_mcp(CLI::App& command) {
  command.description(
      "Speak the Model Context Protocol on standard input and output, for assistants: list datasets and "
      "columns, run queries, fetch traces, find what sets rows apart. The running server answers; it also "
      "takes the protocol over HTTP itself, at /mcp.");
  const auto server = std::make_shared<ServerOption>(command, "The server to ask");
  command.footer(
      "Examples:\n"
      "  clew mcp                                        the server on this machine\n"
      "  clew mcp --server https://clew.example --key KEY\n"
      "In an assistant's settings: {\"mcpServers\": {\"clew\": {\"command\": \"clew\", \"args\": "
      "[\"mcp\"]}}}");
  return [server](Surroundings& surroundings) -> Status {
    return carry(server->resolve(surroundings), std::cin, surroundings.out);
  };
}

}  // namespace clew::app
