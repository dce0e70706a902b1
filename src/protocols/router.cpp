#include "protocols/router.h"

#include <algorithm>
#include <array>

#include "base/counters.h"
#include "base/json_writer.h"
#include "base/nearest.h"
#include "net/url_encoding.h"
#include "protocols/error_kind_name.h"

namespace clew {
namespace {

// What a person most probably looks for; those that are served are listed in a 404.
constexpr std::array<std::string_view, 7> kWellKnown = {
    "/", "/v1/traces", "/v1/logs", "/v1/metrics", "/clew/v1/status", "/healthz", "/metrics",
};

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

// "/a/b" and "/a/b/" are a, b; "/" is nothing at all; "/a//b" is a, "", b.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return segments;
  for (size_t from = 0;;) {
    const size_t slash = path.find('/', from);
    segments.push_back(path.substr(from, slash - from));
    if (slash == std::string_view::npos) return segments;
    from = slash + 1;
  }
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  const bool open_end = !pattern.empty() && pattern.back() == "*";
  const size_t fixed = pattern.size() - (open_end ? 1 : 0);
  if (open_end ? path.size() < fixed : path.size() != fixed) return false;
  for (size_t i = 0; i < fixed; ++i) {
    if (is_parameter(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  }
  return true;
}

int rank_of(std::string_view segment) {
  return segment == "*" ? 2 : is_parameter(segment) ? 1 : 0;
}

// Both are known to fit the same path.
bool more_specific(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (rank_of(a[i]) != rank_of(b[i])) return rank_of(a[i]) < rank_of(b[i]);
  }
  // "/a" against "/a/*": the one that needs no star.
  return a.size() < b.size();
}

// The pattern's parameters as a query string, so that Request::parameter finds them.
std::string parameters_of(const std::vector<std::string>& pattern,
                          const std::vector<std::string_view>& path) {
  std::string query;
  const auto append = [&](std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(net::percent_encode(name)).append("=").append(net::percent_encode(value));
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view segment = pattern[i];
    if (is_parameter(segment)) {
      append(segment.substr(1, segment.size() - 2), path[i]);
    } else if (segment == "*") {
      std::string rest;
      for (size_t j = i; j < path.size(); ++j) rest.append(j > i ? "/" : "").append(path[j]);
      append("*", rest);
    }
  }
  return query;
}

// The pattern with its parameters replaced by what stands in their places, for comparing.
std::string filled_in(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool stands_for_segment = is_parameter(pattern[i]) && i < path.size();
    text.append("/").append(stands_for_segment ? path[i] : std::string_view(pattern[i]));
  }
  return text.empty() ? "/" : text;
}

// For messages: what came from outside, short and printable.
std::string quotable(std::string_view path) {
  constexpr size_t kShown = 120;
  std::string shown(path.substr(0, kShown));
  for (char& c : shown) {
    if (c < 0x20 || c == 0x7F || static_cast<uint8_t>(c) >= 0x80) c = '?';
  }
  if (path.size() > kShown) shown += "...";
  return shown;
}

// Some clients print the reason phrase and nothing else, others the body and nothing else: both say it all.
net::Response refusal(int status, std::string_view kind, std::string sentence) {
  JsonWriter json;
  json.begin_object().key("error").string(sentence).key("kind").string(kind).end_object();
  net::Response response = net::json_response(status, json.take());
  response.reason = std::move(sentence);
  return response;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace

struct Router::Candidates {
  const Route* route = nullptr;            // the most specific of this method
  std::vector<std::string> methods;        // of all routes that fit the path
  std::vector<std::string_view> segments;  // of the path
};

void Router::add(std::string_view method, std::string_view pattern, net::Handler handler) {
  Route route{std::string(method), std::string(pattern), {}, {}, std::move(handler)};
  for (const std::string_view segment : split(pattern)) route.segments.emplace_back(segment);
  routes_.push_back(std::move(route));
}

void Router::add(std::string_view method, std::string_view pattern, HeaderBegins header,
                 net::Handler handler) {
  add(method, pattern, std::move(handler));
  routes_.back().header = std::move(header);
}

void Router::add_grpc(std::string_view method, net::GrpcHandler handler) {
  grpc_routes_.emplace_back(std::string(method), std::move(handler));
}

std::vector<std::string> Router::routes() const {
  std::vector<std::string> all;
  for (const Route& route : routes_) {
    if (!route.header) all.push_back(route.method + " " + route.pattern);
  }
  return all;
}

Router::Candidates Router::candidates(const net::Request& request) const {
  const std::string_view method = request.method;
  Candidates found;
  found.segments = split(request.path);
  for (const Route& route : routes_) {
    if (!fits(route.segments, found.segments)) continue;
    if (std::find(found.methods.begin(), found.methods.end(), route.method) == found.methods.end()) {
      found.methods.push_back(route.method);
    }
    const bool answers = route.method == method || (method == "HEAD" && route.method == "GET");
    if (!answers) continue;
    if (route.header && !request.header(route.header->name).value_or("").starts_with(route.header->value))
      continue;
    // A route for HEAD itself beats the one for GET on the same pattern, one for a header the one for any.
    const bool better = found.route == nullptr || more_specific(route.segments, found.route->segments) ||
                        (!more_specific(found.route->segments, route.segments) &&
                         ((route.method == method && found.route->method != method) ||
                          (route.header.has_value() && !found.route->header.has_value())));
    if (better) found.route = &route;
  }
  if (std::find(found.methods.begin(), found.methods.end(), "GET") != found.methods.end() &&
      std::find(found.methods.begin(), found.methods.end(), "HEAD") == found.methods.end()) {
    found.methods.push_back("HEAD");
  }
  return found;
}

void Router::handle(net::Request request, net::Responder responder) const {
  const Candidates found = candidates(request);
  if (found.route != nullptr) {
    std::string parameters = parameters_of(found.route->segments, found.segments);
    if (!parameters.empty()) {
      if (!request.query.empty()) parameters.append("&").append(request.query);
      request.query = std::move(parameters);
    }
    found.route->handler(std::move(request), std::move(responder));
    return;
  }
  if (!found.methods.empty()) {
    const std::string allowed = joined(found.methods);
    if (request.method == "OPTIONS") {
      responder.send({.status = 204, .reason = {}, .headers = {{"allow", allowed}}, .body = {}});
      return;
    }
    count(Counter::wrong_method);
    net::Response response =
        refusal(405, "method_not_allowed",
                quotable(request.path) + " takes " + allowed + ", not " + quotable(request.method));
    response.headers.emplace_back("allow", allowed);
    refuse(request, responder, std::move(response));
    return;
  }
  if (fallback_) {
    if (std::optional<net::Response> response = fallback_(request)) {
      responder.send(std::move(*response));
      return;
    }
  }
  refuse(request, responder, not_found(request));
}

void Router::refuse(const net::Request& request, const net::Responder& responder,
                    net::Response response) const {
  if (on_refusal_) on_refusal_(request, response);
  responder.send(std::move(response));
}

const Router::Route* Router::nearest_route(const net::Request& request) const {
  const std::vector<std::string_view> path = split(request.path);
  const Route* best = nullptr;
  size_t least = SIZE_MAX;
  for (const Route& route : routes_) {
    // A base address that held the path already: /v1/traces/v1/traces.
    const bool has_more_in_front = route.segments.size() > 1 && request.path.ends_with(route.pattern);
    const size_t edits = has_more_in_front ? 0 : edit_distance(request.path, filled_in(route.segments, path));
    // Of equally near ones the one that takes this method is of more use.
    const size_t distance = 2 * edits + (route.method == request.method ? 0 : 1);
    if (distance < least) {
      least = distance;
      best = &route;
    }
  }
  return best;
}

net::Response Router::not_found(const net::Request& request) const {
  count(Counter::unknown_path);
  std::string sentence = "Nothing is served at " + quotable(request.path);
  if (const Route* meant = nearest_route(request)) {
    sentence.append(": did you mean ").append(meant->pattern).append("?");
  }
  std::vector<std::string> well_known;
  for (const std::string_view path : kWellKnown) {
    const auto serves = [&](const Route& route) { return route.pattern == path; };
    if (std::any_of(routes_.begin(), routes_.end(), serves)) well_known.emplace_back(path);
  }
  if (!well_known.empty()) sentence.append(" There are ").append(joined(well_known));
  return refusal(404, error_kind_name(ErrorKind::not_found), std::move(sentence));
}

void Router::handle_grpc(net::GrpcRequest request, net::GrpcResponder responder) const {
  std::vector<std::string_view> known;
  for (const auto& [method, handler] : grpc_routes_) {
    if (method == request.method) {
      handler(std::move(request), std::move(responder));
      return;
    }
    known.push_back(method);
  }
  count(Counter::unknown_path);
  net::GrpcResponse response;
  response.code = net::GrpcCode::unimplemented;
  response.error = "unknown method " + quotable(request.method);
  if (const std::string_view meant = nearest(request.method, known); !meant.empty()) {
    response.error.append(": did you mean ").append(meant).append("?");
  }
  if (on_refusal_) {
    net::Request told;
    told.method = "POST";
    told.path = request.method;
    told.headers = request.metadata;
    told.peer = request.peer;
    told.door = request.door;
    told.http_version = 20;
    net::Response answer = net::text_response(501, response.error);
    answer.reason = response.error;
    on_refusal_(told, answer);
  }
  responder(std::move(response));
}

}  // namespace clew
