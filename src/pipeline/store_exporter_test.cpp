#include "pipeline/store_exporter.h"

#include <optional>

#include <gtest/gtest.h>

#include "base/counters.h"

namespace clew::pipeline {
namespace {

class CannedStorage : public store::Storage {
 public:
  explicit CannedStorage(store::AppendOutcome outcome) : outcome_(std::move(outcome)) {}
  void append(const Batch& batch, std::function<void(store::AppendOutcome)> done) override {
    appended = batch;
    done(outcome_);
  }
  store::Snapshot snapshot(EnvironmentId, Signal) override { return {}; }
  Status close() override { return Status(); }

  std::optional<Batch> appended;

 private:
  store::AppendOutcome outcome_;
};

TEST(StoreExporter, HandsTheBatchOnAndTheOutcomeBack) {
  CannedStorage storage({.status = Status(), .accepted = 7, .rejected = 2, .rejection = "no trace id"});
  std::optional<Outcome> outcome;
  StoreExporter(storage).consume({.signal = Signal::logs, .environment = {3}, .otlp = SharedBytes("bytes")},
                                 [&](Outcome one) { outcome = std::move(one); });
  ASSERT_TRUE(storage.appended);
  EXPECT_EQ(storage.appended->signal, Signal::logs);
  EXPECT_EQ(storage.appended->environment, EnvironmentId{3});
  EXPECT_EQ(storage.appended->otlp.view(), "bytes");
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->status.ok());
  EXPECT_EQ(outcome->accepted, 7u);
  EXPECT_EQ(outcome->rejected, 2u);
  EXPECT_EQ(outcome->rejection, "no trace id");
}

TEST(StoreExporter, CountsWhenTheStoreCannotKeepUp) {
  struct Case {
    ErrorKind kind;
    uint64_t counted;
  };
  for (const Case& c :
       {Case{ErrorKind::exhausted, 1}, Case{ErrorKind::unavailable, 1}, Case{ErrorKind::bad_input, 0}}) {
    CannedStorage storage({.status = Status(c.kind, "why"), .rejection = {}});
    const uint64_t before = value_of(Counter::appends_exhausted);
    std::optional<Outcome> outcome;
    StoreExporter(storage).consume({}, [&](Outcome one) { outcome = std::move(one); });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status.kind(), c.kind);
    EXPECT_EQ(value_of(Counter::appends_exhausted) - before, c.counted);
  }
}

}  // namespace
}  // namespace clew::pipeline
