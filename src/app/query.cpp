#include <iostream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/answer_text.h"
#include "app/ask.h"
#include "app/data_option.h"
#include "app/server_option.h"
#include "app/subcommands.h"

namespace clew::app {
namespace {

struct QueryOptions {
  std::string question;
  std::string from;
  std::string to;
  std::string signal;
  bool json = false;
  std::string environment = "default";
};

Status query(const QueryOptions& options, const ServerOption& server, const DataOption& data,
             Surroundings& surroundings) {
  const ServerAddress address = server.resolve(surroundings);
  std::string question = options.question;
  if (question == "-") question.assign(std::istreambuf_iterator<char>(std::cin), {});
  AskRequest request{.question = std::move(question),
                     .from = options.from,
                     .to = options.to,
                     .signal = options.signal,
                     .server = address.url,
                     .key = address.key,
                     .tls_ca = address.tls_ca,
                     .progress = surroundings.err_is_terminal ? &surroundings.err : nullptr};
  Result<std::string> answer = Status();
  if (data.given()) {
    CLEW_ASSIGN(const std::string directory, data.resolve(surroundings));
    answer = ask_directory(directory, options.environment, std::move(request));
  } else {
    answer = ask_server(request);
  }
  if (!answer.ok()) return answer.status();
  if (options.json) {
    surroundings.out << *answer << "\n";
    return Status();
  }
  CLEW_ASSIGN(const AnswerText text, answer_as_text(*answer));
  surroundings.out << text.table;
  for (const std::string& note : text.notes) surroundings.err << "note: " << note << "\n";
  if (surroundings.err_is_terminal) surroundings.err << text.cost << "\n";
  return Status();
}

}  // namespace

Action define_query(CLI::App& command) {
  const auto options = std::make_shared<QueryOptions>();
  command.description(
      "Ask a question: what to calculate, of which rows, grouped by what. The running server answers, or "
      "with --data a "
      "directory that no server uses at the moment. Calculations: COUNT, SUM, AVG, MIN, MAX, P50 to P999, "
      "COUNT_DISTINCT, "
      "HEATMAP and more, each of a column. ROWS shows the rows themselves. A Honeycomb query specification "
      "(a "
      "JSON object) is taken as well.");
  command.add_option("QUESTION", options->question, "In quotes; see the examples. -: from standard input")
      ->required();
  command.add_option("--from", options->from, "-15m, 7d, 2026-03-01T12:00:00Z")
      ->type_name("TIME")
      ->default_str("-1h");
  command.add_option("--to", options->to, "Up to, not including")->type_name("TIME")->default_str("now");
  command.add_option("--signal", options->signal, "traces, logs or metrics")
      ->type_name("SIGNAL")
      ->default_str("traces");
  command.add_flag("--json", options->json, "Print the answer as JSON (docs/api/openapi.yaml, Answer)");
  const auto server = std::make_shared<ServerOption>(command, "The server to ask");
  command.add_option("--environment", options->environment, "With --data: whose data")
      ->type_name("NAME")
      ->default_str("default");
  const auto data = std::make_shared<DataOption>(command);
  command.footer(
      "Examples:\n"
      "  clew query COUNT\n"
      "  clew query 'COUNT, P99(duration_ms) GROUP BY service.name'\n"
      "  clew query 'COUNT WHERE http.status_code >= 500 GROUP BY http.route LIMIT 10' --from 7d\n"
      "  clew query 'COUNT GROUP BY severity' --signal logs\n"
      "  clew query 'ROWS time, name, duration_ms WHERE error = true LIMIT 20'\n"
      "  clew query COUNT --json | jq .rows\n"
      "  clew query '{\"calculations\": [{\"op\": \"COUNT\"}], \"breakdowns\": [\"name\"]}'\n"
      "  clew query - < specification.json");
  return [options, server, data](Surroundings& surroundings) {
    return query(*options, *server, *data, surroundings);
  };
}

}  // namespace clew::app
