// ErrorIntake: the stage before the store that finds errors in what passes, writes their group into them, and
// has them counted to their items once they are stored. A batch without errors passes untouched
// (docs/adr/0007-errors-at-the-door.md).
#pragma once

#include <memory>
#include <string>

#include "control/errors/grouping_rules.h"
#include "control/errors/item_store.h"
#include "control/errors/notification_rules.h"
#include "control/errors/source_maps.h"
#include "control/records.h"
#include "pipeline/consumer.h"
#include "store/storage.h"

namespace clew::control::errors {

struct IntakeOptions {
  // All must outlive the intake.
  ItemStore* items = nullptr;
  store::Storage* storage = nullptr;  // read at the start, for what was stored and not counted
  Records* records = nullptr;         // where the rules are kept
  notify::Outbox* outbox = nullptr;
  SourceMaps* source_maps = nullptr;  // nullptr: stacks stay as they come
  pipeline::Consumer* next = nullptr;
  std::string page_url;
};

class ErrorIntake : public pipeline::Consumer {
 public:
  static Result<std::unique_ptr<ErrorIntake>> start(IntakeOptions options);

  // Rules of an environment, as JSON; in force when this returns. bad_input leaves those before in force.
  virtual Status set_grouping_rules(EnvironmentId environment, const JsonValue& rules) = 0;
  virtual Result<JsonValue> grouping_rules(EnvironmentId environment) = 0;
  virtual Status set_notification_rules(EnvironmentId environment, const JsonValue& rules) = 0;
  virtual Result<JsonValue> notification_rules(EnvironmentId environment) = 0;
  // The group of an occurrence under the rules in force.
  virtual Fingerprint group_of(EnvironmentId environment, const Occurrence& occurrence) = 0;
};

}  // namespace clew::control::errors
