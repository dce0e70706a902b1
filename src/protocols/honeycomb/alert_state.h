// AlertState: what became of a trigger or burn alert so far. Kept, so that a restart neither forgets nor
// repeats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "control/alert_history.h"
#include "control/records.h"
#include "telemetry/batch.h"

namespace clew::honeycomb {

struct AlertState {
  bool triggered = false;
  int64_t exceeded = 0;                            // evaluations in a row that were over the threshold
  UnixNanos due{};                                 // of the next evaluation; 0: at once
  UnixNanos evaluated{};                           // lately; 0: never
  std::string found;                               // by the latest evaluation, when it was over the threshold
  std::string failure;                             // of the latest evaluation; empty: it went well
  std::optional<control::AlertStanding> standing;  // as the history has it; nullopt: it has none yet
};

// Under which kind states are kept, by the alert's id.
constexpr std::string_view kAlertStateKind = "honeycomb.alert_state";

// Of an alert that was never looked at: as if it was fine, and due.
Result<AlertState> read_alert_state(control::Records& records, EnvironmentId environment,
                                    std::string_view id);
std::string to_json_text(const AlertState& state);

}  // namespace clew::honeycomb
