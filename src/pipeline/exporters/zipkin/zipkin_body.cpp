#include "pipeline/exporters/zipkin/zipkin_body.h"

#include <array>
#include <charconv>
#include <initializer_list>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "pipeline/otlp/span_walk.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kStatusOk = 1, kStatusError = 2;

uint64_t in_microseconds(uint64_t nanoseconds) {
  return nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0);
}

ZipkinKind kind_of(uint64_t otlp_kind) {
  constexpr std::array kKinds = {ZipkinKind::none,   ZipkinKind::none,     ZipkinKind::server,
                                 ZipkinKind::client, ZipkinKind::producer, ZipkinKind::consumer};
  return otlp_kind < kKinds.size() ? kKinds[otlp_kind] : ZipkinKind::none;
}

std::string first_text(const AttributeList& attributes, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Attribute* found = attributes.find(key);
    if (found == nullptr) continue;
    if (std::string text = text_of(attributes.value_of(*found)); !text.empty()) return text;
  }
  return {};
}

bool is_address(const std::string& text) {
  std::array<char, 16> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

uint16_t port_of(const std::string& text) {
  uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  return fault == std::errc() && end == text.data() + text.size() ? port : 0;
}

void set_address(ZipkinEndpoint& endpoint, std::string address, const std::string& port) {
  if (is_address(address)) endpoint.address = std::move(address);
  endpoint.port = port_of(port);
}

ZipkinEndpoint local_endpoint(const AttributeList& span, const AttributeList& resource,
                              const std::string& default_service) {
  ZipkinEndpoint local;
  local.service_name = first_text(resource, {"service.name"});
  if (local.service_name.empty()) local.service_name = default_service;
  set_address(local, first_text(span, {"network.local.address", "net.sock.host.addr", "net.host.ip"}),
              first_text(span, {"network.local.port", "net.sock.host.port", "net.host.port"}));
  return local;
}

// server.address is the other side only for those that call it.
ZipkinEndpoint remote_endpoint(const AttributeList& span, ZipkinKind kind) {
  ZipkinEndpoint remote;
  const bool calls = kind != ZipkinKind::none && kind != ZipkinKind::server;
  remote.service_name = first_text(span, {"peer.service", "service.peer.name"});
  if (remote.service_name.empty() && calls)
    remote.service_name = first_text(span, {"server.address", "net.peer.name"});
  set_address(
      remote,
      first_text(span,
                 {"network.peer.address", "server.socket.address", "net.sock.peer.addr", "net.peer.ip"}),
      first_text(span, {"network.peer.port", "server.socket.port", "net.sock.peer.port", "net.peer.port"}));
  if (remote.empty() && calls) remote.service_name = first_text(span, {"db.namespace", "db.name"});
  if (remote.port == 0 && calls) remote.port = port_of(first_text(span, {"server.port"}));
  return remote;
}

// The attributes of an event or a link as a JSON object, and how many the sender had dropped; empty when
// there are neither.
std::string trailing_json(MessageEditor& message, uint32_t attributes, uint32_t dropped_field) {
  std::string list, json;
  ProtobufWriter to(list);
  message.for_each(attributes, [&](std::string_view one) { to.bytes(otlp::any_value::string, one); });
  const uint64_t dropped = message.varint(dropped_field);
  if (list.empty() && dropped == 0) return {};
  otlp::append_key_values_json(json, list);
  return fmt::format("{}|{}", json, dropped);
}

// "name|{…}|0", which the Collector's receiver of Zipkin spans takes apart again.
void add_annotations(ZipkinSpan& to, MessageEditor& span) {
  MessageEditor event;
  span.for_each(otlp::span::events, [&](std::string_view bytes) {
    event.reset(bytes, 0);
    std::string value(event.bytes(otlp::event::name));
    if (const std::string more =
            trailing_json(event, otlp::event::attributes, otlp::event::dropped_attributes_count);
        !more.empty())
      value += "|" + more;
    to.annotations.push_back({in_microseconds(event.fixed64(otlp::event::time)), std::move(value)});
  });
}

void add_links(ZipkinSpan& to, MessageEditor& span) {
  MessageEditor link;
  size_t position = 0;
  span.for_each(otlp::span::links, [&](std::string_view bytes) {
    link.reset(bytes, 0);
    const auto trace = TraceId::from_bytes(link.bytes(otlp::link::trace_id));
    const auto id = SpanId::from_bytes(link.bytes(otlp::link::span_id));
    std::string more = trailing_json(link, otlp::link::attributes, otlp::link::dropped_attributes_count);
    if (more.empty()) more = "{}|0";
    to.tags[fmt::format("otlp.link.{}", position++)] =
        fmt::format("{}|{}|{}|{}", trace.value_or(TraceId()).to_hex(), id.value_or(SpanId()).to_hex(),
                    link.bytes(otlp::link::trace_state), more);
  });
}

void add_status(ZipkinSpan& to, MessageEditor& span) {
  MessageEditor status;
  status.reset(span.bytes(otlp::span::status), 0);
  const uint64_t code = status.varint(otlp::status::code);
  if (code == kStatusOk) to.tags["otel.status_code"] = "OK";
  if (code != kStatusError) return;
  to.tags["otel.status_code"] = "ERROR";
  const std::string_view message = status.bytes(otlp::status::message);
  // Zipkin takes a span for a failed one when this tag is there.
  to.tags["error"] = message.empty() ? "true" : std::string(message);
}

// What is said first stays: the span's own status, then its attributes, then those around it.
void add_tags(ZipkinSpan& to, const SpanPlace& place) {
  add_status(to, place.span);
  add_links(to, place.span);
  const auto add = [&](const AttributeList& list) {
    for (const Attribute& one : list.all())
      to.tags.emplace(std::string(one.key), text_of(list.value_of(one)));
  };
  const auto add_text = [&](const char* key, std::string_view text) {
    if (!text.empty()) to.tags.emplace(key, std::string(text));
  };
  const auto add_count = [&](const char* key, uint32_t field) {
    if (const uint64_t number = place.span.varint(field)) to.tags.emplace(key, fmt::format("{}", number));
  };
  add(place.span.attributes());
  add_text("otel.scope.name", place.scope.bytes(otlp::scope::name));
  add_text("otel.scope.version", place.scope.bytes(otlp::scope::version));
  add_text("w3c.tracestate", place.span.bytes(otlp::span::trace_state));
  add_count("otel.dropped_attributes_count", otlp::span::dropped_attributes_count);
  add_count("otel.dropped_events_count", otlp::span::dropped_events_count);
  add_count("otel.dropped_links_count", otlp::span::dropped_links_count);
  add(place.resource.attributes());
  to.tags.erase("service.name");
}

// False when the span has no identity.
bool translate(const SpanPlace& place, const std::string& default_service, ZipkinSpan& to) {
  MessageEditor& span = place.span;
  const auto trace = TraceId::from_bytes(span.bytes(otlp::span::trace_id));
  const auto id = SpanId::from_bytes(span.bytes(otlp::span::span_id));
  if (!trace || trace->is_zero() || !id || id->is_zero()) return false;
  to.trace_id = *trace;
  to.id = *id;
  to.parent_id = SpanId::from_bytes(span.bytes(otlp::span::parent_span_id)).value_or(SpanId());
  to.kind = kind_of(span.varint(otlp::span::kind));
  to.name = span.bytes(otlp::span::name);
  const uint64_t start = span.fixed64(otlp::span::start), end = span.fixed64(otlp::span::end);
  to.start_microseconds = in_microseconds(start);
  // Whatever has ended took a microsecond at least.
  if (end != 0 && end >= start) to.microseconds = std::max<uint64_t>(in_microseconds(end - start), 1);
  to.local = local_endpoint(span.attributes(), place.resource.attributes(), default_service);
  to.remote = remote_endpoint(span.attributes(), to.kind);
  add_annotations(to, span);
  add_tags(to, place);
  return true;
}

}  // namespace

Result<ZipkinBody> zipkin_body(std::string_view request, const std::string& default_service,
                               ZipkinFormat format, size_t most_bytes) {
  ZipkinBody body;
  const bool is_json = format == ZipkinFormat::json;
  if (is_json) body.bytes = "[";
  CLEW_TRY(walk_spans(request, [&](const SpanPlace& place) {
    if (body.bytes.size() > most_bytes) return;
    ZipkinSpan span;
    if (!translate(place, default_service, span)) {
      ++body.refused;
      return;
    }
    if (is_json && body.spans > 0) body.bytes += ',';
    is_json ? append_zipkin_json(body.bytes, span) : append_zipkin_proto(body.bytes, span);
    ++body.spans;
  }));
  if (body.bytes.size() > most_bytes)
    return Status(ErrorKind::too_large,
                  fmt::format("the spans of one request are more than {} bytes in Zipkin's encoding; "
                              "batch fewer of them",
                              most_bytes));
  if (is_json) body.bytes += ']';
  return body;
}

}  // namespace clew::pipeline
