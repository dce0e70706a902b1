#include "protocols/clew/settings_change.h"

#include <algorithm>

#include "control/environments.h"

namespace clew::api {
namespace {

constexpr size_t kLongestName = 100;

}  // namespace

Refused fault_in(std::string field, std::string sentence) {
  return {Status(ErrorKind::bad_input, field + " " + std::move(sentence)), Fault{std::move(field), {}}};
}

net::Response refused(const Refused& why) {
  return refusal(why.status, why.fault);
}

Result<control::Database> database_for_changes(const Call& call) {
  CLEW_TRY(may_change_settings(call));
  if (!call.options().control_database)
    return Status(ErrorKind::unsupported, "Settings cannot be changed from here");
  return call.options().control_database();
}

Maybe read_body(const Call& call, std::initializer_list<std::string_view> known, JsonValue& body) {
  Result<JsonValue> parsed = parse_json(call.request.body.view());
  if (!parsed.ok()) return Refused{parsed.status(), {}};
  if (parsed->object() == nullptr)
    return Refused{Status(ErrorKind::bad_input, "The body must be a JSON object"), {}};
  for (const JsonValue::Member& member : *parsed->object()) {
    if (std::find(known.begin(), known.end(), member.name) == known.end())
      return fault_in(member.name.substr(0, 100), "is not known here");
  }
  body = std::move(*parsed);
  return std::nullopt;
}

Maybe read_name(const JsonValue& body, std::string& name) {
  const JsonValue* value = body.find("name");
  if (value == nullptr || value->string() == nullptr || value->string()->empty() ||
      value->string()->size() > kLongestName)
    return fault_in("name", "must be a text of 1 to 100 bytes");
  name = *value->string();
  return std::nullopt;
}

Result<EnvironmentId> environment_in(const Call& call, control::Database& database, const JsonValue& body) {
  const JsonValue* named = body.find("environment");
  if (named == nullptr) return call.environment;
  if (named->string() == nullptr) return Status(ErrorKind::bad_input, "environment must be a text");
  CLEW_ASSIGN(const control::Environment environment, control::find_environment(database, *named->string()));
  if (!is_open_to_all(call) && environment.id != call.environment)
    return Status(ErrorKind::forbidden, "A key makes others for its own environment alone");
  return environment.id;
}

}  // namespace clew::api
