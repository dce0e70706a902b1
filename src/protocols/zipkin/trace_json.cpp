#include "protocols/zipkin/trace_json.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/base64.h"
#include "telemetry/semantic_names.h"

namespace clew::zipkin {
namespace {

using query::Attribute;
using store::ColumnType;
using store::Scope;

constexpr uint8_t kStatusOk = 1, kStatusError = 2;

struct EndpointText {
  std::string service_name, address;
  int64_t port = 0;
};

int64_t microseconds(int64_t nanoseconds) {
  return nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0);
}

std::string text_of(const Attribute& attribute) {
  if (const auto* truth = std::get_if<bool>(&attribute.value)) return *truth ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&attribute.value)) return fmt::format("{}", *whole);
  if (const auto* number = std::get_if<double>(&attribute.value)) return fmt::format("{}", *number);
  const std::string_view text = std::get<std::string_view>(attribute.value);
  return attribute.type == ColumnType::bytes ? base64_encode(text) : std::string(text);
}

void write_value(JsonWriter& json, const Attribute& attribute) {
  if (const auto* truth = std::get_if<bool>(&attribute.value)) {
    json.boolean(*truth);
  } else if (const auto* whole = std::get_if<int64_t>(&attribute.value)) {
    json.exact_integer(*whole);
  } else if (const auto* number = std::get_if<double>(&attribute.value)) {
    json.number(*number);
  } else {
    json.string(text_of(attribute));
  }
}

std::string trace_id_text(const TraceId& id) {
  const std::string hex = id.to_hex();
  constexpr size_t kHalf = 16;
  return hex.find_first_not_of('0') >= kHalf ? hex.substr(kHalf) : hex;
}

std::string_view kind_text(std::string_view kind) {
  if (kind == "client") return "CLIENT";
  if (kind == "server") return "SERVER";
  if (kind == "producer") return "PRODUCER";
  if (kind == "consumer") return "CONSUMER";
  return {};
}

// The rows of a list by the span they belong to.
std::vector<std::vector<uint32_t>> by_span(const query::TraceRows& rows, size_t spans) {
  std::vector<std::vector<uint32_t>> lists(spans);
  for (uint32_t row = 0; row < rows.size(); ++row)
    if (const auto span = rows.spans[row]; span && *span < spans) lists[*span].push_back(row);
  return lists;
}

// {"a":1} of the row's own attributes; empty when it has none.
std::string attributes_json(const query::TraceRows& rows, uint32_t row) {
  JsonWriter json;
  json.begin_object();
  bool any = false;
  for (const Attribute& one : rows.attributes.of(row)) {
    if (one.scope != Scope::attribute) continue;
    json.key(one.name);
    write_value(json, one);
    any = true;
  }
  json.end_object();
  return any ? json.take() : std::string();
}

std::string_view intrinsic(std::span<const Attribute> attributes, std::string_view name) {
  for (const Attribute& one : attributes)
    if (one.scope == Scope::intrinsic && one.name == name)
      if (const auto* text = std::get_if<std::string_view>(&one.value)) return *text;
  return {};
}

void write_endpoint(JsonWriter& json, std::string_view key, const EndpointText& endpoint) {
  if (endpoint.service_name.empty() && endpoint.address.empty() && endpoint.port == 0) return;
  json.key(key).begin_object();
  if (!endpoint.service_name.empty()) json.key("serviceName").string(endpoint.service_name);
  if (!endpoint.address.empty())
    json.key(endpoint.address.find(':') == std::string::npos ? "ipv4" : "ipv6").string(endpoint.address);
  if (endpoint.port != 0) json.key("port").integer(endpoint.port);
  json.end_object();
}

class SpanWriter {
 public:
  SpanWriter(JsonWriter& json, const query::Trace& trace)
      : json_(json),
        trace_(trace),
        events_(by_span(trace.events, trace.spans.size())),
        links_(by_span(trace.links, trace.spans.size())) {}

  void write(uint32_t span) {
    const query::TraceSpans& spans = trace_.spans;
    take_attributes(span);
    json_.begin_object().key("traceId").string(trace_id_text(trace_.id));
    if (spans.parent_ids[span]) json_.key("parentId").string(spans.parent_ids[span]->to_hex());
    json_.key("id").string(spans.ids[span].to_hex());
    if (const std::string_view kind = kind_text(spans.kinds[span]); !kind.empty())
      json_.key("kind").string(kind);
    if (!spans.names[span].empty()) json_.key("name").string(spans.names[span]);
    if (!has_no_start_) json_.key("timestamp").integer(microseconds(spans.starts[span].count));
    // Whatever has ended took a microsecond at least.
    json_.key("duration").integer(std::max<int64_t>(microseconds(spans.durations[span].count), 1));
    write_endpoint(json_, "localEndpoint", local_);
    write_endpoint(json_, "remoteEndpoint", remote_);
    write_annotations(span);
    if (!tags_.empty()) {
      json_.key("tags").begin_object();
      for (const auto& [key, value] : tags_) json_.key(key).string(value);
      json_.end_object();
    }
    if (debug_) json_.key("debug").boolean(true);
    if (shared_) json_.key("shared").boolean(true);
    json_.end_object();
  }

 private:
  void take_attributes(uint32_t span) {
    const query::TraceSpans& spans = trace_.spans;
    const auto own = spans.attributes.of(span);
    const auto origin = trace_.origins.of(spans.origins[span]);
    tags_.clear();
    local_ = {.service_name = std::string(spans.services[span]), .address = {}};
    remote_ = {};
    shared_ = debug_ = has_no_start_ = false;
    for (const Attribute& one : own)
      if (one.scope == Scope::attribute) take_attribute(one);
    if (spans.status_codes[span] == kStatusError) {
      const std::string_view message = intrinsic(own, names::kStatusMessage);
      tags_["error"] = message.empty() ? "true" : std::string(message);
    } else if (spans.status_codes[span] == kStatusOk) {
      tags_["otel.status_code"] = "OK";
    }
    const auto tag = [&](const char* key, std::string_view text) {
      if (!text.empty()) tags_.emplace(key, std::string(text));
    };
    tag("w3c.tracestate", intrinsic(own, names::kTraceState));
    tag("otel.scope.name", intrinsic(origin, names::kLibraryName));
    tag("otel.scope.version", intrinsic(origin, names::kLibraryVersion));
    for (const Attribute& one : origin)
      if (one.scope == Scope::resource && one.name != "service.name")
        tags_.emplace(std::string(one.name), text_of(one));
    size_t position = 0;
    for (const uint32_t row : links_[span]) add_link(row, position++);
  }

  void take_attribute(const Attribute& one) {
    const auto* whole = std::get_if<int64_t>(&one.value);
    const bool is_true = std::get_if<bool>(&one.value) != nullptr && std::get<bool>(one.value);
    if (one.name == "peer.service") {
      remote_.service_name = text_of(one);
    } else if (one.name == "net.peer.ip") {
      remote_.address = text_of(one);
    } else if (one.name == "net.host.ip") {
      local_.address = text_of(one);
    } else if (one.name == "net.peer.port" && whole != nullptr) {
      remote_.port = *whole;
    } else if (one.name == "net.host.port" && whole != nullptr) {
      local_.port = *whole;
    } else if (one.name == "zipkin.shared" && is_true) {
      shared_ = true;
    } else if (one.name == "zipkin.debug" && is_true) {
      debug_ = true;
    } else if (one.name == "otel.zipkin.absentField.startTime" && is_true) {
      has_no_start_ = true;
    } else {
      tags_[std::string(one.name)] = text_of(one);
    }
  }

  void add_link(uint32_t row, size_t position) {
    const auto own = trace_.links.attributes.of(row);
    const auto id = [&](std::string_view name) {
      for (const Attribute& one : own)
        if (one.scope == Scope::intrinsic && one.name == name)
          if (const auto* raw = std::get_if<std::string_view>(&one.value)) {
            if (const auto trace = TraceId::from_bytes(*raw)) return trace->to_hex();
            if (const auto span = SpanId::from_bytes(*raw)) return span->to_hex();
          }
      return std::string();
    };
    const std::string attributes = attributes_json(trace_.links, row);
    tags_[fmt::format("otlp.link.{}", position)] =
        fmt::format("{}|{}|{}|{}|0", id(names::kLinkTraceId), id(names::kLinkSpanId),
                    intrinsic(own, names::kTraceState), attributes.empty() ? "{}" : attributes);
  }

  void write_annotations(uint32_t span) {
    if (events_[span].empty()) return;
    json_.key("annotations").begin_array();
    for (const uint32_t row : events_[span]) {
      std::string value(trace_.events.names[row]);
      if (const std::string attributes = attributes_json(trace_.events, row); !attributes.empty())
        value += "|" + attributes + "|0";
      json_.begin_object().key("timestamp").integer(microseconds(trace_.events.times[row].count));
      json_.key("value").string(value).end_object();
    }
    json_.end_array();
  }

  JsonWriter& json_;
  const query::Trace& trace_;
  const std::vector<std::vector<uint32_t>> events_, links_;
  // Of the span that is being written.
  std::map<std::string, std::string> tags_;
  EndpointText local_, remote_;
  bool shared_ = false, debug_ = false, has_no_start_ = false;
};

}  // namespace

void write_trace(JsonWriter& json, const query::Trace& trace) {
  SpanWriter writer(json, trace);
  json.begin_array();
  for (uint32_t span = 0; span < trace.spans.size(); ++span) writer.write(span);
  json.end_array();
}

}  // namespace clew::zipkin
