// Whole collectors in one process, with a receiver that tests feed and an exporter that fails at random.
#include "pipeline/collector.h"

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "pipeline/config/section.h"
#include "pipeline/delivery/worker_threads.h"
#include "pipeline/otlp/item_walk.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

using ::testing::HasSubstr;

// What the parts of a test share with it.
struct World {
  std::mutex mutex;
  std::map<std::string, Consumer*> receivers;                        // by id
  std::map<std::string, std::multiset<std::string>> taken, refused;  // names of items, by exporter
  bool is_away = false;  // the backend refuses everything, for now
};
World* world = nullptr;

std::vector<std::string> names_in(const Batch& batch) {
  std::vector<std::string> names;
  EXPECT_TRUE(walk_items(batch.otlp.view(), [&](const ItemPlace& place) {
                ProtobufReader span(place.item.data(), place.item.size());
                while (span.next(otlp::span::name)) {
                  const auto view = span.get_view();
                  names.emplace_back(view.data(), view.size());
                }
              }).ok());
  return names;
}

class FedReceiver final : public Receiver {
 public:
  FedReceiver(std::string id, Consumer& next) : id_(std::move(id)), next_(next) {}
  Status start() override {
    std::lock_guard lock(world->mutex);
    world->receivers[id_] = &next_;
    return {};
  }

 private:
  const std::string id_;
  Consumer& next_;
};

class FlakyExporter final : public Exporter {
 public:
  FlakyExporter(std::string id, int percent_taken) : id_(std::move(id)), percent_taken_(percent_taken) {}
  void stop() override { workers_.stop(); }
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    workers_.post([this, batch = std::move(batch), done = std::move(done)] {
      Outcome outcome;
      {
        std::lock_guard lock(world->mutex);
        const int chance = world->is_away ? 100 : static_cast<int>(random_() % 100);
        if (chance >= percent_taken_ + (100 - percent_taken_) / 8)
          outcome.status = Status(ErrorKind::unavailable, "not now");
        else if (chance >= percent_taken_)
          outcome.status = Status(ErrorKind::bad_input, "never");
        if (outcome.status.ok() || !is_retryable(outcome.status))
          for (std::string& name : names_in(batch))
            (outcome.status.ok() ? world->taken : world->refused)[id_].insert(std::move(name));
      }
      done(std::move(outcome));
    });
  }

 private:
  const std::string id_;
  const int percent_taken_;
  std::mt19937 random_{7};  // guarded by world->mutex
  WorkerThreads workers_{4};
};

MakeReceiver configure_fed(Section&) {
  return [](const Site& site, Consumer& next) -> Result<std::unique_ptr<Receiver>> {
    return std::unique_ptr<Receiver>(std::make_unique<FedReceiver>(site.id.text(), next));
  };
}

ExporterPlan configure_flaky(Section& section) {
  uint64_t percent = 60;
  section.read("taken", percent);
  return {.make = [percent](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(
                std::make_unique<FlakyExporter>(site.id.text(), static_cast<int>(percent)));
          },
          .delivery = read_delivery(section)};
}

class CollectorTest : public ::testing::Test {
 protected:
  CollectorTest() {
    world = &world_;
    list_ = list_components({});
    list_.receivers.push_back({"fed", "", kAllSignals, configure_fed});
    list_.exporters.push_back({"flaky", "", kAllSignals, configure_flaky});
  }

  CollectorPlan plan(const std::string& yaml) {
    Complaints complaints;
    const auto value = parse_yaml(yaml, "test.yaml");
    EXPECT_TRUE(value.ok()) << value.status().to_string();
    configuration_ = *value;
    CollectorPlan made = plan_collector(configuration_, list_, complaints);
    EXPECT_EQ(complaints.errors(), std::vector<std::string>());
    return made;
  }

  void start(const std::string& yaml, Unsent unsent = {}) {
    auto started = Collector::start(plan(yaml), telemetry_, std::move(unsent));
    ASSERT_TRUE(started.ok()) << started.status().to_string();
    collector_ = std::move(*started);
  }

  // Sends items from several threads, each again until it is accepted or refused for good.
  void send(int items, const std::string& prefix = "item", const std::string& receiver = "fed") {
    std::vector<std::thread> senders;
    std::atomic<int> next{0};
    for (int t = 0; t < 4; ++t)
      senders.emplace_back([&] {
        for (int i = next++; i < items; i = next++) {
          const std::string name = prefix + std::to_string(i);
          const Batch batch{
              .signal = Signal::traces,
              .otlp = SharedBytes(testing::span_request({{"service.name", "s"}}, {{.name = name}}))};
          for (bool over = false; !over;) {
            const auto promise = std::make_shared<std::promise<Outcome>>();
            world_.receivers.at(receiver)->consume(
                batch, [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
            const Outcome outcome = promise->get_future().get();
            over = outcome.status.ok() || !is_retryable(outcome.status);
            std::lock_guard lock(world_.mutex);
            if (outcome.status.ok())
              accepted_.insert(name);
            else if (over)
              refused_.insert(name);
          }
        }
      });
    for (std::thread& sender : senders) sender.join();
  }

  std::multiset<std::string> fates(const std::string& exporter) {
    std::lock_guard lock(world_.mutex);
    std::multiset<std::string> all = world_.taken[exporter];
    all.insert(world_.refused[exporter].begin(), world_.refused[exporter].end());
    return all;
  }

  // As long as it takes: nothing here depends on how long.
  void wait_for_fates(const std::string& exporter, size_t count) {
    while (fates(exporter).size() < count) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  World world_;
  ComponentList list_;
  ConfigValue configuration_;
  SelfTelemetry telemetry_;
  std::unique_ptr<Collector> collector_;
  std::multiset<std::string> accepted_, refused_;
};

constexpr const char* kQuickRetries =
    "retry_on_failure: {initial_interval: 1ms, max_interval: 3ms, max_elapsed_time: 0}";

TEST_F(CollectorTest, WithoutAQueueTheSenderHearsTheTruth) {
  start(R"(
receivers: {fed: }
exporters: {flaky: {sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}}
service: {pipelines: {traces: {receivers: [fed], exporters: [flaky]}}}
)");
  send(300);
  EXPECT_EQ(world_.taken["flaky"], accepted_);
  EXPECT_EQ(world_.refused["flaky"], refused_);
  EXPECT_GT(refused_.size(), 0u);
  EXPECT_TRUE(collector_->stop().empty());
  EXPECT_EQ(telemetry_.value_of("otelcol_receiver_accepted_spans", {{"receiver", "fed"}}),
            static_cast<int64_t>(accepted_.size()));
  EXPECT_EQ(telemetry_.value_of("otelcol_exporter_sent_spans", {{"exporter", "flaky"}}),
            static_cast<int64_t>(accepted_.size()));
}

TEST_F(CollectorTest, EveryItemHasOneFateBehindQueuesAndProcessors) {
  const char* const queues[] = {
      "sending_queue: {queue_size: 5, num_consumers: 3}",
      "sending_queue: {queue_size: 5, block_on_overflow: true}",
      "sending_queue: {sizer: items, queue_size: 50, batch: {flush_timeout: 2ms, min_size: 8}}",
      "sending_queue: {enabled: false}"};
  const char* const processors[] = {"batch: {timeout: 2ms, send_batch_size: 6, send_batch_max_size: 7}",
                                    "batch: {timeout: 2ms, send_batch_size: 4, acknowledge: delivered}",
                                    "attributes: {actions: [{key: a, value: 1, action: upsert}]}"};
  for (const std::string queue : queues) {
    for (const std::string processor : processors) {
      const uint64_t lost_before = value_of(Counter::delivery_lost);
      world_.taken.clear();
      world_.refused.clear();
      accepted_.clear();
      refused_.clear();
      start("receivers: {fed: }\nprocessors: {" + processor + "}\nexporters: {flaky: {" + queue + ", " +
            kQuickRetries + "}}\nservice: {pipelines: {traces: {receivers: [fed], processors: [" +
            processor.substr(0, processor.find(':')) + "], exporters: [flaky]}}}");
      send(200);
      wait_for_fates("flaky", 200);
      EXPECT_TRUE(collector_->stop().empty()) << queue << " " << processor;
      std::multiset<std::string> told = accepted_;
      told.insert(refused_.begin(), refused_.end());
      EXPECT_EQ(fates("flaky"), told) << queue << " " << processor;
      // What was acknowledged and then refused for good was counted.
      EXPECT_EQ(value_of(Counter::delivery_lost) - lost_before,
                accepted_.size() - world_.taken["flaky"].size());
      collector_.reset();
    }
  }
}

TEST_F(CollectorTest, EveryExporterGetsEverythingAndConnectorsLeadOn) {
  start(std::string(R"(
receivers: {fed: , fed/2: }
connectors: {forward: }
processors: {batch: {timeout: 2ms}}
exporters:
  flaky/a: {taken: 100}
  flaky/b: {)") +
        kQuickRetries + R"(}
service:
  pipelines:
    traces/1: {receivers: [fed, fed/2], processors: [batch], exporters: [flaky/a, forward]}
    traces/2: {receivers: [forward], exporters: [flaky/b]}
)");
  send(100);
  send(100, "other", "fed/2");
  wait_for_fates("flaky/a", 200);
  wait_for_fates("flaky/b", 200);
  EXPECT_EQ(fates("flaky/a"), accepted_);
  EXPECT_EQ(fates("flaky/b"), accepted_);
  EXPECT_TRUE(collector_->stop().empty());
}

TEST_F(CollectorTest, WhatIsNotSentGoesToTheCollectorThatFollows) {
  const std::string yaml = std::string(R"(
receivers: {fed: }
processors: {batch: {timeout: 1ms}}
exporters: {flaky: {taken: 100, )") +
                           kQuickRetries + R"(}}
service: {pipelines: {traces: {receivers: [fed], processors: [batch], exporters: [flaky]}}}
)";
  world_.is_away = true;
  start(yaml);
  send(50);
  Unsent unsent = collector_->stop();
  collector_.reset();
  EXPECT_EQ(fates("flaky").size(), 0u);
  ASSERT_EQ(unsent.size(), 1u);
  {
    std::lock_guard lock(world_.mutex);
    world_.is_away = false;
  }
  start(yaml, std::move(unsent));
  wait_for_fates("flaky", 50);
  EXPECT_TRUE(collector_->stop().empty());
  EXPECT_EQ(fates("flaky"), accepted_);
}

TEST_F(CollectorTest, ASignalThatNoPipelineTakesIsSaidToBeUnsupported) {
  start(
      "receivers: {fed: }\nexporters: {nop: }\nservice: {pipelines: {logs: {receivers: [fed], exporters: "
      "[nop]}}}");
  const auto outcome_of = [&](Batch batch) {
    Outcome told;
    world_.receivers.at("fed")->consume(std::move(batch),
                                        [&](Outcome outcome) { told = std::move(outcome); });
    return told;
  };
  EXPECT_EQ(
      outcome_of(testing::batch_of(Signal::traces, testing::span_request({}, {{.name = "x"}}))).status.kind(),
      ErrorKind::unsupported);
  EXPECT_TRUE(outcome_of(testing::batch_of(Signal::logs, testing::log_request({}, {"x"}))).status.ok());
  EXPECT_EQ(outcome_of({.signal = Signal::logs, .otlp = SharedBytes("\x0a\x05zz")}).status.kind(),
            ErrorKind::bad_input);
}

}  // namespace
}  // namespace clew::pipeline
