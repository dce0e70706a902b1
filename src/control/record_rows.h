// The rows of records (records.h) within a transaction of the caller's.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

Result<bool> has_record(Database& database, EnvironmentId environment, std::string_view kind,
                        std::string_view name);
// As Records::create.
Status create_record(Database& database, EnvironmentId environment, std::string_view kind,
                     std::string_view name, std::string_view body, size_t most);
// As Records::put.
Status put_record(Database& database, EnvironmentId environment, std::string_view kind, std::string_view name,
                  std::string_view body);

}  // namespace clew::control
