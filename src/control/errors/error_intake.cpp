#include "control/errors/error_intake.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/counters.h"
#include "base/log.h"
#include "control/errors/occurrences_in_batch.h"

namespace clew::control::errors {
namespace {

constexpr std::string_view kGroupingKind = "error grouping rules";
constexpr std::string_view kNotificationKind = "error notification rules";
constexpr std::string_view kName = "rules";
// In one transaction; more wait for the next.
constexpr size_t kMostInOneCommit = 5'000;

struct Waiting {
  std::vector<Arrived> arrived;
  pipeline::Outcome outcome;
  pipeline::Done done;
};

class CountingIntake final : public ErrorIntake {
 public:
  explicit CountingIntake(IntakeOptions options)
      : options_(std::move(options)), notifier_(*options_.outbox, options_.page_url) {
    thread_ = std::thread([this] { work(); });
  }
  // Counts what is waiting first: its senders wait too.
  ~CountingIntake() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    if (!may_have_occurrences(batch)) {
      options_.next->consume(std::move(batch), std::move(done));
      return;
    }
    std::shared_ptr<const GroupingRules> rules;
    std::vector<FoundOccurrence> found = occurrences_in(batch, [&](const Occurrence& occurrence) {
      if (!rules) rules = rules_of(batch.environment);
      return rules->apply(occurrence);
    });
    if (found.empty()) {
      options_.next->consume(std::move(batch), std::move(done));
      return;
    }
    batch.otlp = SharedBytes(with_groups(batch, found));
    const auto arrived = std::make_shared<std::vector<Arrived>>();
    arrived->reserve(found.size());
    for (FoundOccurrence& one : found) {
      (void)rules->apply(one.occurrence, &one.occurrence.custom_title);
      arrived->push_back({.environment = batch.environment,
                          .occurrence = std::move(one.occurrence),
                          .fingerprint = std::move(one.fingerprint)});
    }
    options_.next->consume(
        std::move(batch), [this, arrived, done = std::move(done)](pipeline::Outcome outcome) {
          if (!outcome.status.ok()) {
            done(std::move(outcome));
            return;
          }
          {
            const std::lock_guard lock(mutex_);
            waiting_.push_back({.arrived = std::move(*arrived), .outcome = std::move(outcome), .done = done});
          }
          wake_.notify_one();
        });
  }

  Status set_grouping_rules(EnvironmentId environment, const JsonValue& json) override {
    CLEW_ASSIGN(GroupingRules rules, GroupingRules::parse(json));
    CLEW_TRY(options_.records->put(environment, kGroupingKind, kName, json.text()));
    const std::lock_guard lock(mutex_);
    grouping_[environment] = std::make_shared<const GroupingRules>(std::move(rules));
    return {};
  }
  Result<JsonValue> grouping_rules(EnvironmentId environment) override {
    return kept(environment, kGroupingKind);
  }

  Status set_notification_rules(EnvironmentId environment, const JsonValue& json) override {
    CLEW_ASSIGN(std::vector<NotificationRule> rules, notification_rules_from_json(json));
    CLEW_TRY(options_.records->put(environment, kNotificationKind, kName, json.text()));
    const std::lock_guard lock(mutex_);
    notifications_[environment] = std::make_shared<const std::vector<NotificationRule>>(std::move(rules));
    return {};
  }
  Result<JsonValue> notification_rules(EnvironmentId environment) override {
    return kept(environment, kNotificationKind);
  }

  Fingerprint group_of(EnvironmentId environment, const Occurrence& occurrence) override {
    return rules_of(environment)->apply(occurrence);
  }

 private:
  Result<JsonValue> kept(EnvironmentId environment, std::string_view kind) {
    CLEW_ASSIGN(const std::optional<Record> record, options_.records->find(environment, kind, kName));
    if (!record) return JsonValue(JsonValue::Array());
    return parse_json(record->body);
  }

  // From memory; from the database the first time.
  std::shared_ptr<const GroupingRules> rules_of(EnvironmentId environment) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = grouping_.find(environment); known != grouping_.end()) return known->second;
    }
    const Result<JsonValue> json = kept(environment, kGroupingKind);
    Result<GroupingRules> rules =
        json.ok() ? GroupingRules::parse(*json) : Result<GroupingRules>(json.status());
    if (!rules.ok()) {
      log_error("errors", "cannot read the grouping rules: " + rules.status().to_string());
      return std::make_shared<const GroupingRules>();
    }
    const std::lock_guard lock(mutex_);
    auto& place = grouping_[environment];
    if (!place) place = std::make_shared<const GroupingRules>(std::move(*rules));
    return place;
  }

  std::shared_ptr<const std::vector<NotificationRule>> notification_rules_of(EnvironmentId environment) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = notifications_.find(environment); known != notifications_.end())
        return known->second;
    }
    using Rules = std::vector<NotificationRule>;
    const Result<JsonValue> json = kept(environment, kNotificationKind);
    Result<Rules> rules = json.ok() ? notification_rules_from_json(*json) : Result<Rules>(json.status());
    if (!rules.ok()) {
      log_error("errors", "cannot read the notification rules: " + rules.status().to_string());
      return std::make_shared<const Rules>();
    }
    const std::lock_guard lock(mutex_);
    auto& place = notifications_[environment];
    if (!place) place = std::make_shared<const Rules>(std::move(*rules));
    return place;
  }

  void work() {
    while (true) {
      std::vector<Waiting> taken;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        size_t occurrences = 0;
        while (!waiting_.empty() && (taken.empty() || occurrences < kMostInOneCommit)) {
          occurrences += waiting_.front().arrived.size();
          taken.push_back(std::move(waiting_.front()));
          waiting_.pop_front();
        }
      }
      count_all(taken);
      for (Waiting& one : taken) one.done(std::move(one.outcome));
    }
  }

  // All that came in meanwhile with one sync of the database, each environment for itself.
  void count_all(std::vector<Waiting>& taken) {
    std::map<EnvironmentId, std::vector<Arrived>> by_environment;
    for (Waiting& one : taken)
      for (Arrived& arrived : one.arrived) by_environment[arrived.environment].push_back(std::move(arrived));
    for (const auto& [environment, arrived] : by_environment) {
      const Result<std::vector<Change>> changes = options_.items->commit(arrived);
      if (!changes.ok()) {
        // The rows are stored and carry their group: nothing is lost but the count.
        count(Counter::errors_not_counted, arrived.size());
        log_error("errors", "cannot count: " + changes.status().to_string());
        continue;
      }
      count(Counter::errors_counted, arrived.size());
      const auto rules = notification_rules_of(environment);
      if (rules->empty()) continue;
      for (const Change& change : *changes) notifier_.tell(environment, *rules, change, now());
    }
  }

  const IntakeOptions options_;
  ErrorNotifier notifier_;  // the working thread alone
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  std::deque<Waiting> waiting_;
  std::map<EnvironmentId, std::shared_ptr<const GroupingRules>> grouping_;
  std::map<EnvironmentId, std::shared_ptr<const std::vector<NotificationRule>>> notifications_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace

std::unique_ptr<ErrorIntake> ErrorIntake::start(IntakeOptions options) {
  return std::make_unique<CountingIntake>(std::move(options));
}

}  // namespace clew::control::errors
