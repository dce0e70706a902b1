// What an evaluation of a trigger or burn alert finds.
#pragma once

#include <string>

#include "base/json_value.h"
#include "protocols/honeycomb/dataset_query.h"

namespace clew::honeycomb {

struct AlertFinding {
  bool over = false;
  std::string summary;                               // "COUNT was 12 (> 5)"
  JsonValue groups = JsonValue(JsonValue::Array{});  // that were over
  JsonValue all_groups = JsonValue(JsonValue::Array{});
};

Result<AlertFinding> find_for_trigger(const QueryPlace& place, const JsonValue& trigger, UnixNanos now,
                                      const query::RunOptions& run);
Result<AlertFinding> find_for_burn_alert(const QueryPlace& place, const JsonValue& alert, UnixNanos now,
                                         const query::RunOptions& run);

}  // namespace clew::honeycomb
