// What calls of version 2 of the API have in common: a team, and the shapes of JSON:API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "control/database.h"
#include "control/environments.h"
#include "protocols/honeycomb/answers.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

Answer failure_of(const Status& failure);
// Opened for each call: few make them, and other processes make keys too. Or why the caller may not have it.
std::variant<control::Database, Answer> team_database(const Call& call);
// What a call that makes or changes something begins with.
struct GivenData {
  control::Database database;
  JsonValue data;  // {"data": {"attributes": …}} of the body

  const JsonValue& attributes() const { return *data.find("attributes"); }
};
std::variant<GivenData, Answer> given_data(const Call& call);
// The environment that `given` relates to, or the error to answer with.
std::variant<EnvironmentId, Answer> related_environment(GivenData& given);
// {"data": {"id": …, "type": …}}
JsonValue reference(std::string_view type, std::string_view id);
// The id that a relationship of `data` names; empty: none.
std::string related_id(const JsonValue& data, std::string_view relationship);
Answer one_answer(int status, JsonValue data);

std::string id_of(EnvironmentId environment);
std::optional<control::Environment> environment_of_id(const std::vector<control::Environment>& all,
                                                      std::string_view id);

}  // namespace clew::honeycomb
