#include "protocols/xray/segment_intake.h"

#include <chrono>
#include <future>
#include <memory>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "protocols/xray/segment_to_otlp.h"

namespace clew::xray {
namespace {

// Largest batch for the store; the pile may be larger.
constexpr size_t kBatchBytes = size_t{4} << 20;
// A line of the log for the segments of this long, however many they are.
constexpr Nanoseconds kTellEvery = seconds(1);
constexpr std::chrono::milliseconds kTryAgainAfter{100};
constexpr std::string_view kRemedy = "Mend the instrumentation: this segment will never be accepted as it is";

}  // namespace

SegmentIntake::SegmentIntake(IntakeOptions options) : options_(options), told_at_(monotonic_now()) {
  thread_ = std::thread([this] { work(); });
}

SegmentIntake::~SegmentIntake() {
  stop();
}

void SegmentIntake::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SegmentIntake::take(std::string_view document, const Sender& sender) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || pile_.texts.size() + document.size() > options_.waiting_bytes) {
      count(Counter::xray_datagrams_lost);
      return;
    }
    pile_.texts.append(document);
    pile_.ends.push_back(pile_.texts.size());
    if (pile_.sender != sender) pile_.sender = sender;
    if (pile_.ends.size() > 1) return;  // it is awake, or has been woken
  }
  woken_.notify_one();
}

void SegmentIntake::refuse(std::string_view reason, const Sender& sender) {
  count(Counter::xray_datagrams_malformed);
  options_.arrivals->refused(
      options_.environment, sender, 0, reason,
      "An X-Ray SDK sends {\"format\":\"json\",\"version\":1}, a line feed and a segment");
}

void SegmentIntake::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    // Now and then to tell of what was stored last.
    woken_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_ || !pile_.ends.empty(); });
    if (pile_.ends.empty() && stopping_) break;
    if (!pile_.ends.empty()) {
      Pile pile = std::move(pile_);
      pile_ = Pile();
      lock.unlock();
      store(std::move(pile));
    } else {
      lock.unlock();
    }
    tell(false);
    lock.lock();
  }
  lock.unlock();
  tell(true);
}

void SegmentIntake::store(Pile pile) {
  std::vector<SegmentDocument> documents;
  const Nanoseconds began = monotonic_now();
  size_t begin = 0, batch_begin = 0;
  for (size_t i = 0; i < pile.ends.size(); ++i) {
    const std::string_view text = std::string_view(pile.texts).substr(begin, pile.ends[i] - begin);
    begin = pile.ends[i];
    auto read = read_segment_document(text);
    if (auto* fault = std::get_if<SegmentFault>(&read)) {
      count(Counter::xray_datagrams_refused);
      options_.arrivals->refused(options_.environment, pile.sender, 0, fault->message, kRemedy);
      const std::lock_guard lock(mutex_);
      if (told_.refused++ == 0)
        told_.first_reason =
            fault->id.empty() ? fault->message : fmt::format("{} {}", fault->id, fault->message);
    } else {
      documents.push_back(std::move(std::get<SegmentDocument>(read)));
    }
    const bool last = i + 1 == pile.ends.size();
    if (documents.empty() || (!last && begin - batch_begin < kBatchBytes)) continue;
    hand_on(segments_to_otlp(documents).otlp, documents.size(), pile.sender, begin - batch_begin);
    documents.clear();
    batch_begin = begin;
  }
  const std::lock_guard lock(mutex_);
  told_.took.count += monotonic_now().count - began.count;
}

// Waits for the store: what comes meanwhile makes the next batch.
void SegmentIntake::hand_on(std::string otlp, uint64_t documents, const Sender& sender, uint64_t bytes) {
  const SharedBytes shared(std::move(otlp));
  while (true) {
    const auto promise = std::make_shared<std::promise<pipeline::Outcome>>();
    options_.consumer->consume(
        {.signal = Signal::traces, .environment = options_.environment, .otlp = shared},
        [promise](const pipeline::Outcome& outcome) { promise->set_value(outcome); });
    const pipeline::Outcome outcome = promise->get_future().get();
    if (outcome.status.ok()) {
      count(Counter::xray_datagrams_stored, documents);
      options_.arrivals->accepted(options_.environment, sender, outcome.accepted, bytes);
      const std::lock_guard lock(mutex_);
      told_.segments += documents;
      return;
    }
    const bool may_pass = pipeline::is_retryable(outcome.status);
    std::unique_lock lock(mutex_);
    // The sender cannot try again, so we do; the pile grows meanwhile, up to its limit.
    if (may_pass && !woken_.wait_for(lock, kTryAgainAfter, [this] { return stopping_; })) continue;
    count(Counter::xray_datagrams_lost, documents);
    log_error("xray", fmt::format("Sending segment batch failed with: {}", outcome.status.message()));
    return;
  }
}

void SegmentIntake::tell(bool at_the_end) {
  const Nanoseconds now = monotonic_now();
  if (!at_the_end && now.count - told_at_.count < kTellEvery.count) return;
  told_at_ = now;
  Told told;
  {
    const std::lock_guard lock(mutex_);
    told = std::move(told_);
    told_ = Told();
  }
  if (told.segments > 0)
    log_info("xray", fmt::format("Successfully sent batch of {} segments ({:.3f} seconds)", told.segments,
                                 told.took.to_seconds()));
  if (told.refused > 0)
    log_warning("xray",
                fmt::format("{} segments were not taken, the first: {}", told.refused, told.first_reason));
}

}  // namespace clew::xray
