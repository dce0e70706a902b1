// Datasets: what events are sent to and questions are asked of. One exists as soon as something came for it,
// or when it was made; its settings are a record.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/records.h"
#include "telemetry/batch.h"

namespace clew::honeycomb {

// "My Dataset!" is "my-dataset-": letters in lower case, digits, dots and underscores as they are, a dash for
// anything else.
std::string dataset_slug(std::string_view name);
// bad_input for a name that no dataset has.
Status check_dataset_name(std::string_view name);

struct Dataset {
  std::string name;  // as whoever sent first, or made it, wrote it
  std::string slug;
  std::string description;
  int64_t expand_json_depth = 0;
  bool delete_protected = false;
  UnixNanos created{};
  std::optional<UnixNanos> emptied;  // it was deleted then: what is older does not count
  bool deleted = false;              // and nothing came since
};

// Any thread.
class Datasets {
 public:
  explicit Datasets(control::Records& records) : records_(records) {}

  // The dataset that something was sent to. It is made if there is none and `may_create`; otherwise
  // not_found.
  Result<Dataset> arrive(EnvironmentId environment, std::string_view name, bool may_create);
  // Of those that have a record, by slug; deleted ones too.
  Result<std::vector<Dataset>> list(EnvironmentId environment);
  Result<std::optional<Dataset>> find(EnvironmentId environment, std::string_view slug);
  Status put(EnvironmentId environment, const Dataset& dataset);

 private:
  using Place = std::pair<EnvironmentId, std::string>;

  control::Records& records_;
  std::mutex mutex_;
  std::map<Place, Dataset> known_;  // guarded by mutex_; each has a record
};

}  // namespace clew::honeycomb
