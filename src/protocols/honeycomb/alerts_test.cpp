// Triggers and burn alerts under a clock of the test's own: over a real store, with a real outbox whose
// channel writes down what it was given.
#include "protocols/honeycomb/alerts.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/honeycomb/alert_schedule.h"
#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/resources.h"
#include "store/columnar/store.h"

namespace clew::honeycomb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr UnixNanos kStart{1'767'607'200'000'000'000};  // Monday, 2026-01-05T10:00:00Z

class HoneycombAlerts : public ::testing::Test {
 protected:
  HoneycombAlerts() {
    directory_ = ::testing::TempDir() + "clew-alerts-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    store::ColumnarOptions options;
    options.directory = directory_ + "/store";
    options.durability = store::Durability::none;
    store_ = std::move(store::ColumnarStore::open(options)).value();
    records_ = std::move(control::Records::open(directory_)).value();
    history_ = std::move(control::AlertHistory::open(directory_)).value();
    datasets_ = std::make_unique<Datasets>(*records_);
    EXPECT_TRUE(datasets_->arrive(kDefaultEnvironment, "shop", true).ok());
    open_alerts();
  }
  ~HoneycombAlerts() override {
    alerts_.reset();
    outbox_.reset();
    EXPECT_TRUE(store_->close().ok());
    std::filesystem::remove_all(directory_);
  }

  // As after a restart: what was in memory is gone.
  void open_alerts() {
    alerts_.reset();
    outbox_.reset();
    control::notify::OutboxOptions options;
    options.threads = 0;
    options.clock = [this] { return now_; };
    options.deliver = [this](const control::notify::Recipient& to, const control::notify::Message& message,
                             std::string_view) -> Status {
      if (refuse_) return Status(ErrorKind::unavailable, "the recipient is away");
      told_.push_back(std::string(name_of(to.channel)) + " " + message.title + ": " + message.text);
      webhook_body_ = message.webhook_body;
      return Status();
    };
    outbox_ = std::move(control::notify::Outbox::open(directory_, std::move(options))).value();
    alerts_ = std::make_unique<Alerts>(AlertOptions{.storage = store_.get(),
                                                    .datasets = datasets_.get(),
                                                    .records = records_.get(),
                                                    .data_directory = directory_,
                                                    .run = {}});
  }

  void keep(std::string_view kind, std::string_view json) {
    const JsonValue body = parse_json(json).value();
    ASSERT_TRUE(records_->put(kDefaultEnvironment, kind, text_in(body, "id"), body.text()).ok());
  }

  void send(int count, std::string_view json = R"({"a":1})") {
    EventTranslation translation("shop", 0);
    const JsonValue data = parse_json(json).value();
    for (int i = 0; i < count; ++i) translation.add({.time = now_ - seconds(1), .data = data});
    store_->append({.signal = Signal::logs,
                    .environment = kDefaultEnvironment,
                    .otlp = SharedBytes(translation.take_logs())},
                   [](const store::AppendOutcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  }

  // "standing name: summary" of what lasted, the latest first.
  std::vector<std::string> history_of(std::string_view alert) {
    std::vector<std::string> lines;
    const auto periods =
        history_->list(kDefaultEnvironment, {.alert = std::string(alert), .range = {}}).value();
    for (const control::AlertPeriod& period : periods)
      lines.push_back(std::string(name_of(period.began.standing)) + " " + period.began.name + ": " +
                      period.began.summary);
    return lines;
  }

  // Time passes, what is due happens, and what was told is returned.
  std::vector<std::string> after(Nanoseconds passed) {
    now_ = now_ + passed;
    told_.clear();
    const Result<size_t> evaluated = alerts_->evaluate_due(now_);
    EXPECT_TRUE(evaluated.ok()) << evaluated.status().to_string();
    evaluated_ = evaluated.ok() ? *evaluated : 0;
    outbox_->deliver_due();
    return told_;
  }

  std::string directory_;
  UnixNanos now_ = kStart;
  std::vector<std::string> told_;
  std::string webhook_body_;
  bool refuse_ = false;
  size_t evaluated_ = 0;
  std::unique_ptr<store::ColumnarStore> store_;
  std::unique_ptr<control::Records> records_;
  std::unique_ptr<control::AlertHistory> history_;
  std::unique_ptr<Datasets> datasets_;
  std::unique_ptr<control::notify::Outbox> outbox_;
  std::unique_ptr<Alerts> alerts_;
};

constexpr std::string_view kTrigger = R"({"id":"t1","name":"many","frequency":60,"alert_type":"on_change",
  "query":{"calculations":[{"op":"COUNT"}],"time_range":60},"threshold":{"op":">","value":5,"exceeded_limit":1},
  "recipients":[{"type":"webhook","target":"http://hook.example/"}]})";

TEST_F(HoneycombAlerts, ATriggerTellsWhenItsStateChanges) {
  keep("honeycomb.triggers/shop", kTrigger);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
  EXPECT_EQ(evaluated_, 1u);
  EXPECT_THAT(after(seconds(30)), IsEmpty()) << "not yet due";
  EXPECT_EQ(evaluated_, 0u);
  send(6);
  EXPECT_THAT(after(seconds(30)), ElementsAre("webhook Triggered: many: COUNT was 6 (> 5)"));
  const JsonValue body = parse_json(webhook_body_).value();
  EXPECT_EQ(text_in(body, "status"), "TRIGGERED");
  EXPECT_EQ(text_in(body, "operator"), "greater than");
  EXPECT_EQ(body.find("result_groups")->text(), R"([{"Group":{},"Result":6}])");
  EXPECT_THAT(after(seconds(59)), IsEmpty());
  send(7);
  EXPECT_THAT(after(seconds(1)), IsEmpty()) << "still over: it was told";
  EXPECT_THAT(after(seconds(60)), ElementsAre(HasSubstr("Resolved: many")));
  EXPECT_THAT(after(seconds(60)), IsEmpty());
}

TEST_F(HoneycombAlerts, EachTimeWhenItIsAskedFor) {
  std::string trigger(kTrigger);
  trigger.replace(trigger.find("on_change"), 9, "on_true");
  keep("honeycomb.triggers/shop", trigger);
  send(6);
  EXPECT_EQ(after(seconds(0)).size(), 1u);
  now_ = now_ + seconds(50);
  send(6);
  EXPECT_EQ(after(seconds(10)).size(), 1u);
}

TEST_F(HoneycombAlerts, OnlyAfterSoManyEvaluationsInARow) {
  std::string trigger(kTrigger);
  trigger.replace(trigger.find("\"exceeded_limit\":1"), 18, "\"exceeded_limit\":2");
  keep("honeycomb.triggers/shop", trigger);
  send(6);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
  now_ = now_ + seconds(50);
  send(6);
  EXPECT_EQ(after(seconds(10)).size(), 1u);
}

TEST_F(HoneycombAlerts, ARestartNeitherForgetsNorRepeats) {
  keep("honeycomb.triggers/shop", kTrigger);
  send(6);
  refuse_ = true;
  EXPECT_THAT(after(seconds(0)), IsEmpty()) << "the recipient is away";
  refuse_ = false;
  open_alerts();
  EXPECT_THAT(after(seconds(10)), ElementsAre(HasSubstr("Triggered: many"))) << "it was kept";
  EXPECT_EQ(evaluated_, 0u) << "not yet due";
  open_alerts();
  EXPECT_THAT(after(seconds(10)), IsEmpty());
  EXPECT_THAT(after(seconds(60)), ElementsAre(HasSubstr("Resolved: many")));
}

TEST_F(HoneycombAlerts, WhatTheLatestEvaluationFoundIsKept) {
  keep("honeycomb.triggers/shop", kTrigger);
  keep("honeycomb.triggers/nowhere", R"({"id":"t9","name":"lost","frequency":60,"query_id":"gone",
    "threshold":{"op":">","value":5}})");
  send(6);
  after(seconds(1));
  const AlertState over = read_alert_state(*records_, kDefaultEnvironment, "t1").value();
  EXPECT_EQ(over.evaluated, now_);
  EXPECT_EQ(over.found, "COUNT was 6 (> 5)");
  EXPECT_EQ(over.failure, "");
  const AlertState lost = read_alert_state(*records_, kDefaultEnvironment, "t9").value();
  EXPECT_EQ(lost.evaluated, now_);
  EXPECT_EQ(lost.failure, "the trigger's query is gone");
  after(seconds(120));
  EXPECT_EQ(read_alert_state(*records_, kDefaultEnvironment, "t1").value().found, "");
}

TEST_F(HoneycombAlerts, TheHistoryHasEachChangeAndNoMore) {
  keep("honeycomb.triggers/shop", kTrigger);
  after(seconds(0));
  after(seconds(60));
  for (int twice = 0; twice < 2; ++twice) {
    now_ = now_ + seconds(50);
    send(6);
    after(seconds(10));
  }
  after(seconds(70));
  std::string trigger(kTrigger);
  trigger.insert(1, R"("disabled":true,)");
  keep("honeycomb.triggers/shop", trigger);
  after(seconds(1));
  after(seconds(1));
  EXPECT_THAT(history_of("t1"),
              ElementsAre("disabled many: ", "ok many: ", "triggered many: COUNT was 6 (> 5)", "ok many: "));
  keep("honeycomb.triggers/nowhere", R"({"id":"t9","name":"lost","frequency":60,"query_id":"gone",
    "threshold":{"op":">","value":5}})");
  after(seconds(60));
  after(seconds(60));
  EXPECT_THAT(history_of("t9"), ElementsAre("failing lost: the trigger's query is gone"));
}

TEST_F(HoneycombAlerts, EvaluationsArePunctual) {
  keep("honeycomb.triggers/shop", kTrigger);
  after(seconds(0));
  after(seconds(61));
  EXPECT_EQ(evaluated_, 1u);
  after(seconds(59));
  EXPECT_EQ(evaluated_, 1u) << "a second late once is not late ever after";
  after(seconds(600));
  EXPECT_EQ(evaluated_, 1u) << "what was missed is not made up for";
  after(seconds(59));
  EXPECT_EQ(evaluated_, 0u);
}

TEST_F(HoneycombAlerts, WhatCannotBeReadIsNoHindranceToOthers) {
  ASSERT_TRUE(records_->put(kDefaultEnvironment, kAlertStateKind, "t0", "{broken").ok());
  std::string broken(kTrigger);
  broken.replace(broken.find("t1"), 2, "t0");
  keep("honeycomb.triggers/shop", broken);
  keep("honeycomb.triggers/shop", kTrigger);
  send(6);
  EXPECT_EQ(after(seconds(0)).size(), 2u);
}

TEST_F(HoneycombAlerts, GroupsThatAreOverAreNamed) {
  keep("honeycomb.triggers/shop", R"({"id":"t2","name":"groups","frequency":60,
    "query":{"calculations":[{"op":"COUNT"}],"breakdowns":["who"],"time_range":60},
    "threshold":{"op":">=","value":3},"recipients":[{"type":"webhook","target":"http://hook.example/"}]})");
  send(2, R"({"who":"a"})");
  send(3, R"({"who":"b"})");
  EXPECT_EQ(after(seconds(0)).size(), 1u);
  const JsonValue body = parse_json(webhook_body_).value();
  EXPECT_EQ(body.find("result_groups_triggered")->text(), R"([{"Group":{"who":"b"},"Result":3}])");
  EXPECT_EQ(body.find("result_groups")->text(),
            R"([{"Group":{"who":"b"},"Result":3},{"Group":{"who":"a"},"Result":2}])");
}

TEST_F(HoneycombAlerts, AgainstAnEarlierPeriod) {
  send(4);
  now_ = now_ + hours(1);
  keep("honeycomb.triggers/shop", R"({"id":"t3","name":"twice","frequency":60,
    "query":{"calculations":[{"op":"COUNT"}],"time_range":60},"threshold":{"op":">=","value":100},
    "baseline_details":{"offset_minutes":60,"type":"percentage"},
    "recipients":[{"type":"webhook","target":"http://hook.example/"}]})");
  send(7);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
  send(1);
  now_ = now_ - seconds(0);
  keep("honeycomb.alert_state", R"({"id":"t3","triggered":false,"exceeded":0,"due":0})");
  EXPECT_THAT(after(seconds(0)), ElementsAre(HasSubstr("the change of COUNT in percent was 100")));
}

TEST_F(HoneycombAlerts, DisabledOnesAndThoseOutsideTheirScheduleAreLeftAlone) {
  std::string trigger(kTrigger);
  trigger.insert(1, R"("disabled":true,)");
  keep("honeycomb.triggers/shop", trigger);
  send(6);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
  EXPECT_EQ(evaluated_, 0u);
  trigger.replace(
      trigger.find(R"("disabled":true,)"), 16,
      R"("evaluation_schedule_type":"window","evaluation_schedule":{"window":{"days_of_week":["sunday"],"start_time":"00:00","end_time":"23:59"}},)");
  keep("honeycomb.triggers/shop", trigger);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
}

TEST_F(HoneycombAlerts, ARecipientMayBeAMarker) {
  std::string trigger(kTrigger);
  const std::string hook = R"({"type":"webhook","target":"http://hook.example/"})";
  trigger.replace(trigger.find(hook), hook.size(), R"({"type":"marker","target":"it went up"})");
  keep("honeycomb.triggers/shop", trigger);
  send(6);
  EXPECT_THAT(after(seconds(0)), IsEmpty());
  const auto markers = read_resources(*records_, kDefaultEnvironment, "honeycomb.markers/shop").value();
  ASSERT_EQ(markers.size(), 1u);
  EXPECT_EQ(text_in(markers[0], "message"), "it went up");
}

TEST_F(HoneycombAlerts, BurnAlertsWatchTheBudget) {
  keep("honeycomb.slos/shop", R"({"id":"s1","name":"works","sli":{"alias":"ok"},"time_period_days":7,
    "target_per_million":900000,"dataset_slugs":["shop"]})");
  keep("honeycomb.burn_alerts/shop", R"({"id":"b1","alert_type":"budget_rate","budget_rate_window_minutes":60,
    "budget_rate_decrease_threshold_per_million":500000,"slo":{"id":"s1"},
    "recipients":[{"type":"pagerduty","target":"0123456789abcdef0123456789abcdef"}]})");
  keep("honeycomb.burn_alerts/shop", R"({"id":"b2","alert_type":"exhaustion_time","exhaustion_minutes":240,
    "slo":{"id":"s1"},"recipients":[{"type":"email","target":"ops@example.com"}]})");
  send(99, R"({"ok":true})");
  send(1, R"({"ok":false})");
  EXPECT_THAT(after(seconds(0)), IsEmpty()) << "1 of 10 went, and at that rate the rest lasts 540 minutes";
  send(6, R"({"ok":false})");
  const auto told = after(seconds(60));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(
      told[0],
      HasSubstr("pagerduty Triggered: Burn alert: 66.04 % of the budget of works went in 60 minutes"));
  EXPECT_THAT(told[1], HasSubstr("email Triggered: Burn alert: the budget of works will be exhausted in"));
  EXPECT_THAT(after(hours(2)), ElementsAre(HasSubstr("Resolved"), HasSubstr("Resolved")));
}

TEST(HoneycombSchedule, WindowsOfDaysAndHours) {
  const auto trigger = [](std::string_view days, std::string_view start, std::string_view end) {
    return parse_json(
               R"({"evaluation_schedule_type":"window","evaluation_schedule":{"window":{"days_of_week":[)" +
               std::string(days) + R"(],"start_time":")" + std::string(start) + R"(","end_time":")" +
               std::string(end) + R"("}}})")
        .value();
  };
  EXPECT_TRUE(within_schedule(trigger(R"("monday")", "09:00", "17:00"), kStart));
  EXPECT_FALSE(within_schedule(trigger(R"("tuesday")", "09:00", "17:00"), kStart));
  EXPECT_FALSE(within_schedule(trigger(R"("monday")", "10:01", "17:00"), kStart));
  EXPECT_FALSE(within_schedule(trigger(R"("monday")", "09:00", "10:00"), kStart));
  // From Sunday's evening into Monday.
  EXPECT_TRUE(within_schedule(trigger(R"("sunday")", "22:00", "11:00"), kStart));
  EXPECT_FALSE(within_schedule(trigger(R"("monday")", "22:00", "11:00"), kStart));
  EXPECT_TRUE(within_schedule(JsonValue(), kStart));
}

}  // namespace
}  // namespace clew::honeycomb
