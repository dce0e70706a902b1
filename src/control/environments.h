// Environments: worlds that never see each other's data. A key belongs to one; number 1, "default", always
// exists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

struct Environment {
  EnvironmentId id;
  std::string name;  // as a person wrote it: "Production EU"
  std::string slug;  // for addresses: "production-eu"
  UnixNanos created;
};

// Letters and digits in lower case, everything else as single dashes: "Production EU" becomes
// "production-eu".
std::string slug_of(std::string_view name);

Result<std::vector<Environment>> list_environments(Database& database);
// By name or slug; not_found names those that exist.
Result<Environment> find_environment(Database& database, std::string_view name);
// conflict when there is one with the same slug.
Result<Environment> create_environment(Database& database, std::string_view name);

}  // namespace clew::control
