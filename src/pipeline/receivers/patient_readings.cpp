#include "pipeline/receivers/patient_readings.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/otlp/item_count.h"

namespace clew::pipeline {

void PatientReadings::hand_on(Batch batch) {
  const bool fits = handover_.held_bytes() + batch.otlp.size() <= most_bytes_;
  if (fits) {
    is_full_ = false;
    return handover_.hand_on(std::move(batch));
  }
  count(Counter::delivery_lost, items_of(batch));
  if (!is_full_.exchange(true))
    log_error("collector", fmt::format("{}: {} MiB of readings wait for the next stage; newer ones are lost",
                                       name_, most_bytes_ >> 20));
}

}  // namespace clew::pipeline
