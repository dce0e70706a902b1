#include "protocols/cloudwatch_logs/subscription_delivery.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/compression.h"
#include "base/counters.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/queries.h"
#include "protocols/cloudwatch_logs/subscription_document.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kThreads = 4;
constexpr size_t kBytesBesideBody = 256;
constexpr int64_t kLongestPauseSeconds = 64;

// Without path and query, which may hold a secret.
std::string described(const std::string& destination) {
  const Result<net::Url> url = net::parse_url(destination);
  return url.ok() ? url->host_header : "?";
}

bool may_pass(const Status& failure) {
  return failure.kind() == ErrorKind::unavailable || failure.kind() == ErrorKind::cancelled ||
         failure.kind() == ErrorKind::exhausted;
}

Nanoseconds pause_after(int failures) {
  return seconds(std::min(int64_t{1} << std::min(failures - 1, 10), kLongestPauseSeconds));
}

}  // namespace

size_t SubscriptionDelivery::Waiting::bytes() const {
  return body.size() + kBytesBesideBody;
}

Status SubscriptionDelivery::check(const std::string& destination) {
  return post(destination, new_uuid(), compress(Compression::gzip, control_message(now())));
}

void SubscriptionDelivery::enqueue(const std::string& destination, std::string_view json, size_t events) {
  Waiting document{.id = new_uuid(),
                   .body = compress(Compression::gzip, json),
                   .events = events,
                   .since = monotonic_now()};
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return count(Counter::subscription_events_lost, events);
    Queue& queue = queues_[destination];
    queue.bytes += document.bytes();
    bytes_ += document.bytes();
    queue.waiting.push_back(std::move(document));
    make_room();
    if (threads_.empty())
      for (size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
  }
  woken_.notify_one();
}

// Under the lock.
void SubscriptionDelivery::make_room() {
  for (auto& [destination, queue] : queues_)
    while (queue.bytes > kMostBytesOfOne) give_up_oldest(queue);
  while (bytes_ > kMostBytes) {
    const auto largest = std::max_element(queues_.begin(), queues_.end(), [](const auto& a, const auto& b) {
      return a.second.bytes < b.second.bytes;
    });
    give_up_oldest(largest->second);
  }
}

// Under the lock.
void SubscriptionDelivery::give_up_oldest(Queue& queue) {
  const Waiting& oldest = queue.waiting.front();
  count(Counter::subscription_events_lost, oldest.events);
  queue.bytes -= oldest.bytes();
  bytes_ -= oldest.bytes();
  queue.waiting.pop_front();
}

// Under the lock. Of the queues that nobody serves, the one whose turn came first.
SubscriptionDelivery::Queues::iterator SubscriptionDelivery::next_due() {
  auto next = queues_.end();
  for (auto queue = queues_.begin(); queue != queues_.end(); ++queue) {
    if (queue->second.busy || queue->second.waiting.empty()) continue;
    if (next == queues_.end() || queue->second.due < next->second.due) next = queue;
  }
  return next;
}

void SubscriptionDelivery::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto next = next_due();
    if (next == queues_.end()) {
      woken_.wait(lock);
      continue;
    }
    Queue& queue = next->second;
    if (const int64_t early = queue.due.count - monotonic_now().count; early > 0) {
      woken_.wait_for(lock, std::chrono::nanoseconds(early));
      continue;
    }
    Waiting document = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    queue.bytes -= document.bytes();
    bytes_ -= document.bytes();
    queue.busy = true;
    lock.unlock();
    const Status sent = post(next->first, document.id, document.body);
    lock.lock();
    queue.busy = false;
    settle(next, std::move(document), sent);
  }
}

// Under the lock.
void SubscriptionDelivery::settle(Queues::iterator queue, Waiting document, const Status& sent) {
  Queue& of = queue->second;
  const bool again =
      !sent.ok() && may_pass(sent) && monotonic_now().count - document.since.count < kLongest.count;
  if (sent.ok()) {
    count(Counter::subscription_events_delivered, document.events);
    of.failures = 0;
    of.due = monotonic_now();
  } else {
    if (!stopping_ && of.failures == 0)
      log_warning("logs",
                  fmt::format("events of a subscription filter did not reach {}{}: {}",
                              described(queue->first), again ? ", and are sent again" : "", sent.message()));
    count(again ? Counter::subscription_attempts_failed : Counter::subscription_events_lost,
          again ? 1 : document.events);
    of.failures = std::min(of.failures + 1, 1000);
    // What is refused for good says nothing about the next.
    of.due = again ? Nanoseconds{monotonic_now().count + pause_after(of.failures).count} : monotonic_now();
  }
  if (again) {
    of.bytes += document.bytes();
    bytes_ += document.bytes();
    of.waiting.push_front(std::move(document));
    make_room();
  }
  if (!of.waiting.empty())
    woken_.notify_one();
  else if (of.failures == 0)
    queues_.erase(queue);
}

void SubscriptionDelivery::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (client_ != nullptr) client_->cancel();
    threads.swap(threads_);
  }
  woken_.notify_all();
  for (std::thread& thread : threads) thread.join();
  const std::lock_guard lock(mutex_);
  size_t lost = 0;
  for (auto& [destination, queue] : queues_) {
    for (const Waiting& document : queue.waiting) lost += document.events;
  }
  queues_.clear();
  bytes_ = 0;
  if (lost == 0) return;
  count(Counter::subscription_events_lost, lost);
  log_warning("logs", fmt::format("{} events of subscription filters were not delivered: clew stops", lost));
}

Result<std::shared_ptr<net::HttpClient>> SubscriptionDelivery::client() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Status(ErrorKind::cancelled, "clew is stopping");
  if (client_ == nullptr) {
    net::HttpClientOptions options;
    options.connect_timeout = seconds(5);
    options.timeout = seconds(10);
    options.answer_body_bytes = 64 << 10;
    options.proxy_from_environment = true;
    CLEW_ASSIGN(client_, net::HttpClient::create(std::move(options)));
  }
  return client_;
}

Status SubscriptionDelivery::post(const std::string& destination, const std::string& id, std::string body) {
  CLEW_ASSIGN(const std::shared_ptr<net::HttpClient> sender, client());
  net::ClientRequest request;
  request.method = "POST";
  request.url = destination;
  request.headers = {{"content-type", "application/json"},
                     {"content-encoding", "gzip"},
                     {"user-agent", "clew"},
                     {"x-clew-delivery", id}};
  request.body = std::move(body);
  CLEW_ASSIGN(const net::ClientResponse response, sender->send(request));
  if (response.status >= 200 && response.status < 300) return {};
  const bool passes =
      response.status >= 500 || response.status == 408 || response.status == 425 || response.status == 429;
  return {passes ? ErrorKind::unavailable : ErrorKind::bad_input,
          fmt::format("the answer was {}", response.status)};
}

}  // namespace clew::cloudwatch_logs
