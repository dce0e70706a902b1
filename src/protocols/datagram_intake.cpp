#include "protocols/datagram_intake.h"

#include <chrono>
#include <future>
#include <utility>

#include <fmt/format.h>

namespace clew {
namespace {

// Largest batch for the store, before translation; the pile may be larger.
constexpr size_t kBatchBytes = size_t{4} << 20;
constexpr Nanoseconds kTellEvery = seconds(1);
constexpr std::chrono::milliseconds kTryAgainAfter{100};

}  // namespace

DatagramIntake::DatagramIntake(std::unique_ptr<DatagramFormat> format, DatagramIntakeOptions options)
    : format_(std::move(format)), options_(options), told_at_(monotonic_now()) {
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
      count(format_->counters.lost);
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
  const auto is_wanted = [this] { return stopping_ || !pile_.ends.empty(); };
  std::unique_lock lock(mutex_);
  while (true) {
    if (tally_)
      woken_.wait_for(lock, std::chrono::nanoseconds(kTellEvery.count), is_wanted);
    else
      woken_.wait(lock, is_wanted);
    const bool is_last = stopping_ && pile_.ends.empty();
    const Pile pile = std::exchange(pile_, {});
    lock.unlock();
    store(pile);
    if (is_last || monotonic_now().count - told_at_.count >= kTellEvery.count) tell();
    if (is_last) return;
    lock.lock();
  }
}

void DatagramIntake::store(const Pile& pile) {
  const Nanoseconds began = monotonic_now();
  uint64_t datagrams = 0;
  size_t begin = 0, batch_begin = 0;
  for (const size_t& end : pile.ends) {
    if (const auto refusal = format_->add(std::string_view(pile.bytes).substr(begin, end - begin)))
      refuse(*refusal, pile.sender);
    else
      ++datagrams;
    begin = end;
    const bool is_last = &end == &pile.ends.back();
    if (datagrams == 0 || (!is_last && begin - batch_begin < kBatchBytes)) continue;
    hand_on(format_->take_batch(), std::exchange(datagrams, 0), pile.sender, begin - batch_begin);
    batch_begin = begin;
  }
  if (tally_) tally_->took.count += monotonic_now().count - began.count;
}

void DatagramIntake::refuse(const DatagramRefusal& refusal, const Sender& sender) {
  count(refusal.counter);
  options_.arrivals->refused(options_.environment, sender, 0, refusal.reason, refusal.remedy);
  if (!tally_) tally_.emplace();
  if (tally_->refused++ == 0)
    tally_->first_refused = fmt::format("from {}: {}{}{}", sender.peer, refusal.id,
                                        refusal.id.empty() ? "" : " ", refusal.reason);
}

// Waits for the store: what comes meanwhile makes the next batch.
void DatagramIntake::hand_on(std::string otlp, uint64_t datagrams, const Sender& sender, uint64_t bytes) {
  pipeline::Outcome outcome;
  const SharedBytes shared(std::move(otlp));
  while (!shared.empty()) {
    const auto promise = std::make_shared<std::promise<pipeline::Outcome>>();
    options_.consumer->consume(
        {.signal = Signal::traces, .environment = options_.environment, .otlp = shared, .sender = nullptr},
        [promise](const pipeline::Outcome& given) { promise->set_value(given); });
    outcome = promise->get_future().get();
    if (outcome.status.ok() || !pipeline::is_retryable(outcome.status)) break;
    // The sender cannot try again, so we do; the pile grows meanwhile, up to its limit.
    std::unique_lock lock(mutex_);
    if (woken_.wait_for(lock, kTryAgainAfter, [this] { return stopping_; })) break;
  }
  if (!outcome.status.ok()) {
    count(format_->counters.lost, datagrams);
    format_->log_loss(datagrams, outcome.status.message());
    return;
  }
  count(format_->counters.stored, datagrams);
  if (!tally_) tally_.emplace();
  tally_->stored += datagrams;
  options_.arrivals->accepted(options_.environment, sender, outcome.accepted, bytes);
  if (outcome.rejected > 0)
    options_.arrivals->noted(options_.environment, sender, outcome.rejection,
                             "Mend the instrumentation: these spans will never be accepted as they are");
}

void DatagramIntake::tell() {
  told_at_ = monotonic_now();
  if (tally_) format_->log_tally(*tally_);
  tally_.reset();
}

}  // namespace clew
