// Records: small things that people set through a protocol (a group, a rule, a policy), kept as JSON in the
// control database, by environment, kind and name. What is in the JSON is the protocol's business.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

struct Record {
  std::string name;
  std::string body;  // JSON
  UnixNanos created;
  UnixNanos modified;
};

// Any thread. What other processes change is seen by the next call.
class Records {
 public:
  static Result<std::unique_ptr<Records>> open(const std::string& data_directory);
  explicit Records(Database database) : database_(std::move(database)) {}

  // By name.
  Result<std::vector<Record>> list(EnvironmentId environment, std::string_view kind);
  Result<std::optional<Record>> find(EnvironmentId environment, std::string_view kind, std::string_view name);
  // Of all environments: the kinds that begin like this and of which there is a record.
  Result<std::vector<std::pair<EnvironmentId, std::string>>> kinds(std::string_view prefix);
  // conflict when there is one already; exhausted when there are `most` of the kind.
  Status create(EnvironmentId environment, std::string_view kind, std::string_view name,
                std::string_view body, size_t most);
  // Creates it, or replaces its body.
  Status put(EnvironmentId environment, std::string_view kind, std::string_view name, std::string_view body);
  // Whether there was one.
  Result<bool> remove(EnvironmentId environment, std::string_view kind, std::string_view name);
  // What `change` makes of the body, nothing in between. not_found when there is none of that name.
  Result<Record> change(EnvironmentId environment, std::string_view kind, std::string_view name,
                        const std::function<Result<std::string>(const std::string& body)>& change);

 private:
  Result<std::optional<Record>> read(EnvironmentId environment, std::string_view kind, std::string_view name);

  std::mutex mutex_;
  Database database_;  // guarded by mutex_
};

}  // namespace clew::control
