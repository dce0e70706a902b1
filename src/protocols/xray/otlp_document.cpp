// A span that came as OTLP, as the segment document that the collector's exporter would make of it, by and
// large.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "protocols/xray/member_homes.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/span_document.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {
namespace {

constexpr uint8_t kStatusError = 2;

// The names that instrumentation of all ages uses for one thing.
struct Source {
  std::string_view path;
  std::array<std::string_view, 4> attributes;
};

constexpr std::array kSources = {
    Source{"http.request.method", {"http.request.method", "http.method"}},
    Source{"http.request.url", {"url.full", "http.url"}},
    Source{"http.request.user_agent", {"user_agent.original", "http.user_agent"}},
    Source{"http.request.client_ip",
           {"client.address", "http.client_ip", "net.sock.peer.addr", "net.peer.ip"}},
    Source{"http.response.status", {"http.response.status_code", "http.status_code"}},
    Source{
        "http.response.content_length",
        {"http.response.body.size", "http.response_content_length", "http.response.header.content-length"}},
    Source{"sql.sanitized_query", {"db.query.text", "db.statement"}},
    Source{"sql.database_type", {"db.system.name", "db.system"}},
    Source{"sql.user", {"db.user"}},
    Source{"sql.url", {"db.connection_string"}},
    Source{"user", {"enduser.id", "user.id"}},
    Source{"aws.operation", {"aws.operation"}},
    Source{"aws.region", {"aws.region"}},
    Source{"aws.request_id", {"aws.request_id", "aws.requestId"}},
    Source{"aws.table_name", {"aws.table_name", "aws.dynamodb.table_names"}},
    Source{"aws.queue_url", {"aws.queue_url", "aws.sqs.queue.url"}},
    Source{"aws.bucket_name", {"aws.s3.bucket"}},
    Source{"aws.function_name", {"aws.lambda.function_name"}},
};

using UsedNames = std::set<std::string_view>;

std::optional<std::string> text_of(const SpanView& span, std::string_view name) {
  const query::Attribute* found = span.find(name);
  if (found == nullptr || found->type != store::ColumnType::string) return std::nullopt;
  return std::string(std::get<std::string_view>(found->value));
}

std::optional<std::string> first_text(const SpanView& span, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::optional<std::string> text = text_of(span, name); text && !text->empty()) return text;
  }
  return std::nullopt;
}

std::string resource_text(const SpanView& span, std::string_view name) {
  const auto found = span.resource.find(name);
  if (found == span.resource.end()) return {};
  const auto* text = std::get_if<std::string_view>(&found->second->value);
  return text == nullptr ? std::string() : std::string(*text);
}

JsonValue& at_path(JsonValue& root, std::string_view path) {
  const size_t dot = path.find('.');
  JsonValue& child = root[path.substr(0, dot)];
  return dot == std::string_view::npos ? child : at_path(child, path.substr(dot + 1));
}

std::string_view kind_of(const SpanView& span) {
  return span.trace.spans.kinds[span.row];
}

bool is_aws_call(const SpanView& span) {
  const auto system = text_of(span, "rpc.system");
  return (system && *system == "aws-api") || span.find("aws.service") != nullptr;
}

// "AWS.SDK.SQS" and "AWS::SQS" are SQS.
std::string without_vendor(std::string name) {
  for (const std::string_view prefix : {"AWS.SDK.", "AWS::"}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  return name;
}

std::string name_of(const SpanView& span) {
  const std::string_view kind = kind_of(span);
  const std::string span_name(span.trace.spans.names[span.row]);
  if (kind == "server") {
    if (auto local = text_of(span, "aws.local.service")) return *local;
    const std::string_view service = span.trace.spans.services[span.row];
    return service.empty() ? span_name : std::string(service);
  }
  if (is_segment_of_otlp(span)) {
    const std::string_view service = span.trace.spans.services[span.row];
    if (!service.empty()) return std::string(service);
  }
  if (kind == "internal" || kind == "unspecified") return span_name;
  if (auto remote = first_text(span, {"aws.remote.service", "peer.service", "service.peer.name"}))
    return without_vendor(*remote);
  if (auto service = text_of(span, "aws.service")) return without_vendor(*service);
  const auto host = first_text(span, {"server.address", "http.host", "net.peer.name"});
  if (auto database = first_text(span, {"db.namespace", "db.name"}))
    return host ? fmt::format("{}@{}", *database, *host) : *database;
  if (auto service = text_of(span, "rpc.service")) return *service;
  return host.value_or(span_name);
}

std::string_view origin_of(const SpanView& span) {
  constexpr std::pair<std::string_view, std::string_view> kOrigins[] = {
      {"aws_ec2", "AWS::EC2::Instance"},
      {"aws_ecs", "AWS::ECS::Container"},
      {"aws_eks", "AWS::EKS::Container"},
      {"aws_elastic_beanstalk", "AWS::ElasticBeanstalk::Environment"},
      {"aws_app_runner", "AWS::AppRunner::Service"},
      {"aws_lambda", "AWS::Lambda::Function"},
  };
  const std::string platform = resource_text(span, "cloud.platform");
  for (const auto& [name, origin] : kOrigins) {
    if (platform == name) {
      const std::string launch = resource_text(span, "aws.ecs.launchtype");
      if (platform == "aws_ecs" && launch == "fargate") return "AWS::ECS::Fargate";
      if (platform == "aws_ecs" && launch == "ec2") return "AWS::ECS::EC2";
      return origin;
    }
  }
  return {};
}

void add_sources(JsonValue& document, const SpanView& span, UsedNames& used) {
  for (const Source& source : kSources) {
    for (const std::string_view name : source.attributes) {
      const query::Attribute* found = name.empty() ? nullptr : span.find(name);
      if (found == nullptr) continue;
      used.insert(name);
      at_path(document, source.path) = json_of(*found);
      break;
    }
  }
  const JsonValue* http = document.find("http");
  if (http == nullptr || (http->find("request") != nullptr && http->find("request")->find("url") != nullptr))
    return;
  const auto path = first_text(span, {"url.path", "http.target", "http.route"});
  const auto host = first_text(span, {"server.address", "http.host", "net.host.name"});
  if (!path && !host) return;
  document["http"]["request"]["url"] =
      JsonValue(fmt::format("{}://{}{}", first_text(span, {"url.scheme", "http.scheme"}).value_or("http"),
                            host.value_or("localhost"), path.value_or("/")));
}

std::optional<int64_t> http_status(const JsonValue& document) {
  const JsonValue* http = document.find("http");
  const JsonValue* response = http == nullptr ? nullptr : http->find("response");
  const JsonValue* status = response == nullptr ? nullptr : response->find("status");
  if (status == nullptr || status->integer() == nullptr) return std::nullopt;
  return *status->integer();
}

void add_failure(JsonValue& document, const SpanView& span) {
  const std::optional<int64_t> status = http_status(document);
  const bool failed = span.trace.spans.status_codes[span.row] == kStatusError;
  if (status && *status >= 400 && *status < 500) {
    document["error"] = JsonValue(true);
    if (*status == 429) document["throttle"] = JsonValue(true);
  } else if (failed || (status && *status >= 500)) {
    document["fault"] = JsonValue(true);
  }
}

JsonValue frames_of(std::string_view stacktrace) {
  constexpr size_t kMostFrames = 100;
  JsonValue::Array frames;
  while (!stacktrace.empty() && frames.size() < kMostFrames) {
    const size_t end = stacktrace.find('\n');
    std::string_view line = stacktrace.substr(0, end);
    stacktrace.remove_prefix(end == std::string_view::npos ? stacktrace.size() : end + 1);
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    JsonValue frame;
    frame["label"] = JsonValue(line.substr(first));
    frames.push_back(std::move(frame));
  }
  return JsonValue(std::move(frames));
}

void add_cause(JsonValue& document, const SpanView& span) {
  const query::TraceRows& events = span.trace.events;
  JsonValue::Array exceptions;
  for (const uint32_t row : span.exceptions) {
    JsonValue exception;
    // Made of the span's id, so that it is the same each time.
    std::string id = span.trace.spans.ids[span.row].to_hex();
    id.replace(0, 4, fmt::format("{:04x}", (exceptions.size() + 0xe000) & 0xffff));
    exception["id"] = JsonValue(std::move(id));
    for (const query::Attribute& one : events.attributes.of(row)) {
      const auto* text = std::get_if<std::string_view>(&one.value);
      if (text == nullptr) continue;
      if (one.name == "exception.type") exception["type"] = JsonValue(*text);
      if (one.name == "exception.message") exception["message"] = JsonValue(*text);
      if (one.name == "exception.stacktrace") exception["stack"] = frames_of(*text);
    }
    exceptions.push_back(std::move(exception));
  }
  if (!exceptions.empty()) document["cause"]["exceptions"] = JsonValue(std::move(exceptions));
}

bool is_scalar(const query::Attribute& attribute) {
  return attribute.type == store::ColumnType::string || attribute.type == store::ColumnType::int64 ||
         attribute.type == store::ColumnType::float64 || attribute.type == store::ColumnType::boolean;
}

void add_others(JsonValue& document, const SpanView& span, const UsedNames& used,
                const AnnotationChoice& choice) {
  std::optional<std::set<std::string>> listed;
  if (const query::Attribute* list = span.find(attribute::kAnnotations)) {
    listed.emplace();
    const JsonValue keys = json_of(*list);
    if (keys.array() != nullptr) {
      for (const JsonValue& key : *keys.array()) {
        if (key.string() != nullptr) listed->insert(*key.string());
      }
    }
  }
  for (const auto& [name, one] : span.attributes) {
    if (name == attribute::kAnnotations || used.contains(name)) continue;
    const bool is_chosen =
        (listed ? listed->contains(std::string(name)) : choice.all) || choice.names.contains(name);
    const bool is_annotation = is_chosen && is_scalar(*one);
    (is_annotation ? document["annotations"] : document["metadata"]["default"])[name] = json_of(*one);
  }
  for (const auto& [name, one] : span.resource) {
    const std::string full = fmt::format("otel.resource.{}", name);
    const bool is_annotation = choice.names.contains(full) && is_scalar(*one);
    (is_annotation ? document["annotations"] : document["metadata"]["default"])[full] = json_of(*one);
  }
}

}  // namespace

bool is_segment_of_otlp(const SpanView& span) {
  const std::string_view kind = kind_of(span);
  return !span.trace.spans.parent_ids[span.row] || kind == "server";
}

JsonValue document_of_otlp(const SpanView& span, const AnnotationChoice& choice) {
  const query::TraceSpans& spans = span.trace.spans;
  const bool is_segment = is_segment_of_otlp(span);
  JsonValue document;
  document["id"] = JsonValue(spans.ids[span.row].to_hex());
  document["name"] = JsonValue(name_of(span));
  document["start_time"] = JsonValue(seconds_of(spans.starts[span.row]));
  document["end_time"] = JsonValue(seconds_of(spans.starts[span.row] + spans.durations[span.row]));
  document["trace_id"] = JsonValue(trace_id_text(span.trace.id));
  if (spans.parent_ids[span.row]) document["parent_id"] = JsonValue(spans.parent_ids[span.row]->to_hex());
  if (!is_segment) {
    document["type"] = JsonValue("subsegment");
    if (is_aws_call(span)) {
      document["namespace"] = JsonValue("aws");
    } else if (kind_of(span) == "client" || kind_of(span) == "producer") {
      document["namespace"] = JsonValue("remote");
    }
  } else if (const std::string_view origin = origin_of(span); !origin.empty()) {
    document["origin"] = JsonValue(origin);
  }
  UsedNames used;
  add_sources(document, span, used);
  add_failure(document, span);
  add_cause(document, span);
  add_others(document, span, used, choice);
  return document;
}

}  // namespace clew::xray
