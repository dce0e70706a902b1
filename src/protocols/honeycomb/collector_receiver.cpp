#include "protocols/honeycomb/collector_receiver.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/counters.h"
#include "net/http_client.h"
#include "pipeline/config/section.h"
#include "protocols/collector_door.h"
#include "protocols/cross_origin.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/event_request.h"
#include "protocols/honeycomb/field_names.h"
#include "protocols/honeycomb/team.h"
#include "protocols/query_workers.h"
#include "telemetry/semantic_names.h"

namespace clew::honeycomb {
namespace {

using pipeline::Section;

struct ReceiverSettings {
  CollectorDoorSettings door;
  std::vector<std::string> paths;  // before the dataset
  std::string auth_api;            // empty: this receiver answers itself
  FieldNames fields;
};

bool takes_batches(std::string_view path) {
  return path.ends_with("/batch");
}
bool takes_one(std::string_view path) {
  return path.ends_with("/events") || path.ends_with("/event");
}

// Libraries ask what a key is good for. Here nobody needs one.
Answer describe_no_key() {
  JsonValue body;
  body["api_key_access"]["events"] = JsonValue(true);
  body["api_key_access"]["createDatasets"] = JsonValue(true);
  for (const char* place : {"environment", "team"}) {
    body[place]["name"] = JsonValue(kTeamName);
    body[place]["slug"] = JsonValue(kTeamSlug);
  }
  return json_answer(200, body);
}

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(const ReceiverSettings& settings, const pipeline::Site& site, pipeline::Consumer& next)
      : settings_(settings),
        next_(next),
        cross_origin_(settings.door.allowed_origins),
        door_(settings.door, site),
        workers_(1, kWaiting) {
    for (const std::string& path : settings_.paths) {
      const EventRequest& form = takes_batches(path) ? event_batch() : one_event();
      const std::string pattern = path + "/{dataset}";
      door_.router().add("POST", pattern, [this, &form](net::Request request, net::Responder responder) {
        receive(form, request, responder);
      });
      door_.router().add("OPTIONS", pattern, [this](net::Request request, net::Responder responder) {
        responder.send(cross_origin_.preflight(request));
      });
    }
    door_.router().add("GET", "/1/auth", [this](net::Request request, net::Responder responder) {
      describe_key(std::move(request), std::move(responder));
    });
  }

  Status start() override {
    if (!settings_.auth_api.empty()) {
      CLEW_ASSIGN(client_, net::HttpClient::create({.timeout = seconds(10), .proxy_from_environment = true}));
    }
    return door_.open("Honeycomb's events");
  }
  void stop() override {
    if (client_) client_->cancel();
    door_.close();
    workers_.stop();
  }

 private:
  static constexpr size_t kWaiting = 64;

  void receive(const EventRequest& form, const net::Request& request, const net::Responder& responder) {
    count(Counter::honeycomb_requests);
    const auto answer = [responder, allowed = cross_origin_.headers_for(request)](Answer response) {
      if (response.status >= 400) count(Counter::honeycomb_refused);
      response.headers.insert(response.headers.end(), allowed.begin(), allowed.end());
      responder.send(std::move(response));
    };
    auto context = door_.sender_context(request.headers, request.peer);
    if (!context.ok()) return answer(error_answer(401, context.status().message()));
    if (auto refused = form.too_large(request)) return answer(std::move(*refused));
    const std::string dataset = request.parameter("dataset").value_or("");
    if (const Status named = check_dataset_name(dataset); !named.ok()) return answer(failure_answer(named));
    Result<std::vector<EventOrFault>> events = form.read(request, now());
    if (!events.ok()) return answer(error_answer(400, events.status().message()));
    for (EventOrFault& one : *events)
      if (auto* event = std::get_if<Event>(&one)) settings_.fields.apply(*event);
    take_events({.consumer = next_,
                 .arrivals = door_.arrivals(),
                 .environment = kDefaultEnvironment,
                 .sender = sender_of(request, "Honeycomb events"),
                 .bytes = request.body.size(),
                 .dataset_slug = dataset_slug(dataset),
                 .context = std::move(*context)},
                std::move(*events), [answer, &form](const Status& failure, const std::vector<Taken>& taken) {
                  answer(failure.ok() ? form.answer(taken) : failure_answer(failure));
                });
  }

  void describe_key(net::Request request, net::Responder responder) {
    if (!client_) return responder.send(describe_no_key());
    net::Headers headers;
    for (const char* name : {"x-honeycomb-team", "authorization", "user-agent"})
      if (const auto value = request.header(name)) headers.emplace_back(name, *value);
    const bool taken = workers_.submit([this, headers, responder] {
      const auto answer = client_->send({.url = settings_.auth_api + "/1/auth", .headers = headers});
      if (!answer.ok()) return responder.send(error_answer(502, answer.status().message()));
      responder.send(net::json_response(answer->status, answer->body));
    });
    if (!taken) responder.send(error_answer(503, "too many requests wait for auth_api"));
  }

  const ReceiverSettings settings_;
  pipeline::Consumer& next_;
  const CrossOrigin cross_origin_;
  CollectorDoor door_;
  std::unique_ptr<net::HttpClient> client_;
  QueryWorkers workers_;
};

void read_paths(Section& http, ReceiverSettings& settings) {
  settings.paths = {"/1/events", "/1/batch"};
  std::vector<std::string> more;
  http.read("traces_url_paths", more);
  for (std::string& path : more) {
    if (!path.starts_with('/')) path.insert(0, "/");
    while (path.ends_with('/')) path.pop_back();
    if (!takes_one(path) && !takes_batches(path))
      http.error("traces_url_paths",
                 fmt::format("expected paths that end in /events or /batch, got '{}'", path));
    else if (std::find(settings.paths.begin(), settings.paths.end(), path) == settings.paths.end())
      settings.paths.push_back(path);
  }
}

void read_field(Section& section, std::string_view key, std::string_view usual, FieldNames& fields) {
  std::string theirs(usual);
  section.read(key, theirs);
  fields.add(usual, theirs);
}

// In newer files these maps are below `fields`, in older ones they stand by themselves.
void read_fields(Section& section, FieldNames& fields) {
  Section resources = section.section("resources");
  read_field(resources, "service_name", "service.name", fields);
  Section scopes = section.section("scopes");
  read_field(scopes, "library_name", names::kLibraryName, fields);
  read_field(scopes, "library_version", names::kLibraryVersion, fields);
  Section attributes = section.section("attributes");
  read_field(attributes, "trace_id", names::kTraceId, fields);
  read_field(attributes, "span_id", names::kSpanId, fields);
  read_field(attributes, "parent_id", names::kParentId, fields);
  read_field(attributes, "name", names::kName, fields);
  read_field(attributes, "error", names::kError, fields);
  read_field(attributes, "spankind", names::kSpanKind, fields);
  std::vector<std::string> durations;
  attributes.read("durationFields", durations);
  for (const std::string& duration : durations) fields.add("duration_ms", duration);
}

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(Section& section) {
  ReceiverSettings settings;
  settings.door.endpoint = "localhost:8080";
  settings.door.allowed_origins = {"*"};  // as Honeycomb does: pages send events, and can read nothing
  {
    Section http = section.section("http");
    read_collector_http_door(http, settings.door);
    read_paths(http, settings);
  }
  section.read("auth_api", settings.auth_api);
  while (settings.auth_api.ends_with('/')) settings.auth_api.pop_back();
  if (!settings.auth_api.empty())
    if (const Result<net::Url> url = net::parse_url(settings.auth_api); !url.ok())
      section.error("auth_api", url.status().message());
  read_fields(section, settings.fields);
  Section fields = section.section("fields");
  read_fields(fields, settings.fields);
  section.ignore({"wrapper"});
  return [settings](const pipeline::Site& site,
                    pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    CLEW_TRY(check_authenticator(settings.door, site));
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(settings, site, next));
  };
}

}  // namespace clew::honeycomb
