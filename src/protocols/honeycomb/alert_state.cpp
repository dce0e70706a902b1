#include "protocols/honeycomb/alert_state.h"

#include "base/json_value.h"
#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kKind = "honeycomb.alert_state";

}  // namespace

Result<AlertState> read_alert_state(control::Records& records, EnvironmentId environment,
                                    std::string_view id) {
  CLEW_ASSIGN(const auto record, records.find(environment, kKind, id));
  AlertState state;
  if (!record) return state;
  CLEW_ASSIGN(const JsonValue body, parse_json(record->body));
  if (const JsonValue* triggered = body.find("triggered");
      triggered != nullptr && triggered->boolean() != nullptr)
    state.triggered = *triggered->boolean();
  if (const JsonValue* exceeded = body.find("exceeded");
      exceeded != nullptr && exceeded->integer() != nullptr)
    state.exceeded = *exceeded->integer();
  if (const JsonValue* due = body.find("due"); due != nullptr && due->integer() != nullptr)
    state.due = UnixNanos{*due->integer()};
  if (const JsonValue* evaluated = body.find("evaluated");
      evaluated != nullptr && evaluated->integer() != nullptr)
    state.evaluated = UnixNanos{*evaluated->integer()};
  state.found = text_in(body, "found");
  state.failure = text_in(body, "failure");
  return state;
}

Status write_alert_state(control::Records& records, EnvironmentId environment, std::string_view id,
                         const AlertState& state) {
  JsonValue body;
  body["triggered"] = JsonValue(state.triggered);
  body["exceeded"] = JsonValue(state.exceeded);
  body["due"] = JsonValue(state.due.count);
  body["evaluated"] = JsonValue(state.evaluated.count);
  body["found"] = JsonValue(state.found);
  body["failure"] = JsonValue(state.failure);
  return records.put(environment, kKind, id, body.text());
}

}  // namespace clew::honeycomb
