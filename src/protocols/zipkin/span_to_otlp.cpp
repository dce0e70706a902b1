#include "protocols/zipkin/span_to_otlp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/json_value.h"
#include "telemetry/otlp_fields.h"

namespace clew::zipkin {
namespace {

using namespace otlp;

constexpr uint64_t kStatusOk = 1, kStatusError = 2;
constexpr uint64_t kMostMicroseconds = INT64_MAX / 1000;
constexpr size_t kMostLinkBytes = size_t{64} << 10;
// As the Collector marks spans that had no timestamp.
constexpr std::string_view kNoStart = "otel.zipkin.absentField.startTime";

// OpenTelemetry's attributes of resources: exporters give each span those of its process as tags.
constexpr std::array<std::string_view, 78> kResourceNames = {"aws.ecs.cluster.arn",
                                                             "aws.ecs.container.arn",
                                                             "aws.ecs.launchtype",
                                                             "aws.ecs.task.arn",
                                                             "aws.ecs.task.family",
                                                             "aws.ecs.task.revision",
                                                             "aws.eks.cluster.arn",
                                                             "aws.log.group.arns",
                                                             "aws.log.group.names",
                                                             "aws.log.stream.arns",
                                                             "aws.log.stream.names",
                                                             "cloud.account.id",
                                                             "cloud.availability_zone",
                                                             "cloud.platform",
                                                             "cloud.provider",
                                                             "cloud.region",
                                                             "cloud.resource_id",
                                                             "container.id",
                                                             "container.image.id",
                                                             "container.image.name",
                                                             "container.image.tag",
                                                             "container.image.tags",
                                                             "container.name",
                                                             "container.runtime",
                                                             "deployment.environment",
                                                             "deployment.environment.name",
                                                             "device.id",
                                                             "device.manufacturer",
                                                             "device.model.identifier",
                                                             "device.model.name",
                                                             "faas.id",
                                                             "faas.instance",
                                                             "faas.max_memory",
                                                             "faas.name",
                                                             "faas.version",
                                                             "host.arch",
                                                             "host.id",
                                                             "host.image.id",
                                                             "host.image.name",
                                                             "host.image.version",
                                                             "host.ip",
                                                             "host.mac",
                                                             "host.name",
                                                             "host.type",
                                                             "k8s.cluster.name",
                                                             "k8s.container.name",
                                                             "k8s.cronjob.name",
                                                             "k8s.cronjob.uid",
                                                             "k8s.daemonset.name",
                                                             "k8s.deployment.name",
                                                             "k8s.job.name",
                                                             "k8s.namespace.name",
                                                             "k8s.node.name",
                                                             "k8s.node.uid",
                                                             "k8s.pod.name",
                                                             "k8s.pod.uid",
                                                             "k8s.replicaset.name",
                                                             "k8s.statefulset.name",
                                                             "os.description",
                                                             "os.name",
                                                             "os.type",
                                                             "os.version",
                                                             "process.command",
                                                             "process.command_args",
                                                             "process.command_line",
                                                             "process.executable.name",
                                                             "process.executable.path",
                                                             "process.owner",
                                                             "process.pid",
                                                             "process.runtime.description",
                                                             "process.runtime.name",
                                                             "process.runtime.version",
                                                             "service.instance.id",
                                                             "service.namespace",
                                                             "service.version",
                                                             "telemetry.sdk.language",
                                                             "telemetry.sdk.name",
                                                             "telemetry.sdk.version"};
static_assert(std::is_sorted(kResourceNames.begin(), kResourceNames.end()));

bool is_of_resource(std::string_view key) {
  // Their first letters; most tags (http.…, error, db.…) begin otherwise.
  if (key.size() < 7 || std::string_view("acdfhkopst").find(key[0]) == std::string_view::npos) return false;
  return std::binary_search(kResourceNames.begin(), kResourceNames.end(), key);
}

uint64_t nanoseconds(uint64_t microseconds) {
  return std::min(microseconds, kMostMicroseconds) * 1000;
}

std::string_view taken_until(std::string_view& text, char end) {
  const size_t at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool same_letters(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - ('a' - 'A') : a) == b; });
}

// A member of an object in JSON as an attribute.
void write_member(ProtobufWriter& to, uint32_t list, const JsonValue::Member& member) {
  if (const std::string* text = member.value.string()) {
    write_text(to, list, member.name, *text);
  } else if (const bool* truth = member.value.boolean()) {
    write_boolean(to, list, member.name, *truth);
  } else if (const int64_t* whole = member.value.integer()) {
    write_integer(to, list, member.name, *whole);
  } else if (const auto number = member.value.number()) {
    write_floating(to, list, member.name, *number);
  } else if (!member.value.is_null()) {
    write_text(to, list, member.name, member.value.text());
  }
}

// "\"name\": {…}": an event as some SDKs write it.
std::optional<JsonValue::Member> quoted_event(std::string_view text) {
  if (!text.starts_with('"') || !text.ends_with('}')) return std::nullopt;
  Result<JsonValue> json = parse_json("{" + std::string(text) + "}", 20);
  if (!json.ok() || json->object() == nullptr || json->object()->size() != 1) return std::nullopt;
  JsonValue::Member& event = json->object()->front();
  if (event.value.object() == nullptr) return std::nullopt;
  return std::move(event);
}

bool is_link(std::string_view text) {
  return text.size() <= kMostLinkBytes && !read_trace_id(taken_until(text, '|')).is_zero() &&
         !read_span_id(taken_until(text, '|')).is_zero();
}

// "{…}|3": attributes and the number of those dropped, as exporters write them behind a name. Nothing when it
// is something else.
struct Trailer {
  JsonValue attributes;
  uint32_t dropped = 0;
};
std::optional<Trailer> trailer_of(std::string_view text) {
  const size_t bar = text.rfind('|');
  if (bar == std::string_view::npos || !text.starts_with('{')) return std::nullopt;
  const auto dropped = number_of<uint32_t>(text.substr(bar + 1));
  Result<JsonValue> json = parse_json(text.substr(0, bar), 20);
  if (!dropped || !json.ok() || json->object() == nullptr) return std::nullopt;
  return Trailer{.attributes = std::move(*json), .dropped = *dropped};
}

}  // namespace

struct OtlpTranslation::Special {
  std::string_view scope_name, scope_version, trace_state, status_code, status_description, kind;
  const Tag* error = nullptr;
  std::vector<std::string_view> links;
};

void OtlpTranslation::take(const Span& span) {
  Special special;
  is_taken_.assign(span.tags.size(), false);
  for (size_t i = 0; i < span.tags.size(); ++i) {
    const Tag& tag = span.tags[i];
    const auto is = [&](std::string_view key, std::string_view& place) {
      if (tag.key != key) return false;
      place = tag.value;
      return true;
    };
    if (tag.key == "error") {
      special.error = &tag;
      is_taken_[i] = tag.value != "false";
    } else if (tag.key.starts_with("ot")) {
      const bool links = tag.key.starts_with("otlp.link.") && is_link(tag.value);
      if (links) special.links.push_back(tag.value);
      is_taken_[i] =
          links || is("otel.scope.name", special.scope_name) ||
          is("otel.scope.version", special.scope_version) || is("otel.library.name", special.scope_name) ||
          is("otel.library.version", special.scope_version) || is("otel.status_code", special.status_code) ||
          is("otel.status_description", special.status_description);
    } else if (span.kind == Kind::none && tag.key == "span.kind") {
      is_taken_[i] = tag.value == "internal";
    } else {
      is_taken_[i] =
          tag.key == "service.name" || is("w3c.tracestate", special.trace_state) || is_of_resource(tag.key);
    }
  }
  write_resource(span);
  write_scope(special);
  std::string& spans = request_.spans_of(resource_, scope_);
  ProtobufWriter to(spans);
  const auto item = to.begin_message(scope_items::items);
  write_span(span, special, to);
  to.end_message(item);
}

void OtlpTranslation::write_resource(const Span& span) {
  resource_.clear();
  ProtobufWriter to(resource_);
  // Exporters put the name into a tag too, which is of use where there is no endpoint.
  std::string_view service = span.local.service_name;
  for (const Tag& tag : span.tags)
    if (service.empty() && tag.key == "service.name") service = tag.value;
  if (!service.empty()) write_text(to, resource::attributes, "service.name", service);
  for (size_t i = 0; i < span.tags.size(); ++i)
    if (is_taken_[i] && is_of_resource(span.tags[i].key))
      write_text(to, resource::attributes, span.tags[i].key, span.tags[i].value);
}

void OtlpTranslation::write_scope(const Special& special) {
  scope_.clear();
  ProtobufWriter to(scope_);
  if (!special.scope_name.empty()) to.bytes(scope::name, special.scope_name);
  if (!special.scope_version.empty()) to.bytes(scope::version, special.scope_version);
}

void OtlpTranslation::write_span(const Span& span, const Special& special, ProtobufWriter& to) {
  constexpr std::array<uint64_t, 5> kKinds = {1, 3, 2, 4, 5};  // none is an internal span
  to.bytes(otlp::span::trace_id, span.trace_id.view());
  to.bytes(otlp::span::span_id, span.id.view());
  if (!special.trace_state.empty()) to.bytes(otlp::span::trace_state, special.trace_state);
  if (!span.parent_id.is_zero()) to.bytes(otlp::span::parent_span_id, span.parent_id.view());
  if (!span.name.empty()) to.bytes(otlp::span::name, span.name);
  to.varint(otlp::span::kind, kKinds[static_cast<size_t>(span.kind)]);
  uint64_t start = nanoseconds(span.timestamp);
  if (start == 0 && !span.annotations.empty()) start = nanoseconds(span.annotations.front().timestamp);
  if (start == 0) start = static_cast<uint64_t>(std::max<int64_t>(options_.arrived.count, 1));
  const uint64_t end = start + std::min(nanoseconds(span.duration), uint64_t{INT64_MAX} - start);
  to.fixed64(otlp::span::start, start);
  to.fixed64(otlp::span::end, end);
  write_attributes(span, to);
  write_events(span, to);
  for (const std::string_view link : special.links) write_link(link, to);

  const bool failed = (special.error != nullptr && special.error->value != "false") ||
                      same_letters(special.status_code, "ERROR");
  const bool ok = same_letters(special.status_code, "OK");
  std::string_view message = special.status_description;
  if (failed && message.empty() && special.error != nullptr && special.error->value != "true")
    message = special.error->value;
  if (!failed && !ok && message.empty()) return;
  const auto status = to.begin_message(otlp::span::status);
  if (!message.empty()) to.bytes(status::message, message);
  if (failed || ok) to.varint(status::code, failed ? kStatusError : kStatusOk);
  to.end_message(status);
}

void OtlpTranslation::write_attributes(const Span& span, ProtobufWriter& to) {
  constexpr uint32_t list = otlp::span::attributes;
  for (size_t i = 0; i < span.tags.size(); ++i)
    if (!is_taken_[i]) write_tag(span.tags[i], to);
  const auto write_endpoint = [&](const Endpoint& endpoint, std::string_view ip, std::string_view port) {
    const std::string_view address = endpoint.ipv4.empty() ? endpoint.ipv6 : endpoint.ipv4;
    if (!address.empty()) write_text(to, list, ip, address);
    if (endpoint.port != 0) write_integer(to, list, port, endpoint.port);
  };
  write_endpoint(span.local, "net.host.ip", "net.host.port");
  if (!span.remote.service_name.empty()) write_text(to, list, "peer.service", span.remote.service_name);
  write_endpoint(span.remote, "net.peer.ip", "net.peer.port");
  if (span.timestamp == 0) write_boolean(to, list, kNoStart, true);
  if (span.shared) write_boolean(to, list, "zipkin.shared", true);
  if (span.debug) write_boolean(to, list, "zipkin.debug", true);
}

void OtlpTranslation::write_tag(const Tag& tag, ProtobufWriter& to) {
  constexpr uint32_t list = otlp::span::attributes;
  if (options_.parse_tags) {
    if (const auto whole = number_of<int64_t>(tag.value)) return write_integer(to, list, tag.key, *whole);
    if (const auto number = number_of<double>(tag.value)) return write_floating(to, list, tag.key, *number);
    if (tag.value == "true" || tag.value == "false")
      return write_boolean(to, list, tag.key, tag.value == "true");
  }
  write_text(to, list, tag.key, tag.value);
}

// "name", "name|{…}|0" as the Collector writes events, `"name": {…}` as some SDKs do.
void OtlpTranslation::write_events(const Span& span, ProtobufWriter& to) {
  for (const Annotation& one : span.annotations) {
    const auto event = to.begin_message(otlp::span::events);
    if (one.timestamp != 0) to.fixed64(event::time, nanoseconds(one.timestamp));
    std::string_view rest = one.value;
    const std::string_view name = taken_until(rest, '|');
    const std::optional<Trailer> trailer = rest.empty() ? std::nullopt : trailer_of(rest);
    const auto quoted = trailer ? std::nullopt : quoted_event(one.value);
    const JsonValue* attributes = trailer ? &trailer->attributes : quoted ? &quoted->value : nullptr;
    to.bytes(event::name, trailer ? name : quoted ? std::string_view(quoted->name) : one.value);
    if (attributes != nullptr)
      for (const JsonValue::Member& member : *attributes->object())
        write_member(to, event::attributes, member);
    if (trailer && trailer->dropped > 0) to.varint(event::dropped_attributes_count, trailer->dropped);
    to.end_message(event);
  }
}

// "trace|span|state|{…}|dropped".
void OtlpTranslation::write_link(std::string_view text, ProtobufWriter& to) {
  const TraceId trace = read_trace_id(taken_until(text, '|'));
  const SpanId span = read_span_id(taken_until(text, '|'));
  if (trace.is_zero() || span.is_zero()) return;
  const auto link = to.begin_message(otlp::span::links);
  to.bytes(link::trace_id, trace.view());
  to.bytes(link::span_id, span.view());
  if (const std::string_view state = taken_until(text, '|'); !state.empty())
    to.bytes(link::trace_state, state);
  if (const std::optional<Trailer> trailer = trailer_of(text)) {
    for (const JsonValue::Member& member : *trailer->attributes.object())
      write_member(to, link::attributes, member);
    if (trailer->dropped > 0) to.varint(link::dropped_attributes_count, trailer->dropped);
  }
  to.end_message(link);
}

}  // namespace clew::zipkin
