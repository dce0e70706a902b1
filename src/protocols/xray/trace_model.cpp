#include "protocols/xray/trace_model.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "base/ascii.h"
#include "telemetry/ids.h"

namespace clew::xray {
namespace {

double number_at(const JsonValue& json, std::string_view name, double otherwise) {
  const JsonValue* value = json.find(name);
  return value == nullptr ? otherwise : value->number().value_or(otherwise);
}

// Python's SDK writes names in lower case.
constexpr std::array<std::string_view, 14> kServices = {"DynamoDB",
                                                        "SQS",
                                                        "SNS",
                                                        "S3",
                                                        "Lambda",
                                                        "Kinesis",
                                                        "KMS",
                                                        "SES",
                                                        "STS",
                                                        "EventBridge",
                                                        "Cognito",
                                                        "StepFunctions",
                                                        "SecretsManager",
                                                        "SimpleSystemsManagement"};

std::string canonical_service(std::string_view name) {
  const auto* known = std::find_if(kServices.begin(), kServices.end(), [&](std::string_view service) {
    return equal_ignoring_case(service, name);
  });
  return std::string(known == kServices.end() ? name : *known);
}

std::string_view after_last(std::string_view text, char separator) {
  return text.substr(text.find_last_of(separator) + 1);
}

// The table, queue, … that a call to AWS was about; empty when it tells none.
std::string_view resource_of(const JsonValue& call) {
  for (const std::string_view member : {"table_name", "bucket_name", "function_name", "stream_name"}) {
    if (std::string_view name = text_at(call, {"aws", member}); !name.empty()) return name;
  }
  if (std::string_view queue = text_at(call, {"aws", "queue_url"}); !queue.empty())
    return after_last(queue, '/');
  return after_last(text_at(call, {"aws", "topic_arn"}), ':');
}

std::string other_id(std::string_view id) {
  // Made of the id of the call, so that it is the same each time.
  const std::optional<SpanId> of_call = SpanId::from_hex(id);
  SpanId made = of_call.value_or(SpanId{});
  for (size_t i = 0; i < made.bytes.size(); ++i)
    made.bytes[i] = static_cast<uint8_t>(made.bytes[i] * 167 + 0x5a + i);
  return made.to_hex();
}

}  // namespace

const JsonValue* at_path(const JsonValue& json, std::initializer_list<std::string_view> path) {
  const JsonValue* at = &json;
  for (const std::string_view name : path) {
    at = at->find(name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string_view text_at(const JsonValue& json, std::initializer_list<std::string_view> path) {
  const JsonValue* at = at_path(json, path);
  return at == nullptr || at->string() == nullptr ? std::string_view() : std::string_view(*at->string());
}

bool is_true_at(const JsonValue& json, std::initializer_list<std::string_view> path) {
  const JsonValue* at = at_path(json, path);
  return at != nullptr && at->boolean() != nullptr && *at->boolean();
}

std::string origin_of_call(const JsonValue& subsegment) {
  if (text_at(subsegment, {"namespace"}) == "aws") {
    if (!text_at(subsegment, {"aws", "table_name"}).empty()) return "AWS::DynamoDB::Table";
    if (!text_at(subsegment, {"aws", "queue_url"}).empty()) return "AWS::SQS::Queue";
    return "AWS::" + canonical_service(text_at(subsegment, {"name"}));
  }
  return subsegment.find("sql") != nullptr ? "Database::SQL" : "";
}

TraceModel::TraceModel(std::vector<JsonValue> documents) {
  for (JsonValue& document : documents) documents_.push_back(std::move(document));
  for (const JsonValue& document : documents_) add(document, std::nullopt);
  link_segments();
  infer_segments();
  members_.resize(entities_.size());
  for (uint32_t i = 0; i < entities_.size(); ++i) {
    if (entities_[i].segment) members_[*entities_[i].segment].push_back(i);
  }
  find_root();
  find_calls();
  bool first = true;
  for (const Entity& entity : entities_) {
    start_ = first ? entity.start : std::min(start_, entity.start);
    end_ = first ? entity.end : std::max(end_, entity.end);
    partial_ = partial_ || entity.in_progress;
    first = false;
  }
}

void TraceModel::add(const JsonValue& json, std::optional<uint32_t> container) {
  const auto number = static_cast<uint32_t>(entities_.size());
  Entity entity;
  entity.json = &json;
  entity.id = text_at(json, {"id"});
  entity.name = text_at(json, {"name"});
  entity.is_segment = !container && text_at(json, {"type"}) != "subsegment";
  entity.parent = container;
  entity.segment = entity.is_segment ? std::optional(number)
                   : container       ? entities_[*container].segment
                                     : std::nullopt;
  entity.inferred = is_true_at(json, {"inferred"});
  entity.start = number_at(json, "start_time", 0);
  entity.end = std::max(entity.start, number_at(json, "end_time", entity.start));
  entity.in_progress = is_true_at(json, {"in_progress"});
  entity.fault = is_true_at(json, {"fault"});
  entity.throttle = is_true_at(json, {"throttle"});
  entity.error = is_true_at(json, {"error"});
  if (entity.is_segment) segments_.push_back(number);
  if (!container) tops_.push_back(number);
  entities_.push_back(std::move(entity));
  if (container) entities_[*container].children.push_back(number);
  const JsonValue* subsegments = json.find("subsegments");
  if (subsegments == nullptr || subsegments->array() == nullptr) return;
  for (const JsonValue& one : *subsegments->array()) add(one, number);
}

// Segments hang below the subsegments that called them; subsegments on their own below whatever they name.
void TraceModel::link_segments() {
  std::unordered_map<std::string_view, uint32_t> by_id;
  for (uint32_t i = 0; i < entities_.size(); ++i) by_id.emplace(entities_[i].id, i);
  for (const uint32_t top : tops_) {
    const auto parent = by_id.find(text_at(*entities_[top].json, {"parent_id"}));
    if (parent == by_id.end() || parent->second == top) continue;
    // A ring of parents is cut where it would close.
    bool closes = false;
    for (std::optional<uint32_t> at = parent->second; at && !closes; at = entities_[*at].parent)
      closes = *at == top;
    if (closes) continue;
    entities_[top].parent = parent->second;
    entities_[parent->second].children.push_back(top);
    if (!entities_[top].is_segment && entities_[parent->second].segment)
      set_segment(top, *entities_[parent->second].segment);
  }
  std::stable_sort(segments_.begin(), segments_.end(),
                   [this](uint32_t a, uint32_t b) { return entities_[a].start < entities_[b].start; });
}

void TraceModel::set_segment(uint32_t number, uint32_t segment) {
  if (entities_[number].is_segment) return;
  entities_[number].segment = segment;
  for (const uint32_t child : entities_[number].children) set_segment(child, segment);
}

void TraceModel::infer_segments() {
  const size_t known = entities_.size();
  for (uint32_t i = 0; i < known; ++i) {
    const Entity& call = entities_[i];
    const std::string_view space = text_at(*call.json, {"namespace"});
    const bool is_answered = std::any_of(call.children.begin(), call.children.end(),
                                         [this](uint32_t child) { return entities_[child].is_segment; });
    if (call.is_segment || is_answered) continue;
    partial_ = partial_ || is_true_at(*call.json, {"http", "request", "traced"}) ||
               is_true_at(*call.json, {"traced"});
    if (space != "aws" && space != "remote") continue;
    JsonValue document;
    document["id"] = JsonValue(other_id(call.id));
    document["parent_id"] = JsonValue(call.id);
    const Entity& segment = call.segment ? entities_[*call.segment] : call;
    if (const JsonValue* trace_id = segment.json->find("trace_id")) document["trace_id"] = *trace_id;
    for (const std::string_view member : {"name", "start_time", "end_time", "in_progress", "http", "aws",
                                          "sql", "error", "fault", "throttle", "cause"}) {
      if (const JsonValue* value = call.json->find(member)) document[member] = *value;
    }
    if (space == "aws") document["name"] = JsonValue(canonical_service(call.name));
    document["inferred"] = JsonValue(true);
    if (std::string origin = origin_of_call(*call.json); !origin.empty())
      document["origin"] = JsonValue(origin);
    const auto number = static_cast<uint32_t>(entities_.size());
    add(documents_.emplace_back(std::move(document)), std::nullopt);
    entities_[number].parent = i;
    entities_[i].children.push_back(number);
  }
}

void TraceModel::find_root() {
  for (const bool parent_may_be_named : {false, true}) {
    for (const uint32_t segment : segments_) {
      const Entity& entity = entities_[segment];
      if (entity.parent || (!parent_may_be_named && !text_at(*entity.json, {"parent_id"}).empty())) continue;
      root_ = segment;
      return;
    }
  }
}

void TraceModel::find_calls() {
  for (const uint32_t segment : segments_) {
    const Entity& callee = entities_[segment];
    if (callee.parent) {
      const Entity& caller = entities_[*callee.parent];
      if (caller.segment)
        calls_.push_back({caller.segment, segment, caller.is_segment ? segment : *callee.parent});
    } else if (root_ == segment || text_at(*callee.json, {"parent_id"}).empty()) {
      calls_.push_back({std::nullopt, segment, segment});
    }
  }
}

NodeId TraceModel::node_of(uint32_t segment) const {
  const Entity& entity = entities_[segment];
  NodeId node;
  node.name = entity.name;
  node.type = text_at(*entity.json, {"origin"});
  node.account_id = text_at(*entity.json, {"aws", "account_id"});
  node.aliases = {std::string(entity.name)};
  if (!entity.inferred) {
    // Whoever called it may know it by another name.
    if (entity.parent && !entities_[*entity.parent].is_segment &&
        !text_at(*entities_[*entity.parent].json, {"namespace"}).empty() &&
        entities_[*entity.parent].name != entity.name)
      node.aliases.emplace_back(entities_[*entity.parent].name);
    return node;
  }
  if (node.type.starts_with("AWS::")) {
    if (const std::string_view resource = resource_of(*entity.json); !resource.empty()) {
      node.name = resource;
      node.aliases.insert(node.aliases.begin(), node.name);
    }
  } else if (node.type.empty()) {
    node.type = "remote";
  }
  return node;
}

std::vector<const JsonValue*> TraceModel::documents() const {
  std::vector<const JsonValue*> documents;
  for (const JsonValue& document : documents_) documents.push_back(&document);
  return documents;
}

}  // namespace clew::xray
