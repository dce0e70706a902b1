#include "pipeline/receivers/patient_readings.h"

#include <gtest/gtest.h>

#include "base/counters.h"

namespace clew::pipeline {
namespace {

// Refuses for now until it is told otherwise.
class Closed final : public Consumer {
 public:
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    if (!is_open) return done({.status = Status(ErrorKind::unavailable, "not now")});
    taken.push_back(std::string(batch.otlp.view()));
    done({});
  }
  bool is_open = false;
  std::vector<std::string> taken;
};

Batch reading(std::string text) {
  return {.signal = Signal::metrics, .otlp = SharedBytes(std::move(text)), .items = 3};
}

TEST(PatientReadings, keeps_what_is_refused_for_now_as_long_as_there_is_room) {
  Timers timers;
  Closed next;
  PatientReadings readings("hostmetrics", timers, next, 10);
  const uint64_t lost = value_of(Counter::delivery_lost);
  readings.hand_on(reading("first"));
  readings.hand_on(reading("other"));
  EXPECT_EQ(value_of(Counter::delivery_lost), lost);
  readings.hand_on(reading("beyond"));
  EXPECT_EQ(value_of(Counter::delivery_lost), lost + 3);
  readings.stop();
  EXPECT_EQ(value_of(Counter::delivery_lost), lost + 9) << "what is not taken at the end is counted";
}

TEST(PatientReadings, hands_on_what_is_taken) {
  Timers timers;
  Closed next;
  next.is_open = true;
  PatientReadings readings("hostmetrics", timers, next, 10);
  readings.hand_on(reading("first"));
  readings.hand_on(reading("other"));
  readings.stop();
  EXPECT_EQ(next.taken, (std::vector<std::string>{"first", "other"}));
}

}  // namespace
}  // namespace clew::pipeline
