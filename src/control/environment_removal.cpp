#include "control/environment_removal.h"

#include "base/time.h"

namespace clew::control {

Status remove_environment(Database& database, EnvironmentId environment) {
  if (environment == kDefaultEnvironment)
    return {ErrorKind::conflict, "the default environment cannot be removed"};
  const int64_t number = environment.number;
  return database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(
        const int64_t known,
        database.integer("SELECT COUNT(*) FROM environments WHERE number = ? AND removed IS NULL", {number}));
    if (known == 0) return {ErrorKind::not_found, "there is no such environment"};
    CLEW_TRY(database.run("UPDATE keys SET environment = ? WHERE environment = ? AND kind = 'management'",
                          {int64_t{kDefaultEnvironment.number}, number}));
    for (const std::string_view statement :
         {"DELETE FROM keys WHERE environment = ?", "DELETE FROM people WHERE environment = ?",
          "DELETE FROM records WHERE environment = ?", "DELETE FROM answers WHERE environment = ?",
          "DELETE FROM notifications WHERE environment = ?",
          "DELETE FROM alert_changes WHERE environment = ?"})
      CLEW_TRY(database.run(statement, {number}));
    // The slug is free for another one.
    return database.run("UPDATE environments SET removed = ?, slug = slug || '#' || number WHERE number = ?",
                        {now().count, number});
  });
}

}  // namespace clew::control
