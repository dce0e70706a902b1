// Outbox: messages on their way to recipients, kept in the control database until they are delivered or given
// up. What enqueue() took survives a restart; an attempt that was under way when the program died is made
// again, so that a recipient may hear of a message twice (webhooks see the same x-clew-delivery).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/notify/channels.h"
#include "control/notify/message.h"
#include "control/notify/recipient.h"
#include "telemetry/batch.h"

namespace clew::control::notify {

enum class Progress : uint8_t { waiting, delivered, given_up };

// One message to one recipient, for people who want to know what became of it.
struct Delivery {
  int64_t id = 0;
  Progress progress = Progress::waiting;
  std::string recipient;  // described, without secrets
  std::string title;
  UnixNanos created;
  UnixNanos due;       // of the next attempt, when waiting
  UnixNanos finished;  // otherwise
  int attempts = 0;
  std::string failure;  // of the last attempt; empty: none failed
};

struct OutboxOptions {
  Deliver deliver;
  std::function<UnixNanos()> clock = now;
  // Threads that deliver; one recipient is never spoken to by two of them. 0: only deliver_due() does, for
  // tests with a clock of their own.
  size_t threads = 4;
};

class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(const std::string& data_directory, OutboxOptions options);
  // Waits for the attempts under way. What is waiting stays for the next start.
  virtual ~Outbox() = default;

  // Any thread. On success the message is on disk and will be tried until it is delivered, refused for good,
  // or has failed for kLongest; never blocks on a recipient. exhausted when kMostWaiting are waiting.
  virtual Status enqueue(EnvironmentId environment, const Recipient& recipient, const Message& message) = 0;

  // The newest first, finished ones too as long as they are kept.
  virtual Result<std::vector<Delivery>> list(EnvironmentId environment, size_t most) = 0;
  // One attempt now, without the outbox: for "send a test message".
  virtual Status try_now(const Recipient& recipient, const Message& message) = 0;

  // Makes every attempt that is due now, and returns how many those were. With `threads` = 0 only.
  virtual size_t deliver_due() = 0;
};

constexpr size_t kMostWaiting = 10'000;
constexpr Nanoseconds kLongest = hours(24);
// Finished deliveries are kept this long, and no more than so many of them.
constexpr Nanoseconds kKeepFinished = days(7);
constexpr size_t kMostFinished = 10'000;
// 1 s, 4 s, 16 s, … and never more than an hour.
Nanoseconds pause_before_attempt(int attempts_made);

}  // namespace clew::control::notify
