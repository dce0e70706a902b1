#include "control/notify/outbox.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "control/notify/letters.h"
#include "control/schema.h"

namespace clew::control::notify {
namespace {

// How often idle threads look anyway: a disk that was full may have room again, and others put letters there
// by themselves (letters.h).
constexpr std::chrono::seconds kLookEvery{2};

enum : int64_t { kWaiting = 0, kDelivered = 1, kGivenUp = 2 };  // reach the disk: never change them

struct Claimed {
  int64_t id = 0;
  std::string recipient_json;
  std::string message_json;
  int attempts = 0;
  UnixNanos created;
};

bool may_pass(const Status& failure) {
  return failure.kind() == ErrorKind::unavailable || failure.kind() == ErrorKind::cancelled ||
         failure.kind() == ErrorKind::exhausted;
}

class DatabaseOutbox final : public Outbox {
 public:
  DatabaseOutbox(Database database, OutboxOptions options)
      : options_(std::move(options)), database_(std::move(database)) {}

  ~DatabaseOutbox() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void start() {
    for (size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
  }

  Status enqueue(EnvironmentId environment, const Recipient& recipient, const Message& message) override {
    {
      const std::lock_guard lock(mutex_);
      CLEW_TRY(insert_letters(database_, environment, {{recipient, message}}, options_.clock()));
    }
    wake_.notify_one();
    return {};
  }

  Result<std::vector<Delivery>> list(EnvironmentId environment, size_t most) override {
    const std::lock_guard lock(mutex_);
    std::vector<Delivery> all;
    CLEW_TRY(database_.run(
        "SELECT id, progress, recipient, title, created, due, finished, attempts, failure FROM notifications "
        "WHERE environment = ? ORDER BY id DESC LIMIT ?",
        {int64_t{environment.number}, static_cast<int64_t>(most)}, [&](const Row& row) {
          Delivery one;
          one.id = row.integer(0);
          one.progress = static_cast<Progress>(row.integer(1));
          const Result<JsonValue> json = parse_json(row.text(2));
          const Result<Recipient> recipient =
              json.ok() ? recipient_from_json(*json) : Result<Recipient>(json.status());
          one.recipient = recipient.ok() ? describe(*recipient) : "?";
          one.title = row.text(3);
          one.created = {row.integer(4)};
          one.due = {row.integer(5)};
          one.finished = {row.integer(6)};
          one.attempts = static_cast<int>(row.integer(7));
          one.failure = row.text(8);
          all.push_back(std::move(one));
        }));
    return all;
  }

  Status try_now(const Recipient& recipient, const Message& message) override {
    return options_.deliver(recipient, message, fmt::format("test-{}", options_.clock().count));
  }

  size_t deliver_due() override {
    size_t attempts = 0;
    while (std::optional<Claimed> claimed = claim()) {
      attempt(*claimed);
      ++attempts;
    }
    return attempts;
  }

 private:
  void work() {
    while (true) {
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
      }
      if (const std::optional<Claimed> claimed = claim()) {
        attempt(*claimed);
        continue;
      }
      std::unique_lock lock(mutex_);
      if (stopping_) return;
      wake_.wait_for(lock, pause_until_due());
    }
  }

  // Under the lock.
  std::chrono::nanoseconds pause_until_due() {
    std::chrono::nanoseconds pause = kLookEvery;
    // What waits only for another message to the same recipient is announced by that one's end.
    (void)database_.run("SELECT recipient, due FROM notifications WHERE progress = 0 ORDER BY due LIMIT 100",
                        {}, [&](const Row& row) {
                          if (busy_.contains(std::string(row.text(0)))) return;
                          const int64_t left = row.integer(1) - options_.clock().count;
                          pause =
                              std::min(pause, std::chrono::nanoseconds(std::max<int64_t>(left, 1'000'000)));
                        });
    return pause;
  }

  // The oldest that is due, to a recipient nobody speaks to at the moment, with none before it about the same
  // thing to the same recipient.
  std::optional<Claimed> claim() {
    const std::lock_guard lock(mutex_);
    std::optional<Claimed> found;
    const Status read = database_.run(
        "SELECT id, recipient, message, attempts, created FROM notifications AS this "
        "WHERE progress = 0 AND due <= ? AND (dedup_key = '' OR NOT EXISTS (SELECT 1 FROM notifications AS "
        "other WHERE other.progress = 0 AND other.dedup_key = this.dedup_key AND other.recipient = "
        "this.recipient AND other.id < this.id)) ORDER BY due, id LIMIT 200",
        {options_.clock().count}, [&](const Row& row) {
          if (found || busy_.contains(std::string(row.text(1)))) return;
          found = Claimed{.id = row.integer(0),
                          .recipient_json = std::string(row.text(1)),
                          .message_json = std::string(row.text(2)),
                          .attempts = static_cast<int>(row.integer(3)),
                          .created = {row.integer(4)}};
        });
    if (!read.ok()) complain(read);
    if (found) busy_.insert(found->recipient_json);
    return found;
  }

  void attempt(const Claimed& claimed) {
    const Status outcome = deliver(claimed);
    {
      const std::lock_guard lock(mutex_);
      busy_.erase(claimed.recipient_json);
      const Status written = note(claimed, outcome);
      if (!written.ok()) complain(written);
    }
    wake_.notify_one();
  }

  Status deliver(const Claimed& claimed) {
    CLEW_ASSIGN(const JsonValue recipient_json, parse_json(claimed.recipient_json));
    CLEW_ASSIGN(const JsonValue message_json, parse_json(claimed.message_json));
    CLEW_ASSIGN(const Recipient recipient, recipient_from_json(recipient_json));
    CLEW_ASSIGN(const Message message, message_from_json(message_json));
    return options_.deliver(recipient, message, std::to_string(claimed.id));
  }

  // Under the lock.
  Status note(const Claimed& claimed, const Status& outcome) {
    const UnixNanos at = options_.clock();
    const int64_t attempts = claimed.attempts + 1;
    if (!outcome.ok() && may_pass(outcome) && at - claimed.created < kLongest) {
      count(Counter::notification_attempts_failed);
      const UnixNanos due = at + pause_before_attempt(static_cast<int>(attempts));
      return database_.run("UPDATE notifications SET attempts = ?, due = ?, failure = ? WHERE id = ?",
                           {attempts, due.count, outcome.message(), claimed.id});
    }
    if (outcome.ok()) {
      count(Counter::notifications_delivered);
    } else {
      count(Counter::notifications_lost);
      log_error("notify", fmt::format("gave up notification {} after {} attempts: {}", claimed.id, attempts,
                                      outcome.message()));
    }
    CLEW_TRY(database_.run(
        "UPDATE notifications SET progress = ?, attempts = ?, finished = ?, failure = ? WHERE id = ?",
        {outcome.ok() ? kDelivered : kGivenUp, attempts, at.count, outcome.message(), claimed.id}));
    return database_.run(
        "DELETE FROM notifications WHERE progress <> 0 AND (finished < ? OR id IN (SELECT id FROM "
        "notifications WHERE progress <> 0 ORDER BY id DESC LIMIT -1 OFFSET ?))",
        {(at - kKeepFinished).count, static_cast<int64_t>(kMostFinished)});
  }

  // Under the lock. Once for a run of failures.
  void complain(const Status& failure) {
    const std::string text = failure.to_string();
    if (text != last_complaint_) log_error("notify", text);
    last_complaint_ = text;
  }

  const OutboxOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  Database database_;
  std::set<std::string> busy_;  // recipients that are being spoken to
  std::string last_complaint_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace

Nanoseconds pause_before_attempt(int attempts_made) {
  if (attempts_made > 6) return hours(1);
  int64_t pause = 1;
  for (int i = 1; i < attempts_made; ++i) pause *= 4;
  return seconds(std::min<int64_t>(pause, 3600));
}

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& data_directory, OutboxOptions options) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  auto outbox = std::make_unique<DatabaseOutbox>(std::move(database), std::move(options));
  outbox->start();
  return std::unique_ptr<Outbox>(std::move(outbox));
}

}  // namespace clew::control::notify
