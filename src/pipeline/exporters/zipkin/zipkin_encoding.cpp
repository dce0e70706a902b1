#include <array>

#include <arpa/inet.h>

#include "base/json_writer.h"
#include "pipeline/exporters/zipkin/zipkin_span.h"
#include "telemetry/protobuf_writer.h"
#include "telemetry/zipkin_fields.h"

namespace clew::pipeline {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"", "CLIENT", "SERVER", "PRODUCER", "CONSUMER"};

bool is_ipv6(const std::string& address) {
  return address.find(':') != std::string::npos;
}

void write_endpoint(JsonWriter& json, std::string_view key, const ZipkinEndpoint& endpoint) {
  if (endpoint.empty()) return;
  json.key(key).begin_object();
  if (!endpoint.service_name.empty()) json.key("serviceName").string(endpoint.service_name);
  if (!endpoint.address.empty())
    json.key(is_ipv6(endpoint.address) ? "ipv6" : "ipv4").string(endpoint.address);
  if (endpoint.port != 0) json.key("port").integer(endpoint.port);
  json.end_object();
}

void write_endpoint(ProtobufWriter& to, uint32_t field, const ZipkinEndpoint& endpoint) {
  if (endpoint.empty()) return;
  const auto nested = to.begin_message(field);
  if (!endpoint.service_name.empty()) to.bytes(zipkin_proto::endpoint::service_name, endpoint.service_name);
  if (!endpoint.address.empty()) {
    const bool six = is_ipv6(endpoint.address);
    std::array<char, 16> bytes{};
    if (::inet_pton(six ? AF_INET6 : AF_INET, endpoint.address.c_str(), bytes.data()) == 1)
      to.bytes(six ? zipkin_proto::endpoint::ipv6 : zipkin_proto::endpoint::ipv4,
               {bytes.data(), size_t{six ? 16U : 4U}});
  }
  if (endpoint.port != 0) to.int32(zipkin_proto::endpoint::port, endpoint.port);
  to.end_message(nested);
}

}  // namespace

void append_zipkin_json(std::string& out, const ZipkinSpan& span) {
  JsonWriter json;
  json.begin_object();
  json.key("traceId").string(span.trace_id.to_hex());
  if (!span.parent_id.is_zero()) json.key("parentId").string(span.parent_id.to_hex());
  json.key("id").string(span.id.to_hex());
  if (span.kind != ZipkinKind::none) json.key("kind").string(kKinds[static_cast<size_t>(span.kind)]);
  json.key("name").string(span.name);
  if (span.start_microseconds != 0) json.key("timestamp").integer(span.start_microseconds);
  if (span.microseconds != 0) json.key("duration").integer(span.microseconds);
  write_endpoint(json, "localEndpoint", span.local);
  write_endpoint(json, "remoteEndpoint", span.remote);
  if (!span.annotations.empty()) {
    json.key("annotations").begin_array();
    for (const ZipkinAnnotation& one : span.annotations) {
      json.begin_object().key("timestamp").integer(one.microseconds);
      json.key("value").string(one.value).end_object();
    }
    json.end_array();
  }
  if (!span.tags.empty()) {
    json.key("tags").begin_object();
    for (const auto& [key, value] : span.tags) json.key(key).string(value);
    json.end_object();
  }
  json.end_object();
  out.append(json.text());
}

void append_zipkin_proto(std::string& out, const ZipkinSpan& span) {
  ProtobufWriter to(out);
  const auto whole = to.begin_message(zipkin_proto::list::spans);
  to.bytes(zipkin_proto::span::trace_id, span.trace_id.view());
  if (!span.parent_id.is_zero()) to.bytes(zipkin_proto::span::parent_id, span.parent_id.view());
  to.bytes(zipkin_proto::span::id, span.id.view());
  if (span.kind != ZipkinKind::none) to.varint(zipkin_proto::span::kind, static_cast<uint64_t>(span.kind));
  to.bytes(zipkin_proto::span::name, span.name);
  if (span.start_microseconds != 0) to.fixed64(zipkin_proto::span::timestamp, span.start_microseconds);
  if (span.microseconds != 0) to.varint(zipkin_proto::span::duration, span.microseconds);
  write_endpoint(to, zipkin_proto::span::local_endpoint, span.local);
  write_endpoint(to, zipkin_proto::span::remote_endpoint, span.remote);
  for (const ZipkinAnnotation& one : span.annotations) {
    const auto nested = to.begin_message(zipkin_proto::span::annotations);
    to.fixed64(zipkin_proto::annotation::timestamp, one.microseconds);
    to.bytes(zipkin_proto::annotation::value, one.value);
    to.end_message(nested);
  }
  for (const auto& [key, value] : span.tags) {
    const auto nested = to.begin_message(zipkin_proto::span::tags);
    to.bytes(zipkin_proto::map_entry::key, key);
    to.bytes(zipkin_proto::map_entry::value, value);
    to.end_message(nested);
  }
  to.end_message(whole);
}

}  // namespace clew::pipeline
