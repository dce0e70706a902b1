#include "control/errors/error_intake.h"

#include <map>
#include <mutex>
#include <optional>

#include "base/log.h"
#include "control/errors/error_glance.h"
#include "control/errors/occurrence_counter.h"
#include "control/errors/occurrences_in_batch.h"
#include "control/errors/source_mapping.h"
#include "control/errors/uncounted.h"

namespace clew::control::errors {
namespace {

constexpr std::string_view kGroupingKind = "error grouping rules";
constexpr std::string_view kNotificationKind = "error notification rules";
constexpr std::string_view kName = "rules";

class CountingIntake final : public ErrorIntake {
 public:
  explicit CountingIntake(IntakeOptions options)
      : options_(std::move(options)), notifier_(*options_.outbox, options_.page_url) {}
  ~CountingIntake() override { options_.items->settle_with({}); }

  Status start() {
    const auto grouping = [this](EnvironmentId environment, const Occurrence& occurrence) {
      return group_of(environment, occurrence);
    };
    CounterOptions counting;
    CLEW_ASSIGN(counting.uncounted, find_uncounted(*options_.storage, *options_.items, grouping));
    counting.tell = [this](const std::vector<Change>& changes) { tell(changes); };
    counter_.emplace(*options_.items, std::move(counting));
    options_.items->settle_with([this] { counter_->settle(); });
    mapping_.emplace(options_.source_maps);
    return Status();
  }

  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    if (!may_have_occurrences(batch)) {
      options_.next->consume(std::move(batch), std::move(done));
      return;
    }
    const OccurrenceCounter::Ticket ticket = counter_->begin();
    std::vector<FoundOccurrence> found = occurrences_in(batch);
    if (found.empty()) {
      counter_->abandon(ticket);
      options_.next->consume(std::move(batch), std::move(done));
      return;
    }
    mapping_->run(batch, std::move(found),
                  [this, batch, ticket, done = std::move(done)](std::vector<FoundOccurrence> mapped) {
                    group(batch, std::move(mapped), ticket, done);
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
  // On the event loop, or on the thread of the source maps.
  void group(Batch batch, std::vector<FoundOccurrence> found, OccurrenceCounter::Ticket ticket,
             const pipeline::Done& done) {
    const std::shared_ptr<const GroupingRules> rules = rules_of(batch.environment);
    for (FoundOccurrence& one : found)
      one.fingerprint = rules->apply(one.occurrence, &one.occurrence.custom_title);
    batch.otlp = SharedBytes(with_groups(batch, found));
    const auto arrived = std::make_shared<std::vector<Arrived>>();
    arrived->reserve(found.size());
    for (FoundOccurrence& one : found) {
      arrived->push_back({.environment = batch.environment,
                          .occurrence = std::move(one.occurrence),
                          .fingerprint = std::move(one.fingerprint)});
    }
    options_.next->consume(std::move(batch), [this, ticket, arrived, done](pipeline::Outcome outcome) {
      if (!outcome.status.ok()) {
        counter_->abandon(ticket);
        done(std::move(outcome));
        return;
      }
      counter_->stored(ticket, std::move(*arrived), [done, outcome = std::move(outcome)] { done(outcome); });
    });
  }

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

  // From the counter's thread.
  void tell(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
      const auto rules = notification_rules_of(change.environment);
      if (!rules->empty()) notifier_.tell(change.environment, *rules, change, now());
    }
  }

  const IntakeOptions options_;
  ErrorNotifier notifier_;  // of the counter's thread
  std::mutex mutex_;
  // Guarded by mutex_:
  std::map<EnvironmentId, std::shared_ptr<const GroupingRules>> grouping_;
  std::map<EnvironmentId, std::shared_ptr<const std::vector<NotificationRule>>> notifications_;

  std::optional<OccurrenceCounter> counter_;
  std::optional<SourceMapping> mapping_;  // ends first
};

}  // namespace

Result<std::unique_ptr<ErrorIntake>> ErrorIntake::start(IntakeOptions options) {
  auto intake = std::make_unique<CountingIntake>(std::move(options));
  CLEW_TRY(intake->start());
  return std::unique_ptr<ErrorIntake>(std::move(intake));
}

}  // namespace clew::control::errors
