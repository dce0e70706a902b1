#include "protocols/xray/filter_causes.h"

#include <optional>
#include <vector>

#include "protocols/xray/filter_comparison.h"
#include "protocols/xray/root_causes.h"

namespace clew::xray {
namespace {

// first, last and index: where in a list something stands. Nothing: it was asked something else.
std::optional<bool> decide_place(const FilterExpression& comparison, size_t index, size_t count) {
  switch (comparison.keyword) {
    case FilterKeyword::first:
      return decide_boolean(comparison, index == 0);
    case FilterKeyword::last:
      return decide_boolean(comparison, index + 1 == count);
    case FilterKeyword::index:
      return decide_number(comparison, static_cast<double>(index));
    default:
      return std::nullopt;
  }
}

bool decide_cause_service(const FilterExpression& comparison, const CauseService& service) {
  switch (comparison.keyword) {
    case FilterKeyword::name:
      return decide_text(comparison, service.node.name);
    case FilterKeyword::type:
      return !service.node.type.empty() && decide_text(comparison, service.node.type);
    case FilterKeyword::account_id:
      return !service.node.account_id.empty() && decide_text(comparison, service.node.account_id);
    case FilterKeyword::inferred:
      return decide_boolean(comparison, service.inferred);
    default:
      return false;
  }
}

bool decide_cause_entity(const FilterExpression& comparison, const CauseEntity& entity) {
  switch (comparison.keyword) {
    case FilterKeyword::name:
      return decide_text(comparison, entity.name);
    case FilterKeyword::remote:
      return decide_boolean(comparison, entity.remote);
    case FilterKeyword::coverage:
      return decide_number(comparison, entity.coverage);
    default:
      return false;
  }
}

bool decide_cause_exception(const FilterExpression& comparison, const CauseException& exception) {
  switch (comparison.keyword) {
    case FilterKeyword::name:
      return decide_text(comparison, exception.name);
    case FilterKeyword::message:
      return decide_text(comparison, exception.message);
    default:
      return false;
  }
}

template <typename Parts, typename Decide>
bool some_part_holds(const FilterExpression& cause, const Parts& parts, Decide&& decide) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto decide_part = [&](const FilterExpression& comparison) {
      if (const std::optional<bool> place = decide_place(comparison, i, parts.size())) return *place;
      return decide(comparison, parts[i]);
    };
    if (cause.children.empty() || holds(cause.children[0], decide_part)) return true;
  }
  return false;
}

bool text_agrees(const JsonValue& described, std::string_view member, std::string_view value) {
  const JsonValue* wanted = described.find(member);
  return wanted == nullptr || wanted->is_null() ||
         (wanted->string() != nullptr && *wanted->string() == value);
}
bool truth_agrees(const JsonValue& described, std::string_view member, bool value) {
  const JsonValue* wanted = described.find(member);
  return wanted == nullptr || wanted->is_null() ||
         (wanted->boolean() != nullptr && *wanted->boolean() == value);
}

// Every member that is described must be equal; lists must be of the same length.
template <typename Parts, typename Agrees>
bool list_agrees(const JsonValue& described, std::string_view member, const Parts& parts, Agrees&& agrees) {
  const JsonValue* wanted = described.find(member);
  if (wanted == nullptr || wanted->is_null()) return true;
  if (wanted->array() == nullptr || wanted->array()->size() != parts.size()) return false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!agrees((*wanted->array())[i], parts[i])) return false;
  }
  return true;
}

bool cause_agrees(const JsonValue& described, const RootCause& cause) {
  const auto exception_agrees = [](const JsonValue& wanted, const CauseException& exception) {
    return text_agrees(wanted, "Name", exception.name) && text_agrees(wanted, "Message", exception.message);
  };
  const auto entity_agrees = [&](const JsonValue& wanted, const CauseEntity& entity) {
    return text_agrees(wanted, "Name", entity.name) && truth_agrees(wanted, "Remote", entity.remote) &&
           list_agrees(wanted, "Exceptions", entity.exceptions, exception_agrees);
  };
  return truth_agrees(described, "ClientImpacting", cause.client_impacting) &&
         list_agrees(described, "Services", cause.services,
                     [&](const JsonValue& wanted, const CauseService& service) {
                       return text_agrees(wanted, "Name", service.node.name) &&
                              text_agrees(wanted, "Type", service.node.type) &&
                              text_agrees(wanted, "AccountId", service.node.account_id) &&
                              truth_agrees(wanted, "Inferred", service.inferred) &&
                              list_agrees(wanted, "EntityPath", service.path, entity_agrees);
                     });
}

}  // namespace

bool has_cause(const FilterExpression& expression, const TraceModel& trace) {
  for (const RootCause& cause : root_causes(trace, expression.cause)) {
    if (expression.scope == FilterScope::cause_service) {
      if (some_part_holds(expression, cause.services, decide_cause_service)) return true;
      continue;
    }
    // Places are counted along the whole way.
    std::vector<CauseEntity> entities;
    std::vector<CauseException> exceptions;
    for (const CauseService& service : cause.services) {
      for (const CauseEntity& entity : service.path) {
        entities.push_back(entity);
        exceptions.insert(exceptions.end(), entity.exceptions.begin(), entity.exceptions.end());
      }
    }
    if (expression.scope == FilterScope::cause_entity
            ? some_part_holds(expression, entities, decide_cause_entity)
            : some_part_holds(expression, exceptions, decide_cause_exception))
      return true;
  }
  return false;
}

bool has_equal_cause(const FilterExpression& expression, const TraceModel& trace) {
  for (const CauseKind kind : {CauseKind::fault, CauseKind::error, CauseKind::response_time}) {
    for (const RootCause& cause : root_causes(trace, kind)) {
      for (const JsonValue& described : *expression.causes.array()) {
        if (described.object() != nullptr && cause_agrees(described, cause)) return true;
      }
    }
  }
  return false;
}

}  // namespace clew::xray
