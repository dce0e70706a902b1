#include "protocols/clew/api.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>
#include <variant>

#include "base/counters.h"
#include "base/json_value.h"
#include "base/log.h"
#include "base/nearest.h"
#include "protocols/clew/assets.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/query_pace.h"
#include "protocols/clew/stream_hub.h"
#include "protocols/deeds.h"

namespace clew::api {
namespace {

// Where an endpoint runs: quick ones at once on the event loop, those that read data on a worker.
enum class Runs : uint8_t { at_once, on_worker };

using Answer = net::Response (*)(const Call&);
using Serve = void (*)(const Call&);

struct Endpoint {
  std::string_view method;
  std::string_view pattern;
  std::string_view parameters;  // that it takes in the query, separated by blanks
  Runs runs;
  std::variant<Answer, Serve> handler;
  std::string_view deed = {};  // for the journal, once it has gone well: "made the board"
  // That the key must have besides run_queries, to change something. Settings: settings_rights.h.
  std::optional<control::Permission> needs = {};
};

// All there is. docs/api/openapi.yaml describes the same; a test holds one against the other.
using enum control::Permission;
constexpr Endpoint kEndpoints[] = {
    {"GET", "/clew/v1/status", "", Runs::at_once, answer_status},
    {"GET", "/clew/v1/arrivals", "", Runs::at_once, answer_arrivals},
    {"GET", "/clew/v1/stream", "", Runs::at_once, serve_stream},
    {"GET", "/clew/v1/services", "from to", Runs::on_worker, answer_services},
    {"GET", "/clew/v1/map", "from to q", Runs::on_worker, answer_map},
    {"GET", "/clew/v1/traces", "from to service name min_ms max_ms errors q limit", Runs::on_worker,
     answer_traces},
    {"GET", "/clew/v1/traces/{trace_id}", "trace_id", Runs::on_worker, answer_trace},
    {"GET", "/clew/v1/traces/{trace_id}/outline", "trace_id", Runs::on_worker, answer_trace_outline},
    {"GET", "/clew/v1/traces/{trace_id}/typical", "trace_id", Runs::on_worker, answer_typical_trace},
    {"GET", "/clew/v1/traces/{trace_id}/spans/{span_id}", "trace_id span_id", Runs::on_worker, answer_span},
    {"GET", "/clew/v1/traces/{trace_id}/otlp", "trace_id", Runs::on_worker, answer_trace_as_otlp},
    {"POST", "/clew/v1/query", "", Runs::on_worker, serve_query},
    {"POST", "/clew/v1/query/estimate", "", Runs::on_worker, answer_query_estimate},
    {"GET", "/clew/v1/answers/{answer_id}", "answer_id", Runs::on_worker, answer_kept_answer},
    {"POST", "/clew/v1/bubbleup", "", Runs::on_worker, answer_bubble_up},
    {"GET", "/clew/v1/columns", "signal prefix from to limit", Runs::on_worker, answer_columns},
    {"GET", "/clew/v1/values", "column signal part from to limit", Runs::on_worker, answer_values},
    {"GET", "/clew/v1/logs", "from to q service trace_id limit", Runs::on_worker, answer_logs},
    {"GET", "/clew/v1/logs/patterns", "from to q service trace_id limit", Runs::on_worker,
     answer_log_patterns},
    {"GET", "/clew/v1/logs/context", "at line before after service q", Runs::on_worker, answer_log_context},
    {"GET", "/clew/v1/metrics", "from to prefix limit", Runs::on_worker, answer_metrics},
    {"GET", "/clew/v1/metrics/trend", "from to metric by q limit", Runs::on_worker, answer_metric_trend},
    {"GET", "/clew/v1/boards", "", Runs::on_worker, answer_boards},
    {"POST", "/clew/v1/boards", "", Runs::on_worker, answer_new_board, "made the board", manage_boards},
    {"GET", "/clew/v1/boards/{board_id}", "board_id", Runs::on_worker, answer_board},
    {"PUT", "/clew/v1/boards/{board_id}", "board_id", Runs::on_worker, answer_changed_board,
     "changed the board", manage_boards},
    {"DELETE", "/clew/v1/boards/{board_id}", "board_id", Runs::on_worker, answer_removed_board,
     "removed the board", manage_boards},
    {"GET", "/clew/v1/settings", "", Runs::on_worker, answer_settings},
    {"GET", "/clew/v1/journal", "kind q person mine before limit", Runs::on_worker, answer_journal},
    {"GET", "/clew/v1/retention", "", Runs::on_worker, answer_retention},
    {"POST", "/clew/v1/retention", "", Runs::on_worker, answer_retention_change, "changed the retention of"},
    {"GET", "/clew/v1/sampling", "", Runs::on_worker, answer_sampling},
    {"POST", "/clew/v1/sampling", "", Runs::on_worker, answer_sampling_change, "changed the sampling of"},
    {"POST", "/clew/v1/environments", "", Runs::on_worker, answer_new_environment, "made the environment"},
    {"POST", "/clew/v1/keys", "", Runs::on_worker, answer_new_key, "made the key"},
    {"POST", "/clew/v1/keys/{key_id}", "key_id", Runs::on_worker, answer_changed_key,
     "disabled or enabled the key"},
    {"POST", "/clew/v1/people", "", Runs::on_worker, answer_invitation, "invited"},
    {"POST", "/clew/v1/people/{person_id}", "person_id", Runs::on_worker, answer_changed_person,
     "changed the role or the key of"},
    {"DELETE", "/clew/v1/people/{person_id}", "person_id", Runs::on_worker, answer_removed_person, "removed"},
    {"GET", "/clew/v1/errors",
     "q state level service environment version framework person snoozed sort limit offset hours",
     Runs::on_worker, answer_errors},
    {"GET", "/clew/v1/errors/{id}", "id hours", Runs::on_worker, answer_error},
    {"POST", "/clew/v1/errors/{id}", "id", Runs::on_worker, answer_error_change, "changed the error",
     manage_triggers},
    {"POST", "/clew/v1/errors/{id}/merge", "id", Runs::on_worker, answer_error_merge, "merged the error",
     manage_triggers},
    {"POST", "/clew/v1/errors/{id}/unmerge", "id", Runs::on_worker, answer_error_unmerge, "parted the error",
     manage_triggers},
    {"GET", "/clew/v1/errors/{id}/occurrences", "id from to limit", Runs::on_worker,
     answer_error_occurrences},
    {"GET", "/clew/v1/errors/{id}/occurrences/{occurrence}", "id occurrence", Runs::on_worker,
     answer_error_occurrence},
    {"GET", "/clew/v1/error-rules/grouping", "", Runs::on_worker, answer_grouping_rules},
    {"POST", "/clew/v1/error-rules/grouping", "", Runs::on_worker, answer_grouping_rules_change,
     "changed the grouping rules of errors", manage_triggers},
    {"POST", "/clew/v1/error-rules/grouping/dry-run", "", Runs::on_worker, answer_grouping_dry_run},
    {"GET", "/clew/v1/error-rules/notifications", "", Runs::on_worker, answer_error_notification_rules},
    {"POST", "/clew/v1/error-rules/notifications", "", Runs::on_worker,
     answer_error_notification_rules_change, "changed whom errors tell", manage_triggers},
    {"GET", "/clew/v1/deploys", "environment limit", Runs::on_worker, answer_deploys},
    {"GET", "/clew/v1/alerts/history", "alert from to limit", Runs::on_worker, answer_alert_history},
    {"GET", "/clew/v1/notifications", "limit", Runs::on_worker, answer_notifications},
    {"POST",
     "/clew/v1/notifications/test",
     "",
     Runs::on_worker,
     answer_notification_test,
     {},
     manage_recipients},
};

std::vector<std::string_view> words_of(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// A misspelt parameter that is passed over in silence answers another question than was asked.
Status check_parameters(const Endpoint& endpoint, const net::Request& request, Fault& fault) {
  std::vector<std::string_view> known = words_of(endpoint.parameters, ' ');
  known.push_back("key");
  for (const std::string_view parameter : words_of(request.query, '&')) {
    const std::string_view name = parameter.substr(0, parameter.find('='));
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    fault.field = name;
    return Status(ErrorKind::bad_input, "There is no parameter " + std::string(name.substr(0, 100)) +
                                            " here: did you mean " + std::string(nearest(name, known)) + "?");
  }
  return {};
}

Status lacks(control::Permission permission) {
  std::string_view name;
  for (const control::PermissionName& one : control::all_permissions()) {
    if (one.permission == permission) name = one.name;
  }
  return {ErrorKind::forbidden,
          "This key may look, but not change that: it lacks the permission " + std::string(name)};
}

// What it is called that was made or changed: by itself, by whoever changes it, or by its id in the path.
std::string name_of_changed(const Endpoint& endpoint, const Call& call, const net::Response& response) {
  for (const std::string_view body : {std::string_view(response.body), call.request.body.view()}) {
    const Result<JsonValue> parsed = parse_json(body);
    for (const char* member : {"name", "title", "value", "service"}) {
      const JsonValue* name = parsed.ok() ? parsed->find(member) : nullptr;
      // The value of a new key is a secret.
      const bool is_secret = member == std::string_view("value") && endpoint.pattern == "/clew/v1/keys";
      if (name != nullptr && name->string() != nullptr && !is_secret) return " " + *name->string();
      if (name != nullptr && name->is_null() && member == std::string_view("service"))
        return " all other services";
    }
  }
  if (endpoint.pattern == "/clew/v1/retention") return " everything";
  const std::vector<std::string_view> parameters = words_of(endpoint.parameters, ' ');
  return parameters.empty() ? "" : " " + call.request.parameter(parameters[0]).value_or("");
}

void run(const Endpoint& endpoint, const Call& call) {
  try {
    if (const auto* answer = std::get_if<Answer>(&endpoint.handler)) {
      net::Response response = (*answer)(call);
      if (!endpoint.deed.empty() && response.status < 300)
        note_deed(call.options(), call.grant, call.request, control::Deed::change,
                  std::string(endpoint.deed) + name_of_changed(endpoint, call, response));
      send(call, std::move(response));
    } else {
      std::get<Serve>(endpoint.handler)(call);
    }
  } catch (const std::exception& problem) {
    // Of libraries, and out of memory. The Responder answers 500 if nothing was sent.
    log_error("api", std::string(endpoint.pattern) + ": " + problem.what());
  }
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        started(now()),
        streams(options),
        workers(options.at_once, options.waiting),
        context{options, started, workers, streams, pace} {}

  void handle(const Endpoint& endpoint, net::Request request, net::Responder responder);
  Result<control::Grant> admit(const net::Request& request) const;
  // Of the page of another site, which a browser sends without its user's knowledge.
  bool is_foreign_write(const net::Request& request) const;

  const ApiOptions options;
  const UnixNanos started;
  StreamHub streams;
  QueryPace pace;
  QueryWorkers workers;
  const Context context;
};

bool Api::Inside::is_foreign_write(const net::Request& request) const {
  const auto origin = request.header("origin");
  if (request.method == "GET" || !origin) return false;
  for (const std::string& allowed : options.allowed_origins) {
    if (allowed == *origin || allowed == "*") return false;
  }
  // Where the browser says it itself; a proxy may have changed the host.
  if (const auto site = request.header("sec-fetch-site")) return *site != "same-origin" && *site != "none";
  const size_t scheme = origin->find("://");
  const std::string_view host = scheme == std::string_view::npos ? *origin : origin->substr(scheme + 3);
  return host !=
         request.header("x-forwarded-host").value_or(request.header("host").value_or(std::string_view()));
}

Result<control::Grant> Api::Inside::admit(const net::Request& request) const {
  std::optional<std::string> key = request.parameter("key");
  if (const auto header = request.header("x-honeycomb-team")) key = std::string(*header);
  CLEW_ASSIGN(control::Grant grant, options.access->grant(key ? std::optional<std::string_view>(*key)
                                                              : std::optional<std::string_view>()));
  if (!grant.permissions.has(control::Permission::run_queries))
    return Status(ErrorKind::forbidden,
                  "this API key may send, but not ask: it lacks the permission run_queries");
  return grant;
}

void Api::Inside::handle(const Endpoint& endpoint, net::Request request, net::Responder responder) {
  Call call{context, std::move(request), std::move(responder), {}, now()};
  if (is_foreign_write(call.request)) {
    send(call, refusal(Status(ErrorKind::forbidden,
                              "The page of another site may not ask or change anything here")));
    return;
  }
  Result<control::Grant> grant = admit(call.request);
  if (!grant.ok()) {
    send(call, refusal(grant.status()));
    return;
  }
  call.environment = grant->environment;
  call.grant = std::move(*grant);
  if (endpoint.needs && !call.grant.permissions.has(*endpoint.needs)) {
    send(call, refusal(lacks(*endpoint.needs)));
    return;
  }
  Fault fault;
  if (Status status = check_parameters(endpoint, call.request, fault); !status.ok()) {
    send(call, refusal(status, fault));
    return;
  }
  if (endpoint.runs == Runs::at_once) {
    run(endpoint, call);
    return;
  }
  const auto shared = std::make_shared<const Call>(std::move(call));
  const bool accepted = workers.submit([&endpoint, shared] {
    if (!shared->responder.cancelled()) run(endpoint, *shared);
  });
  if (accepted) return;
  if (workers.stopping()) {
    send(*shared, refusal(Status(ErrorKind::unavailable, "clew is stopping")));
    return;
  }
  net::Response response =
      refusal(Status(ErrorKind::exhausted, "Too many questions wait already: try again in a second"));
  response.headers.emplace_back("retry-after", "1");
  send(*shared, std::move(response));
}

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->streams.stop();
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  Inside* inside = inside_.get();
  for (const Endpoint& endpoint : kEndpoints) {
    router.add(endpoint.method, endpoint.pattern,
               [inside, &endpoint](net::Request request, net::Responder responder) {
                 inside->handle(endpoint, std::move(request), std::move(responder));
               });
  }
  const auto add_page = [&](std::string_view pattern, net::Response (*respond)(const net::Request&)) {
    router.add("GET", pattern, [respond](const net::Request& request, const net::Responder& responder) {
      responder.send(respond(request));
    });
  };
  add_page("/", page_response);
  add_page("/t/{trace_id}", page_response);
  add_page("/clew/v1/openapi.yaml", description_response);
  if (!inside->options.allowed_origins.empty()) {
    router.add("OPTIONS", "/clew/v1/*", [inside](net::Request request, net::Responder responder) {
      const Call call{inside->context, std::move(request), std::move(responder), {}, now()};
      net::Response response{
          .status = 204,
          .reason = {},
          .headers = {{"access-control-allow-methods", "GET, POST, PUT, DELETE"},
                      {"access-control-allow-headers", "x-honeycomb-team, x-clew-person, content-type"},
                      {"access-control-max-age", "600"}},
          .body = {}};
      send(call, std::move(response));
    });
  }
  router.set_fallback(page_fallback);
}

}  // namespace clew::api
