#include "protocols/honeycomb/api.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "base/json_value.h"
#include "protocols/cross_origin.h"
#include "protocols/honeycomb/alerts.h"
#include "protocols/honeycomb/call.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/query_results.h"
#include "protocols/sender_key.h"

namespace clew::honeycomb {
namespace {

constexpr unsigned kWorkers = 2;

bool is_json_api(std::string_view path) {
  return path.starts_with("/2/");
}

std::optional<std::string> key_of(const net::Request& request) {
  if (std::optional<std::string> key = sender_key(request.headers)) return key;
  const auto firehose = request.header("x-amz-firehose-access-key");
  if (firehose && !firehose->empty()) return std::string(*firehose);
  return std::nullopt;
}

Answer refusal(std::string_view path, int status, std::string_view text) {
  if (is_json_api(path)) return json_api_error(status, status == 401 ? "unauthenticated" : "forbidden", text);
  return error_answer(status, text);
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        datasets(*options.records),
        workers(kWorkers, kMostWaiting),
        context{options, workers, datasets, results} {
    if (options.outbox == nullptr) return;
    alerts = std::make_unique<Alerts>(AlertOptions{.storage = options.storage,
                                                   .datasets = &datasets,
                                                   .records = options.records,
                                                   .data_directory = options.data_directory,
                                                   .run = options.run_options(workers.stopping()),
                                                   .environment_name = options.environment_name});
    alerts->start();
  }

  void handle(const Operation& operation, net::Request request, net::Responder responder) {
    count(Counter::honeycomb_requests);
    const Sender sender =
        sender_of(request, fmt::format("Honeycomb {} {}", operation.method, operation.path));
    const bool of_otlp =
        request.header("content-type").value_or("").find("protobuf") != std::string_view::npos;
    // Any web page may send, but none may read what is stored.
    const bool from_pages = operation.permission == control::Permission::send_events;
    const net::Headers allowed = from_pages ? cross_origin.headers_for(request) : net::Headers();
    const auto answer = [responder, allowed](Answer response) {
      response.headers.insert(response.headers.end(), allowed.begin(), allowed.end());
      responder.send(std::move(response));
    };
    const auto refuse = [&](std::optional<EnvironmentId> environment, int status, std::string_view text) {
      count(Counter::honeycomb_refused);
      options.arrivals->refused(environment, sender, status, text, remedy_for(status, of_otlp));
      answer(refusal(request.path, status, text));
    };
    const std::optional<std::string> key = key_of(request);
    Result<control::Grant> grant =
        options.access->grant(key ? std::optional<std::string_view>(*key) : std::nullopt);
    if (!grant.ok()) return refuse(std::nullopt, 401, refused_key(grant.status().message()));
    if (operation.permission && !grant->permissions.has(*operation.permission))
      return refuse(grant->environment, 403, missing_permission(*operation.permission));
    const EnvironmentId environment = grant->environment;
    Call call{.context = context,
              .request = std::move(request),
              .grant = std::move(*grant),
              .sender = sender,
              .now = now()};
    operation.run(std::move(call), [this, answer, sender, environment, of_otlp](Answer response) {
      if (response.status >= 400) {
        count(Counter::honeycomb_refused);
        options.arrivals->refused(environment, sender, response.status, reason_in(response),
                                  remedy_for(response.status, of_otlp));
      }
      answer(std::move(response));
    });
  }

  // The sentence of a refusal, without what stands around it.
  static std::string reason_in(const net::Response& response) {
    const Result<JsonValue> body = parse_json(response.body);
    const JsonValue* error = body.ok() ? body->find("error") : nullptr;
    const std::string* sentence = error == nullptr ? nullptr : error->string();
    return sentence == nullptr ? response.body : *sentence;
  }

  static std::string_view remedy_for(int status, bool of_otlp) {
    if (of_otlp)
      return "OTLP belongs to /v1/traces, /v1/logs and /v1/metrics: set OTEL_EXPORTER_OTLP_ENDPOINT to the "
             "address alone, http://host:4318";
    switch (status) {
      case 401:
        return "Send a key of `clew keys list` in the header X-Honeycomb-Team; `clew keys create` makes one";
      case 403:
        return "Send a key that may do this: `clew keys create --help` tells how permissions are given";
      case 429:
      case 500:
      case 503:
        return "Nothing: the sender tries again. If it goes on, the store is full or too slow";
      default:
        return "The sender has the same words; mend its request";
    }
  }

  // The management API leaves out what clients of the ingest are told besides.
  static std::string refused_key(std::string_view message) {
    constexpr std::string_view kUnknown = "unknown API key - check your credentials";
    return std::string(message.starts_with(kUnknown) ? kUnknown : message);
  }

  static std::string missing_permission(control::Permission permission) {
    for (const control::PermissionName& one : control::all_permissions()) {
      if (one.permission == permission)
        return fmt::format("this API key does not have the permission {}", one.name);
    }
    return "this API key may not do this";
  }

  const ApiOptions options;
  const CrossOrigin cross_origin;
  Datasets datasets;
  QueryResults results;
  QueryWorkers workers;  // ends before what its tasks use
  const Context context;
  std::unique_ptr<Alerts> alerts;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->workers.stop();
  if (inside_->alerts) inside_->alerts->stop();
}

void Api::register_routes(Router& router) {
  for (const Operation& operation : all_operations()) {
    router.add(operation.method, operation.path,
               [this, &operation](net::Request request, net::Responder responder) {
                 inside_->handle(operation, std::move(request), std::move(responder));
               });
  }
  // Web pages send events.
  for (const std::string_view path : {"/1/events/{dataset}", "/1/batch/{dataset}"}) {
    router.add("OPTIONS", path, [this](net::Request request, net::Responder responder) {
      responder.send(inside_->cross_origin.preflight(request));
    });
  }
}

}  // namespace clew::honeycomb
