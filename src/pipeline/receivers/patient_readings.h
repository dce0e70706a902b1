// PatientReadings: hands on what a receiver measured or fetched by itself. Nobody repeats it, so what is
// refused for now is tried again, and readings that find no room meanwhile are lost, and counted.
#pragma once

#include <atomic>
#include <string>

#include "pipeline/patient_handover.h"

namespace clew::pipeline {

class PatientReadings {
 public:
  PatientReadings(const std::string& name, Timers& timers, Consumer& next,
                  uint64_t most_bytes = uint64_t{32} << 20)
      : name_(name), most_bytes_(most_bytes), handover_(name, timers, next) {}

  // Any thread. Not after stop().
  void hand_on(Batch batch);
  // Tries everything once more and waits for the answers.
  void stop() { handover_.stop(); }

 private:
  const std::string name_;
  const uint64_t most_bytes_;
  std::atomic<bool> is_full_{false};
  PatientHandover handover_;
};

}  // namespace clew::pipeline
