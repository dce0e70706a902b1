#include "protocols/jaeger/datagram_intake.h"

#include <chrono>
#include <future>
#include <memory>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "protocols/jaeger/thrift_batch.h"

namespace clew::jaeger {
namespace {

// Largest batch for the store, before translation; the pile may be larger.
constexpr size_t kBatchBytes = size_t{4} << 20;
// At most one line of the log in that time about datagrams that are refused.
constexpr Nanoseconds kTellEvery = seconds(1);
constexpr std::chrono::milliseconds kTryAgainAfter{100};
constexpr std::string_view kRemedy =
    "A datagram that ends early was cut off on its way: make the client's packets smaller";

}  // namespace

DatagramIntake::DatagramIntake(DatagramIntakeOptions options) : options_(options) {
  thread_ = std::thread([this] { work(); });
}

DatagramIntake::~DatagramIntake() {
  stop();
}

void DatagramIntake::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void DatagramIntake::take(std::string_view datagram, const Sender& sender) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || pile_.bytes.size() + datagram.size() > options_.waiting_bytes) {
      count(Counter::jaeger_datagrams_lost);
      return;
    }
    pile_.bytes.append(datagram);
    pile_.ends.push_back(pile_.bytes.size());
    if (pile_.sender != sender) pile_.sender = sender;
    if (pile_.ends.size() > 1) return;  // it is awake, or has been woken
  }
  woken_.notify_one();
}

void DatagramIntake::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    woken_.wait(lock, [this] { return stopping_ || !pile_.ends.empty(); });
    if (pile_.ends.empty()) return;
    const Pile pile = std::exchange(pile_, {});
    lock.unlock();
    store(pile);
    lock.lock();
  }
}

void DatagramIntake::store(const Pile& pile) {
  std::string otlp;
  uint64_t datagrams = 0;
  size_t begin = 0, batch_begin = 0;
  for (const size_t& end : pile.ends) {
    const std::string_view datagram = std::string_view(pile.bytes).substr(begin, end - begin);
    begin = end;
    Result<std::string> read = read_emit_batch(datagram);
    if (read.ok()) {
      ++datagrams;
      otlp.append(*read);
    } else {
      refuse(read.status(), pile.sender);
    }
    const bool is_last = &end == &pile.ends.back();
    if (datagrams == 0 || (!is_last && begin - batch_begin < kBatchBytes)) continue;
    hand_on(std::exchange(otlp, {}), std::exchange(datagrams, 0), pile.sender, begin - batch_begin);
    batch_begin = begin;
  }
}

void DatagramIntake::refuse(const Status& failure, const Sender& sender) {
  count(Counter::jaeger_datagrams_refused);
  options_.arrivals->refused(options_.environment, sender, 0, failure.message(), kRemedy);
  const Nanoseconds now = monotonic_now();
  if (told_at_.count != 0 && now.count - told_at_.count < kTellEvery.count) return;
  told_at_ = now;
  log_warning("jaeger", fmt::format("a datagram from {} was not taken: {}", sender.peer, failure.message()));
}

// Waits for the store: what comes meanwhile makes the next batch.
void DatagramIntake::hand_on(std::string otlp, uint64_t datagrams, const Sender& sender, uint64_t bytes) {
  if (otlp.empty()) {
    count(Counter::jaeger_datagrams_stored, datagrams);
    return;
  }
  const SharedBytes shared(std::move(otlp));
  while (true) {
    const auto promise = std::make_shared<std::promise<pipeline::Outcome>>();
    options_.consumer->consume(
        {.signal = Signal::traces, .environment = options_.environment, .otlp = shared, .sender = nullptr},
        [promise](const pipeline::Outcome& outcome) { promise->set_value(outcome); });
    const pipeline::Outcome outcome = promise->get_future().get();
    if (outcome.status.ok()) {
      count(Counter::jaeger_datagrams_stored, datagrams);
      options_.arrivals->accepted(options_.environment, sender, outcome.accepted, bytes);
      if (outcome.rejected > 0)
        options_.arrivals->noted(options_.environment, sender, outcome.rejection,
                                 "Mend the instrumentation: these spans will never be accepted as they are");
      return;
    }
    std::unique_lock lock(mutex_);
    // The sender cannot try again, so we do; the pile grows meanwhile, up to its limit.
    if (pipeline::is_retryable(outcome.status) &&
        !woken_.wait_for(lock, kTryAgainAfter, [this] { return stopping_; }))
      continue;
    count(Counter::jaeger_datagrams_lost, datagrams);
    log_error("jaeger",
              fmt::format("the spans of {} datagrams are lost: {}", datagrams, outcome.status.message()));
    return;
  }
}

}  // namespace clew::jaeger
