#include "protocols/clew/call.h"

#include <algorithm>

#include "protocols/clew/content_encoding.h"
#include "protocols/error_kind_name.h"

namespace clew::api {

std::string error_json(const Status& status, const Fault& fault) {
  JsonWriter writer;
  writer.begin_object()
      .key("error")
      .string(status.message())
      .key("kind")
      .string(error_kind_name(status.kind()));
  if (!fault.field.empty()) writer.key("field").string(fault.field);
  if (fault.position) writer.key("position").integer(*fault.position);
  writer.end_object();
  return writer.take();
}

net::Response refusal(const Status& status, const Fault& fault) {
  net::Response response = net::json_response(net::http_status_of(status.kind()), error_json(status, fault));
  response.headers.emplace_back("cache-control", "no-store");
  return response;
}

net::Response json(JsonWriter writer) {
  net::Response response = net::json_response(200, writer.take());
  response.headers.emplace_back("cache-control", "no-store");
  return response;
}

net::Headers cross_origin_headers(const Call& call) {
  const std::vector<std::string>& allowed = call.options().allowed_origins;
  if (allowed.empty()) return {};
  const std::string origin(call.request.header("origin").value_or(std::string_view()));
  const bool admitted = std::find(allowed.begin(), allowed.end(), origin) != allowed.end() ||
                        std::find(allowed.begin(), allowed.end(), "*") != allowed.end();
  if (origin.empty() || !admitted) return {{"vary", "origin"}};
  return {{"access-control-allow-origin", origin}, {"vary", "origin"}};
}

void send(const Call& call, net::Response response) {
  for (auto& header : cross_origin_headers(call)) response.headers.push_back(std::move(header));
  call.responder.send(packed(std::move(response), call.request));
}

query::RunOptions Watch::run_options() {
  query::RunOptions options = call_.options().run_options(cancel_);
  if (time_limit_) options.time_limit = std::min(options.time_limit, *time_limit_);
  options.progress = [this](const query::Progress& progress) {
    if (call_.responder.cancelled() || call_.context.workers.stopping()) cancel_ = true;
    if (observer_) observer_(progress);
  };
  return options;
}

}  // namespace clew::api
