// Occurrence: one error that happened, as far as grouping and counting need it. The whole of it rests in the
// store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "control/errors/stack_text.h"

namespace clew::control::errors {

// In the order of urgency; the numbers are Rollbar's, and reach the disk.
enum class Level : uint8_t { debug = 10, info = 20, warning = 30, error = 40, critical = 50 };
std::string_view name_of(Level level);
Level level_named(std::string_view name, Level otherwise = Level::error);

struct Person {
  std::string id, name, email;
};

struct Occurrence {
  int64_t id = 0;  // below 2^53
  UnixNanos at;
  Level level = Level::error;
  Language language = Language::unknown;
  std::string type, message;
  std::vector<Frame> frames;  // the innermost call first
  std::vector<std::string> causes;
  std::string service, deployment, version, host, platform, framework, context;
  Person person;
  std::string uuid;                // the sender's own name for it; empty: none
  std::string custom_fingerprint;  // the sender's wish
  std::string custom_title;
  std::string trace_id, span_id;  // hex; empty: none
};

// The innermost frame of the application; of a library when there is no other; nullptr without frames.
const Frame* culprit_of(const Occurrence& occurrence);
std::string title_of(const Occurrence& occurrence);

}  // namespace clew::control::errors
