// Item: one error that people look at, made of all occurrences of its groups.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "control/errors/occurrence.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

enum class State : uint8_t { active, resolved, muted, archived };
std::string_view name_of(State state);
std::optional<State> state_named(std::string_view name);

struct Item {
  int64_t id = 0;
  std::string title, type, culprit, language, service, deployment, platform, framework;
  Level level = Level::error;
  State state = State::active;
  UnixNanos snoozed_until;  // before now: not snoozed
  UnixNanos resolved_at;
  std::string resolved_in_version;
  UnixNanos activated_at;     // when it was new, or came back
  int64_t reactivations = 0;  // how often it came back after it was resolved
  int64_t merged_into = 0;    // 0: it is an item of its own
  std::string assignee;
  UnixNanos first_seen, last_seen;
  int64_t occurrences = 0;
  int64_t since_activation = 0;
  int64_t people = 0;
  std::string first_version, last_version;
  std::string last_trace;  // hex; empty: none
  int64_t first_occurrence = 0, last_occurrence = 0, activating_occurrence = 0;
};

// A fingerprint that leads to an item, and what it is the hash of.
struct Group {
  std::string fingerprint, hashed, reason;
  int64_t own_item = 0;  // where it was before a merge
  int64_t occurrences = 0;
  UnixNanos first_seen, last_seen;
};

struct VersionSeen {
  std::string version;
  UnixNanos first, last;
  int64_t occurrences = 0;
};

struct PersonSeen {
  Person person;
  UnixNanos last;
  int64_t occurrences = 0;
};

struct Activity {
  UnixNanos at;
  std::string kind, detail;  // "resolved", "in 1.2.0"
};

struct Deploy {
  int64_t id = 0;
  std::string deployment, revision, status, comment, local_username, rollbar_username;
  UnixNanos started, finished;
};

// The deploy that something came with.
struct Origin {
  Deploy deploy;
  bool is_of_version =
      false;  // its revision is the version that had the error; else it is the last one before
};

struct Arrived;

// What happened to an item while occurrences were counted.
struct Change {
  enum class Kind : uint8_t { created, reactivated, counted } kind = Kind::counted;
  EnvironmentId environment;
  Item item;
  int64_t counted_before = 0;  // since_activation, before
  int64_t occurrences = 0;     // that were counted now
  // The last of them, among those that were given to be counted: as long as those are there.
  const Arrived* latest = nullptr;
};

// Whether `version` is older than `other`, as semantic versions or numbers; nothing when that cannot be told.
std::optional<bool> is_older(std::string_view version, std::string_view other);

}  // namespace clew::control::errors
