// Lookup tables, as people upload them, kept in the control database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/records.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

// All but the rows.
struct LookupTableInfo {
  std::string name;
  std::string description;
  std::string kms_key;  // kept and shown; what is at rest is the disk's business
  std::vector<std::string> columns;
  size_t rows = 0;
  size_t bytes = 0;
  UnixNanos updated;
  Tags tags;

  std::string arn(std::string_view region) const;
};

bool is_lookup_table_name(std::string_view name);
// Of an ARN, or a name.
std::string lookup_table_name_in(std::string_view arn);

// Any thread.
class LookupTables {
 public:
  static constexpr size_t kMost = 100;

  LookupTables(control::Records& records, EnvironmentId environment)
      : records_(records), environment_(environment) {}

  // By name.
  Result<std::vector<LookupTableInfo>> list();
  // not_found when there is none; as the following.
  Result<LookupTableInfo> find(std::string_view name);
  // The CSV text.
  Result<std::string> read(std::string_view name);
  // conflict when there is one of the name, exhausted when there are too many, bad_input when it is no table.
  Status create(LookupTableInfo table, std::string_view csv);
  // What is not given stays.
  Status replace(std::string_view name, const std::optional<std::string>& description,
                 const std::optional<std::string>& kms_key, std::string_view csv);
  Status remove(std::string_view name);

 private:
  control::Records& records_;
  EnvironmentId environment_;
};

}  // namespace clew::cloudwatch_logs
