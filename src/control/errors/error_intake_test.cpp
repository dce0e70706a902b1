#include "control/errors/error_intake.h"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "store/columnar/store.h"
#include "telemetry/otlp_json.h"

namespace clew::control::errors {
namespace {

// The store, on a disk whose answers come when they are told to.
class SlowStore final : public pipeline::Consumer {
 public:
  explicit SlowStore(store::Storage& storage) : storage_(storage) {}

  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    storage_.append(batch, [this, done = std::move(done)](store::AppendOutcome outcome) {
      const std::lock_guard lock(mutex_);
      answers_.push_back([done, status = std::move(outcome.status)] {
        pipeline::Outcome told;
        told.status = status;
        done(std::move(told));
      });
      came_.notify_all();
    });
  }
  void answer(size_t expected) {
    std::vector<std::function<void()>> answers;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return answers_.size() == expected; });
      answers.swap(answers_);
    }
    for (const auto& one : answers) one();
  }

 private:
  store::Storage& storage_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::function<void()>> answers_;  // guarded by mutex_
};

class ErrorIntakeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-error-intake-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    store::ColumnarOptions options;
    options.directory = directory_ + "/store";
    options.durability = store::Durability::os;
    options.background = false;
    store_ = store::ColumnarStore::open(std::move(options)).value();
    slow_ = std::make_unique<SlowStore>(*store_);
    items_ = ItemStore::open(directory_).value();
    records_ = Records::open(directory_).value();
    notify::OutboxOptions quiet;
    quiet.threads = 0;
    quiet.deliver = [](const notify::Recipient&, const notify::Message&, std::string_view) {
      return Status();
    };
    outbox_ = notify::Outbox::open(directory_, std::move(quiet)).value();
    intake_ = ErrorIntake::start({.items = items_.get(),
                                  .storage = store_.get(),
                                  .records = records_.get(),
                                  .outbox = outbox_.get(),
                                  .source_maps = nullptr,
                                  .next = slow_.get(),
                                  .page_url = {}})
                  .value();
  }
  void TearDown() override {
    intake_.reset();
    outbox_.reset();
    records_.reset();
    items_.reset();
    slow_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  static Batch failure(const std::string& type) {
    const std::string json = R"({"resourceLogs": [{"scopeLogs": [{"logRecords": [{"attributes": [
      {"key": "exception.type", "value": {"stringValue": ")" +
                             type + R"("}}]}]}]}]})";
    return {.signal = Signal::logs,
            .otlp = SharedBytes(json_to_protobuf(Signal::logs, json).value()),
            .items = 1};
  }

  std::string directory_;
  std::unique_ptr<store::ColumnarStore> store_;
  std::unique_ptr<SlowStore> slow_;
  std::unique_ptr<ItemStore> items_;
  std::unique_ptr<Records> records_;
  std::unique_ptr<notify::Outbox> outbox_;
  std::unique_ptr<ErrorIntake> intake_;
};

// The stop of a server grants its senders a few seconds; a disk may need more.
TEST_F(ErrorIntakeTest, the_end_waits_for_what_the_store_has_still_to_answer) {
  std::atomic<int> answered = 0;
  for (const char* type : {"OneError", "OtherError"})
    intake_->consume(failure(type), [&](const pipeline::Outcome& outcome) {
      EXPECT_TRUE(outcome.status.ok());
      ++answered;
    });
  std::atomic<bool> has_ended = false;
  std::thread end([&] {
    intake_.reset();
    has_ended = true;
  });
  EXPECT_EQ(answered, 0);
  EXPECT_FALSE(has_ended);
  slow_->answer(2);
  end.join();
  EXPECT_EQ(answered, 2);
  EXPECT_EQ(items_->list(kDefaultEnvironment, {})->total, 2) << "and counts it";
}

}  // namespace
}  // namespace clew::control::errors
