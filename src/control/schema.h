// The schema of the control database, as a numbered list of migrations. A released migration never changes.
#pragma once

#include <string>

#include "control/database.h"

namespace clew::control {

// control.db in the data directory, brought up to date. A database written by a newer clew is refused
// (unsupported).
Result<Database> open_control_database(const std::string& data_directory);

}  // namespace clew::control
