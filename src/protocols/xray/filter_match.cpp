#include "protocols/xray/filter_match.h"

#include <algorithm>

#include "protocols/xray/filter_causes.h"
#include "protocols/xray/filter_comparison.h"

namespace clew::xray {
namespace {

using Kind = FilterExpression::Kind;

// A value of another type than asked for never matches. A bare annotation that is false does not hold.
bool decide_annotation(const FilterExpression& comparison, const JsonValue& value) {
  if (const bool* truth = value.boolean()) {
    const bool* wanted = std::get_if<bool>(&comparison.value);
    return comparison.op == FilterOperator::is_set ? *truth
                                                   : wanted != nullptr && decide_boolean(comparison, *truth);
  }
  if (value.string() != nullptr) return decide_text(comparison, *value.string());
  if (const std::optional<double> number = value.number()) return decide_number(comparison, *number);
  return false;
}

// Texts that are not there have no value; an empty one is a value.
bool decide_text_at(const FilterExpression& comparison, const Entity& entity,
                    std::initializer_list<std::string_view> path) {
  const JsonValue* found = at_path(*entity.json, path);
  return found != nullptr && found->string() != nullptr && decide_text(comparison, *found->string());
}

bool has_annotation(const FilterExpression& comparison, const Entity& entity) {
  const JsonValue* found = at_path(*entity.json, {"annotations", comparison.annotation});
  return found != nullptr && decide_annotation(comparison, *found);
}

// Whether the segment or one of its subsegments has it.
bool has_annotation_within(const FilterExpression& comparison, const TraceModel& trace, uint32_t segment) {
  const std::vector<uint32_t>& members = trace.members_of(segment);
  return std::any_of(members.begin(), members.end(),
                     [&](uint32_t member) { return has_annotation(comparison, trace.entity(member)); });
}

double end_within(const TraceModel& trace, uint32_t segment) {
  double end = trace.entity(segment).end;
  for (const uint32_t member : trace.members_of(segment)) end = std::max(end, trace.entity(member).end);
  return end;
}

// What segments and subsegments can be asked alike.
bool decide_entity(const FilterExpression& comparison, const Entity& entity) {
  switch (comparison.keyword) {
    case FilterKeyword::ok:
      return decide_boolean(comparison, entity.ok());
    case FilterKeyword::error:
      return decide_boolean(comparison, entity.error);
    case FilterKeyword::throttle:
      return decide_boolean(comparison, entity.throttle);
    case FilterKeyword::fault:
      return decide_boolean(comparison, entity.fault);
    case FilterKeyword::response_time:
    case FilterKeyword::duration:
      return !entity.in_progress && decide_number(comparison, entity.duration());
    case FilterKeyword::http_status: {
      const JsonValue* status = at_path(*entity.json, {"http", "response", "status"});
      return status != nullptr && status->number() && decide_number(comparison, *status->number());
    }
    case FilterKeyword::http_url:
      return decide_text_at(comparison, entity, {"http", "request", "url"});
    case FilterKeyword::http_method:
      return decide_text_at(comparison, entity, {"http", "request", "method"});
    case FilterKeyword::http_user_agent:
      return decide_text_at(comparison, entity, {"http", "request", "user_agent"});
    case FilterKeyword::http_client_ip:
      return decide_text_at(comparison, entity, {"http", "request", "client_ip"});
    case FilterKeyword::user:
      return decide_text_at(comparison, entity, {"user"});
    case FilterKeyword::availability_zone:
      return decide_text_at(comparison, entity, {"aws", "ec2", "availability_zone"}) ||
             decide_text_at(comparison, entity, {"aws", "ecs", "availability_zone"});
    case FilterKeyword::instance_id:
      return decide_text_at(comparison, entity, {"aws", "ec2", "instance_id"});
    case FilterKeyword::resource_arn:
      return decide_text_at(comparison, entity, {"resource_arn"});
    case FilterKeyword::account_id:
      return decide_text_at(comparison, entity, {"aws", "account_id"});
    default:
      return false;
  }
}

bool decide_segment(const FilterExpression& comparison, const TraceModel& trace, uint32_t segment) {
  const Entity& entity = trace.entity(segment);
  switch (comparison.keyword) {
    case FilterKeyword::root:
      return decide_boolean(comparison, trace.root() == segment);
    case FilterKeyword::inferred:
      return decide_boolean(comparison, entity.inferred);
    case FilterKeyword::name: {
      const NodeId node = trace.node_of(segment);
      if (comparison.op == FilterOperator::not_equal) return decide_text(comparison, node.name);
      return std::any_of(node.aliases.begin(), node.aliases.end(),
                         [&](const std::string& name) { return decide_text(comparison, name); });
    }
    case FilterKeyword::type: {
      const NodeId node = trace.node_of(segment);
      return !node.type.empty() && decide_text(comparison, node.type);
    }
    case FilterKeyword::duration:
      return !entity.in_progress &&
             decide_number(comparison, seconds_between(entity.start, end_within(trace, segment)));
    case FilterKeyword::annotation:
      return has_annotation_within(comparison, trace, segment);
    default:
      return decide_entity(comparison, entity);
  }
}

bool decide_trace(const FilterExpression& comparison, const TraceModel& trace) {
  switch (comparison.keyword) {
    case FilterKeyword::partial:
      return decide_boolean(comparison, trace.is_partial());
    case FilterKeyword::duration:
      return decide_number(comparison, seconds_between(trace.start(), trace.end()));
    case FilterKeyword::annotation:
      return std::any_of(trace.entities().begin(), trace.entities().end(),
                         [&](const Entity& entity) { return has_annotation(comparison, entity); });
    case FilterKeyword::inferred:
      return decide_boolean(comparison,
                            std::any_of(trace.segments().begin(), trace.segments().end(),
                                        [&](uint32_t segment) { return trace.entity(segment).inferred; }));
    case FilterKeyword::user:
    case FilterKeyword::name:
    case FilterKeyword::type:
    case FilterKeyword::availability_zone:
    case FilterKeyword::instance_id:
    case FilterKeyword::resource_arn:
    case FilterKeyword::account_id:
      return std::any_of(trace.segments().begin(), trace.segments().end(),
                         [&](uint32_t segment) { return decide_segment(comparison, trace, segment); });
    default:
      // The rest is asked of the segment that the trace began with.
      return trace.root() && decide_entity(comparison, trace.entity(*trace.root()));
  }
}

bool has_service(const FilterExpression& expression, const TraceModel& trace) {
  return std::any_of(trace.segments().begin(), trace.segments().end(), [&](uint32_t segment) {
    return is_selected(expression.selectors[0], trace.node_of(segment)) &&
           (expression.children.empty() || segment_matches(expression.children[0], trace, segment));
  });
}

bool has_edge(const FilterExpression& expression, const TraceModel& trace) {
  return std::any_of(trace.calls().begin(), trace.calls().end(), [&](const ModelCall& call) {
    NodeId caller = trace.node_of(call.caller.value_or(call.callee));
    if (!call.caller) caller.type = "client";
    return is_selected(expression.selectors[0], caller) &&
           is_selected(expression.selectors[1], trace.node_of(call.callee)) &&
           (expression.children.empty() || call_matches(expression.children[0], trace, call));
  });
}

}  // namespace

bool is_selected(const NodeSelector& selector, const NodeId& node) {
  return (!selector.name || *selector.name == node.name ||
          std::find(node.aliases.begin(), node.aliases.end(), *selector.name) != node.aliases.end()) &&
         (!selector.type || *selector.type == node.type) &&
         (!selector.account_id || *selector.account_id == node.account_id);
}

bool segment_matches(const FilterExpression& condition, const TraceModel& trace, uint32_t segment) {
  return holds(condition, [&](const FilterExpression& one) { return decide_segment(one, trace, segment); });
}

bool call_matches(const FilterExpression& condition, const TraceModel& trace, const ModelCall& call) {
  const Entity& measured = trace.entity(call.measured);
  return holds(condition, [&](const FilterExpression& one) {
    return one.keyword == FilterKeyword::annotation ? has_annotation(one, measured)
                                                    : decide_entity(one, measured);
  });
}

bool matches(const FilterExpression& expression, const TraceModel& trace) {
  return holds(expression, [&](const FilterExpression& one) {
    switch (one.kind) {
      case Kind::comparison:
        return decide_trace(one, trace);
      case Kind::service:
        return has_service(one, trace);
      case Kind::edge:
        return has_edge(one, trace);
      case Kind::cause:
        return has_cause(one, trace);
      case Kind::cause_equals:
        return has_equal_cause(one, trace);
      default:
        return false;
    }
  });
}

}  // namespace clew::xray
