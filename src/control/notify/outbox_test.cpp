#include "control/notify/outbox.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"

namespace clew::control::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Recipient hook(const std::string& name) {
  return {.channel = Channel::webhook,
          .url = "http://" + name + ".test/",
          .headers = {},
          .routing_key = {},
          .address = {}};
}

Message about(std::string title, std::string dedup_key = {}) {
  Message message;
  message.title = std::move(title);
  message.dedup_key = std::move(dedup_key);
  return message;
}

// An outbox whose clock stands still until told otherwise, and whose recipients answer what they are told to.
class OutboxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-outbox-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    reopen();
  }
  void TearDown() override {
    outbox_.reset();
    std::filesystem::remove_all(directory_);
  }

  void reopen(size_t threads = 0) {
    outbox_.reset();
    OutboxOptions options;
    options.threads = threads;
    options.clock = [this] { return UnixNanos{now_}; };
    options.deliver = [this](const Recipient& to, const Message& message, std::string_view id) {
      const std::lock_guard lock(mutex_);
      attempts_.push_back(message.title);
      ids_.insert(std::string(id));
      const auto answer = answers_.find(to.url);
      if (answer == answers_.end()) delivered_.push_back(message.title);
      return answer == answers_.end() ? Status() : answer->second;
    };
    auto opened = Outbox::open(directory_, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    outbox_ = std::move(*opened);
  }
  void put(const Recipient& to, const Message& message) {
    const Status put = outbox_->enqueue(kDefaultEnvironment, to, message);
    ASSERT_TRUE(put.ok()) << put.to_string();
  }
  void answer(const std::string& name, Status status) { answers_[hook(name).url] = std::move(status); }
  void mend(const std::string& name) { answers_.erase(hook(name).url); }
  void pass(Nanoseconds time) { now_ += time.count; }
  Delivery newest() { return outbox_->list(kDefaultEnvironment, 1).value().at(0); }

  std::string directory_;
  std::atomic<int64_t> now_ = 1'700'000'000'000'000'000;
  std::mutex mutex_;
  std::map<std::string, Status> answers_;
  std::vector<std::string> attempts_;
  std::vector<std::string> delivered_;
  std::set<std::string> ids_;
  std::unique_ptr<Outbox> outbox_;
};

const Status kAway(ErrorKind::unavailable, "nobody there");

TEST_F(OutboxTest, delivers_once) {
  put(hook("a"), about("one"));
  EXPECT_EQ(outbox_->deliver_due(), 1u);
  EXPECT_EQ(outbox_->deliver_due(), 0u);
  EXPECT_THAT(delivered_, ElementsAre("one"));
  EXPECT_EQ(newest().progress, Progress::delivered);
  EXPECT_EQ(newest().attempts, 1);
}

TEST_F(OutboxTest, tries_again_with_growing_pauses) {
  answer("a", kAway);
  put(hook("a"), about("one"));
  EXPECT_EQ(outbox_->deliver_due(), 1u);
  EXPECT_EQ(outbox_->deliver_due(), 0u);
  for (const int64_t pause : {1, 4, 16, 64}) {
    pass(milliseconds(pause * 1000 - 1));
    EXPECT_EQ(outbox_->deliver_due(), 0u) << pause;
    pass(milliseconds(1));
    EXPECT_EQ(outbox_->deliver_due(), 1u) << pause;
  }
  EXPECT_EQ(newest().failure, "nobody there");
  EXPECT_EQ(newest().progress, Progress::waiting);
  mend("a");
  pass(hours(1));
  EXPECT_EQ(outbox_->deliver_due(), 1u);
  EXPECT_THAT(delivered_, ElementsAre("one"));
  EXPECT_EQ(ids_.size(), 1u) << "every attempt carries the same id";
}

TEST_F(OutboxTest, what_is_waiting_survives_a_restart) {
  answer("a", kAway);
  put(hook("a"), about("one"));
  put(hook("b"), about("two"));
  EXPECT_EQ(outbox_->deliver_due(), 2u);
  reopen();
  mend("a");
  pass(seconds(1));
  EXPECT_EQ(outbox_->deliver_due(), 1u);
  EXPECT_THAT(delivered_, ElementsAre("two", "one"));
}

TEST_F(OutboxTest, gives_up_loudly) {
  const uint64_t before = value_of(Counter::notifications_lost);
  answer("a", Status(ErrorKind::bad_input, "a answered 404"));
  put(hook("a"), about("refused for good"));
  EXPECT_EQ(outbox_->deliver_due(), 1u);
  EXPECT_EQ(newest().progress, Progress::given_up);
  EXPECT_EQ(value_of(Counter::notifications_lost), before + 1);

  answer("a", kAway);
  put(hook("a"), about("away for a day"));
  for (int hour = 0; hour < 26; ++hour) {
    outbox_->deliver_due();
    pass(hours(1));
  }
  EXPECT_EQ(newest().progress, Progress::given_up);
  EXPECT_EQ(value_of(Counter::notifications_lost), before + 2);
}

TEST_F(OutboxTest, the_end_of_a_thing_does_not_overtake_its_beginning) {
  answer("a", kAway);
  put(hook("a"), about("down", "thing"));
  outbox_->deliver_due();
  pass(milliseconds(500));
  mend("a");
  put(hook("a"), about("up", "thing"));
  put(hook("a"), about("something else", "other"));
  outbox_->deliver_due();
  EXPECT_THAT(delivered_, ElementsAre("something else"));
  pass(milliseconds(500));
  outbox_->deliver_due();
  EXPECT_THAT(delivered_, ElementsAre("something else", "down", "up"));
}

TEST_F(OutboxTest, does_not_grow_without_end) {
  answer("a", kAway);
  for (size_t i = 0; i < 100; ++i) put(hook("a"), about("n"));
  EXPECT_EQ(outbox_->list(kDefaultEnvironment, 50).value().size(), 50u);
  mend("a");
  EXPECT_EQ(outbox_->deliver_due(), 100u);
  pass(days(8));
  put(hook("a"), about("last"));
  outbox_->deliver_due();
  EXPECT_EQ(outbox_->list(kDefaultEnvironment, 50).value().size(), 1u);
}

TEST_F(OutboxTest, threads_deliver_by_themselves) {
  reopen(3);
  for (int i = 0; i < 20; ++i) put(hook("r" + std::to_string(i % 5)), about("m" + std::to_string(i)));
  for (int waited = 0; waited < 2000; ++waited) {
    {
      const std::lock_guard lock(mutex_);
      if (delivered_.size() == 20) break;
    }
    usleep(10'000);
  }
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(std::set<std::string>(delivered_.begin(), delivered_.end()).size(), 20u);
}

TEST(Channels, write_what_their_receivers_understand) {
  Message message = about("<boom> & more", "item 7");
  message.text = "in checkout\nfor the 10th time";
  message.url = "http://clew.test/errors/7";
  message.fields = {{"service", "shop"}};
  const std::string slack = slack_document(message);
  EXPECT_THAT(slack, HasSubstr(R"(*<http://clew.test/errors/7|&lt;boom&gt; &amp; more>*)"));
  EXPECT_THAT(slack, HasSubstr(R"(*service*: shop)"));
  const std::string pager = pagerduty_document(message, "key");
  EXPECT_THAT(pager, HasSubstr(R"("event_action":"trigger","dedup_key":"item 7")"));
  EXPECT_THAT(pager, HasSubstr(R"("severity":"error")"));
  message.event = Event::resolved;
  EXPECT_THAT(pagerduty_document(message, "key"), HasSubstr(R"("event_action":"resolve")"));
  message.webhook_body = R"({"event_name":"new_item"})";
  EXPECT_EQ(webhook_document(message), message.webhook_body);
}

TEST(Channels, a_title_cannot_write_lines_of_a_mails_head) {
  const std::string text =
      mail_text(about("x\r\nBcc: all@example.com\nü"),
                {.from = "clew@example.com", .to = "ops@example.com", .id = "7", .date = {0}});
  EXPECT_EQ(text.find("\nBcc"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("Subject: =?utf-8?b?"));
  EXPECT_THAT(text, HasSubstr("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"));
}

TEST(Recipients, are_checked) {
  const auto read = [](std::string_view text) { return recipient_from_json(parse_json(text).value()); };
  EXPECT_TRUE(read(R"({"channel":"email","address":"a@b.c"})").ok());
  EXPECT_FALSE(read(R"({"channel":"email","address":"a@b.c>\r\nRCPT"})").ok());
  EXPECT_FALSE(read(R"({"channel":"webhook","url":"ftp://x"})").ok());
  EXPECT_FALSE(read(R"({"channel":"webhook","url":"http://x","headers":{"a":"b\r\nc: d"}})").ok());
  EXPECT_FALSE(read(R"({"channel":"pigeon"})").ok());
  EXPECT_FALSE(read(R"({"channel":"pagerduty"})").ok());
  EXPECT_EQ(describe(*read(R"({"channel":"slack","url":"https://hooks.slack.com/services/secret"})")),
            "slack hooks.slack.com");
  const auto webhook = read(R"({"channel":"webhook","url":"http://x/","headers":{"X-Token":"s"}})");
  ASSERT_TRUE(webhook.ok());
  EXPECT_EQ(to_json(*webhook).text(), R"({"channel":"webhook","url":"http://x/","headers":{"x-token":"s"}})");
}

}  // namespace
}  // namespace clew::control::notify
