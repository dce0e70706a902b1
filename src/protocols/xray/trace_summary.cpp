#include "protocols/xray/trace_summary.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "protocols/xray/root_causes.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {
namespace {

void write_node(JsonWriter& json, const NodeId& node) {
  write_node_members(json.begin_object(), node);
  json.end_object();
}

// The value of a text, a number or a truth by which things are told apart.
struct ByText {
  bool operator()(const JsonValue& a, const JsonValue& b) const { return a.text() < b.text(); }
};
// Each once, in the order of appearance.
class Nodes {
 public:
  void add(const NodeId& node) {
    if (known_.insert(node.name + '\0' + node.type + '\0' + node.account_id).second) all_.push_back(node);
  }
  const std::vector<NodeId>& all() const { return all_; }

 private:
  std::set<std::string> known_;
  std::vector<NodeId> all_;
};

void write_nodes(JsonWriter& json, std::string_view name, const Nodes& nodes) {
  json.key(name).begin_array();
  for (const NodeId& node : nodes.all()) write_node(json, node);
  json.end_array();
}

void write_http(JsonWriter& json, const Entity* root) {
  json.key("Http").begin_object();
  if (root != nullptr) {
    const auto text = [&](std::string_view name, std::string_view member) {
      const std::string_view value = text_at(*root->json, {"http", "request", member});
      if (!value.empty()) json.key(name).string(value);
    };
    text("HttpURL", "url");
    const JsonValue* status = at_path(*root->json, {"http", "response", "status"});
    if (status != nullptr && status->integer() != nullptr) json.key("HttpStatus").integer(*status->integer());
    text("HttpMethod", "method");
    text("UserAgent", "user_agent");
    text("ClientIp", "client_ip");
  }
  json.end_object();
}

void write_annotations(JsonWriter& json, const TraceModel& trace) {
  std::map<std::string_view, std::map<JsonValue, Nodes, ByText>> annotations;
  for (const Entity& entity : trace.entities()) {
    const JsonValue* found = entity.inferred ? nullptr : entity.json->find("annotations");
    if (found == nullptr || found->object() == nullptr) continue;
    for (const JsonValue::Member& member : *found->object()) {
      Nodes& nodes = annotations[member.name][member.value];
      if (entity.segment) nodes.add(trace.node_of(*entity.segment));
    }
  }
  json.key("Annotations").begin_object();
  for (const auto& [key, values] : annotations) {
    json.key(key).begin_array();
    for (const auto& [value, nodes] : values) {
      const std::optional<double> number = value.number();
      if (!number && value.string() == nullptr && value.boolean() == nullptr) continue;
      json.begin_object().key("AnnotationValue").begin_object();
      if (number) {
        json.key("NumberValue").number(*number);
      } else if (value.boolean() != nullptr) {
        json.key("BooleanValue").boolean(*value.boolean());
      } else {
        json.key("StringValue").string(*value.string());
      }
      json.end_object();
      write_nodes(json, "ServiceIds", nodes);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void write_users(JsonWriter& json, const TraceModel& trace) {
  std::map<std::string_view, Nodes> users;
  for (const uint32_t segment : trace.segments()) {
    const std::string_view user = text_at(*trace.entity(segment).json, {"user"});
    if (!user.empty()) users[user].add(trace.node_of(segment));
  }
  json.key("Users").begin_array();
  for (const auto& [user, nodes] : users) {
    json.begin_object().key("UserName").string(user);
    write_nodes(json, "ServiceIds", nodes);
    json.end_object();
  }
  json.end_array();
}

// The distinct texts that segments have in a member, each as an object of one member.
void write_distinct(JsonWriter& json, std::string_view name, std::string_view member, const TraceModel& trace,
                    std::initializer_list<std::string_view> path) {
  std::set<std::string_view> texts;
  for (const uint32_t segment : trace.segments()) {
    if (const std::string_view text = text_at(*trace.entity(segment).json, path); !text.empty())
      texts.insert(text);
  }
  json.key(name).begin_array();
  for (const std::string_view text : texts) json.begin_object().key(member).string(text).end_object();
  json.end_array();
}

void write_entity(JsonWriter& json, const CauseEntity& entity, CauseKind kind) {
  json.begin_object().key("Name").string(entity.name);
  if (kind == CauseKind::response_time) {
    json.key("Coverage").number(entity.coverage);
  } else {
    json.key("Exceptions").begin_array();
    for (const CauseException& exception : entity.exceptions)
      json.begin_object()
          .key("Name")
          .string(exception.name)
          .key("Message")
          .string(exception.message)
          .end_object();
    json.end_array();
  }
  json.key("Remote").boolean(entity.remote).end_object();
}

void write_causes(JsonWriter& json, std::string_view name, const TraceModel& trace, CauseKind kind) {
  json.key(name).begin_array();
  for (const RootCause& cause : root_causes(trace, kind)) {
    json.begin_object().key("Services").begin_array();
    for (const CauseService& service : cause.services) {
      NodeId node = service.node;
      write_node_members(json.begin_object(), node);
      // Grafana takes it for granted.
      if (node.type.empty()) json.key("Type").string("");
      json.key("Inferred").boolean(service.inferred).key("EntityPath").begin_array();
      for (const CauseEntity& entity : service.path) write_entity(json, entity, kind);
      json.end_array().end_object();
    }
    json.end_array().key("ClientImpacting").boolean(cause.client_impacting).end_object();
  }
  json.end_array();
}

}  // namespace

void write_node_members(JsonWriter& json, const NodeId& node) {
  json.key("Name").string(node.name).key("Names").begin_array();
  for (const std::string& name : node.aliases) json.string(name);
  json.end_array();
  if (!node.account_id.empty()) json.key("AccountId").string(node.account_id);
  if (!node.type.empty()) json.key("Type").string(node.type);
}

void write_summary(JsonWriter& json, const SummaryFacts& facts, const TraceModel& trace) {
  const Entity* root = trace.root() ? &trace.entity(*trace.root()) : nullptr;
  json.begin_object().key("Id").string(trace_id_text(facts.id));
  json.key("StartTime").number(trace.start());
  json.key("Duration").number(seconds_between(trace.start(), trace.end()));
  if (root != nullptr && !root->in_progress) json.key("ResponseTime").number(root->duration());
  json.key("HasFault").boolean(root != nullptr && root->fault);
  json.key("HasError").boolean(root != nullptr && root->error);
  json.key("HasThrottle")
      .boolean(std::any_of(trace.entities().begin(), trace.entities().end(),
                           [](const Entity& entity) { return entity.throttle; }));
  json.key("IsPartial").boolean(trace.is_partial());
  write_http(json, root);
  write_annotations(json, trace);
  write_users(json, trace);
  Nodes nodes;
  for (const uint32_t segment : trace.segments()) nodes.add(trace.node_of(segment));
  write_nodes(json, "ServiceIds", nodes);
  write_distinct(json, "ResourceARNs", "ARN", trace, {"resource_arn"});
  write_distinct(json, "InstanceIds", "Id", trace, {"aws", "ec2", "instance_id"});
  write_distinct(json, "AvailabilityZones", "Name", trace, {"aws", "ec2", "availability_zone"});
  if (root != nullptr) write_node(json.key("EntryPoint"), trace.node_of(*trace.root()));
  write_causes(json, "FaultRootCauses", trace, CauseKind::fault);
  write_causes(json, "ErrorRootCauses", trace, CauseKind::error);
  write_causes(json, "ResponseTimeRootCauses", trace, CauseKind::response_time);
  json.key("Revision").integer(facts.revision);
  json.key("MatchedEventTime").number(seconds_of(facts.matched));
  json.end_object();
}

}  // namespace clew::xray
