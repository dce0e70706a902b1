// How many traces the clients of a service are told to keep (Jaeger's remote sampling): listed, set, taken
// back.

#include "base/json_value.h"
#include "control/sampling.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/settings_rights.h"

namespace clew::api {
namespace {

constexpr size_t kLongestText = 1'000;
constexpr size_t kMostOperations = 1'000;

struct Change {
  std::optional<std::string> service;                 // nullopt: all that are not named
  std::optional<control::SamplingStrategy> strategy;  // nullopt: as the file has it, or else everything
};
struct ChangeOrFault {
  Change change;
  Status status;
  Fault fault;
};

ChangeOrFault fault_at(std::string field, const std::string& sentence) {
  return {{}, Status(ErrorKind::bad_input, field + " " + sentence), Fault{field, {}}};
}

bool is_fitting_text(const JsonValue* value) {
  return value != nullptr && value->string() != nullptr && !value->string()->empty() &&
         value->string()->size() <= kLongestText;
}

// What is said of operations, beyond what a strategy may say in a file.
std::optional<std::string> fault_of_operations(const JsonValue& body, bool limits) {
  const JsonValue* given = body.find("operation_strategies");
  if (given == nullptr) return std::nullopt;
  if (given->array() == nullptr || given->array()->size() > kMostOperations)
    return "must be a list of up to 1000 operations";
  if (limits && !given->array()->empty())
    return "cannot stand beside ratelimiting: clients that are given them pass over the limit";
  for (const JsonValue& one : *given->array()) {
    if (!is_fitting_text(one.find("operation")))
      return "must each have an operation, a text of 1 to 1000 bytes";
  }
  return std::nullopt;
}

ChangeOrFault read_change(std::string_view text) {
  const Result<JsonValue> body = parse_json(text, 6);
  if (!body.ok()) return {{}, body.status(), {}};
  if (body->object() == nullptr)
    return {{}, Status(ErrorKind::bad_input, "The body must be a JSON object"), {}};
  for (const JsonValue::Member& member : *body->object()) {
    if (member.name != "service" && member.name != "type" && member.name != "param" &&
        member.name != "operation_strategies")
      return fault_at(member.name.substr(0, 100), "is not known here");
  }
  Change change;
  const JsonValue* service = body->find("service");
  if (service == nullptr)
    return fault_at("service", "is required: its name, or null for all that are not named");
  if (!service->is_null()) {
    if (!is_fitting_text(service)) return fault_at("service", "must be a text of 1 to 1000 bytes");
    change.service = *service->string();
  }
  const JsonValue* type = body->find("type");
  if (type == nullptr)
    return fault_at("type", "is required: probabilistic, ratelimiting, or null to take it back");
  if (type->is_null()) return {std::move(change), {}, {}};
  const bool limits = type->string() != nullptr && *type->string() == "ratelimiting";
  if (auto fault = fault_of_operations(*body, limits)) return fault_at("operation_strategies", *fault);
  Result<control::SamplingStrategy> strategy = control::read_sampling_strategy(*body, "sampling");
  if (!strategy.ok()) {
    // "sampling.param: expected …"
    const std::string message(strategy.status().message().substr(std::string_view("sampling.").size()));
    return {{},
            Status(ErrorKind::bad_input, message),
            Fault{message.substr(0, message.find_first_of(".:[")), {}}};
  }
  change.strategy = std::move(*strategy);
  return {std::move(change), {}, {}};
}

net::Response list_of_strategies(const Call& call) {
  JsonWriter writer;
  writer.begin_object().key("strategies").begin_array();
  const control::Sampling* sampling = call.options().sampling;
  if (sampling != nullptr) {
    for (const control::Sampling::Entry& entry : sampling->list(call.environment)) {
      writer.begin_object();
      if (entry.service) writer.key("service").string(*entry.service);
      control::write_sampling_members(writer, entry.strategy);
      if (entry.modified) writer.time_members("modified", *entry.modified);
      writer.end_object();
    }
  }
  writer.end_array().key("askers").begin_array();
  if (sampling != nullptr) {
    for (const control::Sampling::Asker& asker : sampling->askers(call.environment))
      writer.begin_object()
          .key("service")
          .string(asker.service)
          .time_members("last", asker.last)
          .key("times")
          .integer(asker.times)
          .end_object();
  }
  return json(std::move(writer.end_array().end_object()));
}

}  // namespace

net::Response answer_sampling(const Call& call) {
  return list_of_strategies(call);
}

net::Response answer_sampling_change(const Call& call) {
  if (Status may = may_change_settings(call); !may.ok()) return refusal(may);
  control::Sampling* sampling = call.options().sampling;
  if (sampling == nullptr)
    return refusal(Status(ErrorKind::unsupported, "Sampling cannot be changed from here"));
  ChangeOrFault asked = read_change(call.request.body.view());
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  Change& change = asked.change;
  const Status changed = change.strategy
                             ? sampling->set(call.environment, change.service, std::move(*change.strategy))
                             : sampling->remove(call.environment, change.service).status();
  if (!changed.ok()) return refusal(changed);
  return list_of_strategies(call);
}

}  // namespace clew::api
