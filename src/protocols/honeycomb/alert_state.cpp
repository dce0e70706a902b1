#include "protocols/honeycomb/alert_state.h"

#include "base/json_value.h"
#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {

Result<AlertState> read_alert_state(control::Records& records, EnvironmentId environment,
                                    std::string_view id) {
  CLEW_ASSIGN(const auto record, records.find(environment, kAlertStateKind, id));
  AlertState state;
  if (!record) return state;
  const Result<JsonValue> parsed = parse_json(record->body);
  if (!parsed.ok()) return state;  // to say something twice is better than nothing at all
  const JsonValue& body = *parsed;
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
  state.standing = control::alert_standing_named(text_in(body, "standing"));
  return state;
}

std::string to_json_text(const AlertState& state) {
  JsonValue body;
  body["triggered"] = JsonValue(state.triggered);
  body["exceeded"] = JsonValue(state.exceeded);
  body["due"] = JsonValue(state.due.count);
  body["evaluated"] = JsonValue(state.evaluated.count);
  body["found"] = JsonValue(state.found);
  body["failure"] = JsonValue(state.failure);
  if (state.standing) body["standing"] = JsonValue(name_of(*state.standing));
  return body.text();
}

}  // namespace clew::honeycomb
