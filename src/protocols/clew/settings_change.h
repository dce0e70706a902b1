// What all changes of settings have in common: who may make them, and the members of their bodies.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "control/database.h"
#include "protocols/clew/settings_rights.h"

namespace clew::api {

struct Refused {
  Status status;
  Fault fault;
};
using Maybe = std::optional<Refused>;

Refused fault_in(std::string field, std::string sentence);
net::Response refused(const Refused& why);

// Where it is written, for whoever may.
Result<control::Database> database_for_changes(const Call& call);

// The members of the body, of which none may be unknown.
Maybe read_body(const Call& call, std::initializer_list<std::string_view> known, JsonValue& body);
// A text of 1 to 100 bytes.
Maybe read_name(const JsonValue& body, std::string& name);
// By name or slug; the request's own unless given.
Result<EnvironmentId> environment_in(const Call& call, control::Database& database, const JsonValue& body);

}  // namespace clew::api
