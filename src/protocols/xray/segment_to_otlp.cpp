#include "protocols/xray/segment_to_otlp.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "protocols/xray/exceptions.h"
#include "protocols/xray/member_homes.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::xray {
namespace {

constexpr uint64_t kInternal = 1, kServer = 2, kClient = 3;
constexpr uint64_t kStatusError = 2;
constexpr size_t kMostAnnotations = 1000;
constexpr size_t kLongestAnnotationKey = 500;

void write_value(ProtobufWriter& writer, uint32_t field, const JsonValue& value) {
  const auto any = writer.begin_message(field);
  if (const std::string* text = value.string()) {
    writer.bytes(otlp::any_value::string, *text);
  } else if (const bool* truth = value.boolean()) {
    writer.boolean(otlp::any_value::boolean, *truth);
  } else if (const int64_t* integer = value.integer()) {
    writer.varint(otlp::any_value::integer, static_cast<uint64_t>(*integer));
  } else if (const double* real = value.floating()) {
    writer.floating(otlp::any_value::floating, *real);
  } else if (const JsonValue::Array* values = value.array()) {
    const auto array = writer.begin_message(otlp::any_value::array);
    for (const JsonValue& one : *values) write_value(writer, otlp::array_value::values, one);
    writer.end_message(array);
  }
  writer.end_message(any);
}

void write_attribute(ProtobufWriter& writer, uint32_t field, std::string_view name, const JsonValue& value) {
  const auto pair = writer.begin_message(field);
  writer.bytes(otlp::key_value::key, name);
  write_value(writer, otlp::key_value::value, value);
  writer.end_message(pair);
}

bool is_of_kind(const JsonValue& value, MemberKind kind) {
  switch (kind) {
    case MemberKind::text:
      return value.string() != nullptr;
    case MemberKind::integer:
      return value.integer() != nullptr;
    case MemberKind::boolean:
      return value.boolean() != nullptr;
    case MemberKind::json:
      return true;
  }
  return false;
}

// Takes the value at `path` out of `node` when it is of that kind; what becomes empty by it goes too.
std::optional<JsonValue> take_path(JsonValue& node, std::string_view path, MemberKind kind) {
  const size_t dot = path.find('.');
  const std::string_view first = path.substr(0, dot);
  JsonValue* child = node.find(first);
  if (child == nullptr) return std::nullopt;
  if (dot == std::string_view::npos)
    return is_of_kind(*child, kind) ? node.take(first) : std::optional<JsonValue>();
  std::optional<JsonValue> taken = take_path(*child, path.substr(dot + 1), kind);
  if (taken && child->object()->empty()) node.take(first);
  return taken;
}

bool is_text(const JsonValue* value, std::string_view text) {
  return value != nullptr && value->string() != nullptr && *value->string() == text;
}

bool is_true(const JsonValue& node, std::string_view name) {
  const JsonValue* value = node.find(name);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

uint64_t kind_of(const JsonValue& node, bool is_segment) {
  const JsonValue* space = node.find("namespace");
  if (is_text(space, "aws") || is_text(space, "remote")) return kClient;
  if (is_segment) return kServer;
  const JsonValue* http = node.find("http");
  const JsonValue* request = http == nullptr ? nullptr : http->find("request");
  return request != nullptr && request->find("client_ip") != nullptr ? kServer : kInternal;
}

// cloud.platform of an origin, as OpenTelemetry's resource detectors name it; empty for others.
std::string_view platform_of(std::string_view origin) {
  constexpr std::pair<std::string_view, std::string_view> kPlatforms[] = {
      {"AWS::EC2::", "aws_ec2"},
      {"AWS::ECS::", "aws_ecs"},
      {"AWS::EKS::", "aws_eks"},
      {"AWS::ElasticBeanstalk::", "aws_elastic_beanstalk"},
      {"AWS::AppRunner::", "aws_app_runner"},
      {"AWS::Lambda", "aws_lambda"},
  };
  for (const auto& [prefix, platform] : kPlatforms) {
    if (origin.starts_with(prefix)) return platform;
  }
  return {};
}

class DocumentWriter {
 public:
  DocumentWriter(TranslatedSegments& to, const TraceId& trace) : to_(to), writer_(to.otlp), trace_(trace) {}

  void document(JsonValue node, bool is_subsegment, std::optional<std::string> service) {
    const auto resource_spans = writer_.begin_message(otlp::request::resources);
    std::vector<Moved> resource;
    if (!is_subsegment) resource = take_homes(node, HomeScope::resource);
    write_resource(resource, service, node);
    const auto scope_spans = writer_.begin_message(otlp::resource_items::scopes);
    span(std::move(node), {.form = is_subsegment ? "subsegment" : "segment", .container = {}, .position = 0});
    writer_.end_message(scope_spans);
    writer_.end_message(resource_spans);
  }

 private:
  struct Moved {
    std::string_view attribute;
    JsonValue value;
  };
  struct Place {
    std::string form;
    std::optional<SpanId> container;  // inline subsegments only
    size_t position;
  };

  static std::vector<Moved> take_homes(JsonValue& node, HomeScope scope) {
    std::vector<Moved> moved;
    for (const MemberHome& home : all_member_homes()) {
      if (home.scope != scope) continue;
      std::optional<JsonValue> value = take_path(node, home.path, home.kind);
      if (!value) continue;
      if (home.kind == MemberKind::json) value = JsonValue(value->text());
      moved.push_back({home.attribute, std::move(*value)});
    }
    return moved;
  }

  void write_resource(const std::vector<Moved>& moved, const std::optional<std::string>& service,
                      const JsonValue& node) {
    const auto resource = writer_.begin_message(otlp::resource_items::resource);
    const auto add = [this](std::string_view name, const JsonValue& value) {
      write_attribute(writer_, otlp::resource::attributes, name, value);
    };
    if (service) add("service.name", JsonValue(*service));
    const JsonValue* origin = node.find("origin");
    if (origin != nullptr && origin->string() != nullptr && origin->string()->starts_with("AWS::")) {
      add("cloud.provider", JsonValue("aws"));
      if (const std::string_view platform = platform_of(*origin->string()); !platform.empty())
        add("cloud.platform", JsonValue(platform));
    }
    for (const Moved& one : moved) add(one.attribute, one.value);
    writer_.end_message(resource);
  }

  void span(JsonValue node, Place place) {
    ++to_.spans;
    const SpanId id = *SpanId::from_hex(*node.find("id")->string());
    std::optional<JsonValue> subsegments = take_subsegments(node);
    const auto span = writer_.begin_message(otlp::scope_items::items);
    writer_.bytes(otlp::span::trace_id, trace_.view());
    writer_.bytes(otlp::span::span_id, id.view());
    writer_.bytes(otlp::span::name, *node.find("name")->string());
    writer_.varint(otlp::span::kind, kind_of(node, place.form == "segment"));
    take_ids(node, id, place);
    const UnixNanos end = take_times(node);
    write_status(node);
    write_links(node);
    write_exceptions(node, end);
    node.take("name");
    for (const Moved& one : take_homes(node, HomeScope::span)) attribute(one.attribute, one.value);
    take_annotations(node);
    attribute(attribute::kForm, JsonValue(place.form));
    if (place.container) attribute(attribute::kPosition, JsonValue(static_cast<int64_t>(place.position)));
    if (!node.object()->empty()) attribute(attribute::kRemainder, JsonValue(node.text()));
    writer_.end_message(span);
    if (!subsegments) return;
    for (size_t i = 0; i < subsegments->array()->size(); ++i)
      this->span(std::move((*subsegments->array())[i]), {.form = "inline", .container = id, .position = i});
  }

  void attribute(std::string_view name, const JsonValue& value) {
    write_attribute(writer_, otlp::span::attributes, name, value);
  }

  // An empty list stays where it is.
  static std::optional<JsonValue> take_subsegments(JsonValue& node) {
    const JsonValue* subsegments = node.find("subsegments");
    if (subsegments == nullptr || subsegments->array() == nullptr || subsegments->array()->empty())
      return std::nullopt;
    return node.take("subsegments");
  }

  // Members that say what the span's ids and its form say already are dropped; in another spelling they
  // stay.
  void take_ids(JsonValue& node, SpanId id, Place& place) {
    if (is_text(node.find("id"), id.to_hex())) node.take("id");
    const JsonValue* parent = node.find("parent_id");
    std::optional<SpanId> parent_id =
        parent == nullptr || parent->string() == nullptr ? std::nullopt : SpanId::from_hex(*parent->string());
    if (place.container) parent_id = place.container;
    if (parent_id && !parent_id->is_zero()) {
      writer_.bytes(otlp::span::parent_span_id, parent_id->view());
      take_repeated(node, "parent_id", parent_id->to_hex(), place);
    }
    take_repeated(node, "trace_id", trace_id_text(trace_), place);
    if (place.form != "segment") take_repeated(node, "type", "subsegment", place);
  }

  static void take_repeated(JsonValue& node, std::string_view name, const std::string& expected,
                            Place& place) {
    if (!is_text(node.find(name), expected)) return;
    node.take(name);
    if (place.container) place.form.append(" ").append(name);
  }

  UnixNanos take_times(JsonValue& node) {
    const UnixNanos start = take_time(node, "start_time");
    UnixNanos end = start;
    const JsonValue* end_time = node.find("end_time");
    // With "in_progress":true an end is unusual, and must not be mistaken for the start.
    if (end_time != nullptr && end_time->number()) {
      if (is_true(node, "in_progress") || time_from_seconds(*end_time->number()) < start) {
        end = std::max(start, time_from_seconds(*end_time->number()));
      } else {
        end = take_time(node, "end_time");
      }
    }
    writer_.fixed64(otlp::span::start, static_cast<uint64_t>(start.count));
    writer_.fixed64(otlp::span::end, static_cast<uint64_t>(end.count));
    return end;
  }

  // Stays, too, when it is not exactly what the span's time gives back.
  static UnixNanos take_time(JsonValue& node, std::string_view name) {
    const double seconds = *node.find(name)->number();
    const UnixNanos at = std::max(UnixNanos{1}, time_from_seconds(seconds));
    if (JsonValue(seconds_of(at)) == *node.find(name)) node.take(name);
    return at;
  }

  void write_status(const JsonValue& node) {
    if (!is_true(node, "fault") && !is_true(node, "error") && !is_true(node, "throttle")) return;
    const auto status = writer_.begin_message(otlp::span::status);
    if (const std::string message = first_exception_message(node); !message.empty())
      writer_.bytes(otlp::status::message, message);
    writer_.varint(otlp::status::code, kStatusError);
    writer_.end_message(status);
  }

  // Copies for other views; the document keeps its own.
  void write_links(const JsonValue& node) {
    const JsonValue* links = node.find("links");
    if (links == nullptr || links->array() == nullptr) return;
    for (const JsonValue& link : *links->array()) {
      const JsonValue* trace_id = link.find("trace_id");
      const JsonValue* id = link.find("id");
      if (trace_id == nullptr || trace_id->string() == nullptr || id == nullptr || id->string() == nullptr)
        continue;
      const auto trace = read_trace_id(*trace_id->string());
      const auto span = SpanId::from_hex(*id->string());
      if (!trace || !span) continue;
      const auto message = writer_.begin_message(otlp::span::links);
      writer_.bytes(otlp::link::trace_id, trace->view());
      writer_.bytes(otlp::link::span_id, span->view());
      writer_.end_message(message);
    }
  }

  void write_exceptions(const JsonValue& node, UnixNanos end) {
    for (const Exception& exception : exceptions_of(node)) {
      const auto event = writer_.begin_message(otlp::span::events);
      writer_.fixed64(otlp::event::time, static_cast<uint64_t>(end.count));
      writer_.bytes(otlp::event::name, "exception");
      const auto add = [this](std::string_view name, const std::string& text) {
        if (!text.empty()) write_attribute(writer_, otlp::event::attributes, name, JsonValue(text));
      };
      add("exception.type", exception.type);
      add("exception.message", exception.message);
      add("exception.stacktrace", exception.stacktrace);
      add("aws.xray.exception.id", exception.id);
      writer_.end_message(event);
    }
  }

  void take_annotations(JsonValue& node) {
    JsonValue* annotations = node.find("annotations");
    if (annotations == nullptr || annotations->object() == nullptr || annotations->object()->empty()) return;
    JsonValue::Array keys;
    JsonValue::Object rest;
    for (JsonValue::Member& member : *annotations->object()) {
      const bool is_scalar = member.value.string() != nullptr || member.value.boolean() != nullptr ||
                             member.value.integer() != nullptr || member.value.floating() != nullptr;
      if (is_scalar && !member.name.empty() && member.name.size() <= kLongestAnnotationKey &&
          keys.size() < kMostAnnotations && !is_reserved_attribute(member.name)) {
        attribute(member.name, member.value);
        keys.push_back(JsonValue(member.name));
      } else {
        rest.push_back(std::move(member));
      }
    }
    if (!keys.empty()) attribute(attribute::kAnnotations, JsonValue(std::move(keys)));
    if (rest.empty()) {
      node.take("annotations");
    } else {
      *annotations = JsonValue(std::move(rest));
    }
  }

  TranslatedSegments& to_;
  ProtobufWriter writer_;
  const TraceId trace_;
};

using ServicesOfSpans = std::map<std::pair<TraceId, SpanId>, std::string>;

void add_services(const JsonValue& node, const TraceId& trace, const std::string& service,
                  ServicesOfSpans& services, std::vector<SpanId>* added = nullptr) {
  const SpanId id = *SpanId::from_hex(*node.find("id")->string());
  services.emplace(std::pair(trace, id), service);
  if (added != nullptr) added->push_back(id);
  const JsonValue* subsegments = node.find("subsegments");
  if (subsegments == nullptr || subsegments->array() == nullptr) return;
  for (const JsonValue& one : *subsegments->array()) add_services(one, trace, service, services, added);
}

// Subsegments on their own may hang below one another, and come in any order.
ServicesOfSpans find_services(std::span<const SegmentDocument> documents) {
  ServicesOfSpans services;
  std::multimap<std::pair<TraceId, SpanId>, const SegmentDocument*> waiting;  // by their parent
  std::vector<const SegmentDocument*> known;
  for (const SegmentDocument& document : documents) {
    if (document.is_subsegment) {
      waiting.emplace(
          std::pair(document.trace_id, *SpanId::from_hex(*document.json.find("parent_id")->string())),
          &document);
    } else {
      add_services(document.json, document.trace_id, document.name, services);
    }
  }
  const auto release = [&](auto here) {
    const auto [first, last] = waiting.equal_range(here->first);
    for (auto one = first; one != last; ++one) known.push_back(one->second);
    waiting.erase(first, last);
  };
  for (auto here = services.begin(); here != services.end(); ++here) release(here);
  while (!known.empty()) {
    const SegmentDocument& document = *known.back();
    known.pop_back();
    const auto parent = SpanId::from_hex(*document.json.find("parent_id")->string());
    const std::string service = services.at(std::pair(document.trace_id, *parent));
    std::vector<SpanId> added;
    add_services(document.json, document.trace_id, service, services, &added);
    for (const SpanId& id : added) release(services.find(std::pair(document.trace_id, id)));
  }
  return services;
}

}  // namespace

TranslatedSegments segments_to_otlp(std::span<const SegmentDocument> documents) {
  TranslatedSegments translated;
  const bool any_alone = std::any_of(documents.begin(), documents.end(),
                                     [](const SegmentDocument& one) { return one.is_subsegment; });
  const ServicesOfSpans services = any_alone ? find_services(documents) : ServicesOfSpans();
  for (const SegmentDocument& document : documents) {
    std::optional<std::string> service;
    if (!document.is_subsegment) {
      service = document.name;
    } else if (const auto known = services.find(std::pair(document.trace_id, document.id));
               known != services.end()) {
      service = known->second;
    }
    DocumentWriter(translated, document.trace_id).document(document.json, document.is_subsegment, service);
  }
  return translated;
}

}  // namespace clew::xray
