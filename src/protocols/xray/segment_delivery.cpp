#include "protocols/xray/segment_delivery.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"

namespace clew::xray {
namespace {

constexpr size_t kDocumentsOfCall = 50;  // the API takes no more
constexpr int kMostRounds = 5;
constexpr Nanoseconds kFirstPause = milliseconds(50);  // doubled with each round

// Whether the API may take the same document later.
bool may_pass(const SegmentFault& fault) {
  return fault.code.find("Throttl") != std::string::npos || fault.code.starts_with("Internal") ||
         fault.code.starts_with("ServiceUnavailable");
}

// What is wrong between the collector and the API (a key, an address) is not the sender's fault.
Status for_senders(const Status& failure) {
  const bool is_theirs = failure.kind() == ErrorKind::bad_input || failure.kind() == ErrorKind::too_large;
  const ErrorKind kind = pipeline::is_retryable(failure) || is_theirs ? failure.kind() : ErrorKind::internal;
  return {kind, fmt::format("the X-Ray API: {}", failure.message())};
}

}  // namespace

struct SegmentDelivery::Round {
  std::vector<ExportedDocument> waiting;
  std::vector<ExportedDocument> again;
  uint64_t taken = 0;
  uint64_t refused = 0;
  std::string why;  // of one that was refused, or has to wait
};

Status SegmentDelivery::send_round(Round& round) {
  round.again.clear();
  for (size_t begin = 0; begin < round.waiting.size(); begin += kDocumentsOfCall) {
    const size_t end = std::min(round.waiting.size(), begin + kDocumentsOfCall);
    std::vector<std::string> texts;
    std::map<std::string_view, size_t> by_id;
    for (size_t i = begin; i < end; ++i) {
      texts.push_back(round.waiting[i].text);
      by_id.emplace(round.waiting[i].id, i);
    }
    Result<std::vector<SegmentFault>> faults = sender_.send(texts);
    if (!faults.ok()) {
      std::move(round.waiting.begin() + static_cast<ptrdiff_t>(begin), round.waiting.end(),
                std::back_inserter(round.again));
      return std::move(faults).status();
    }
    std::vector<size_t> wait;
    for (const SegmentFault& fault : *faults) {
      round.why = fmt::format("{}: {}", fault.code, fault.message);
      const auto found = by_id.find(fault.id);
      if (may_pass(fault) && found != by_id.end()) {
        wait.push_back(found->second);
        by_id.erase(found);
      } else {
        ++round.refused;
      }
    }
    round.taken += (end - begin) - std::min(end - begin, faults->size());
    for (const size_t i : wait) round.again.push_back(std::move(round.waiting[i]));
  }
  return {};
}

pipeline::Outcome SegmentDelivery::deliver(std::vector<ExportedDocument> documents) {
  Round round{.waiting = std::move(documents), .again = {}, .why = {}};
  Nanoseconds wait = kFirstPause;
  for (int rounds = 1; !round.waiting.empty(); ++rounds) {
    const Status failure = send_round(round);
    if (round.again.empty()) break;
    const bool may_pass = failure.ok() || pipeline::is_retryable(failure);
    const bool any_taken = round.taken > 0 || round.refused > 0;
    // What nothing was taken of is the queue's to try again, or the sender's.
    if (!any_taken && !failure.ok()) return {.status = for_senders(failure)};
    if (!may_pass) {
      round.refused += round.again.size();
      round.why = failure.message();
      break;
    }
    if (rounds == kMostRounds || !pause(wait))
      return {.status = failure.ok() ? Status(ErrorKind::exhausted, "the X-Ray API: " + round.why)
                                     : for_senders(failure)};
    wait = Nanoseconds{wait.count * 2};
    round.waiting.swap(round.again);
  }
  if (round.refused > 0) {
    count(Counter::xray_export_refused, round.refused);
    log_warning("collector",
                fmt::format("awsxray: {} segments were refused by the X-Ray API, one of them for {}",
                            round.refused, round.why));
    if (round.taken == 0) return {.status = Status(ErrorKind::bad_input, "the X-Ray API: " + round.why)};
  }
  return {.status = {}, .rejected = round.refused, .rejection = round.why};
}

bool SegmentDelivery::pause(Nanoseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::nanoseconds(time.count), [this] { return stopping_; });
}

void SegmentDelivery::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

}  // namespace clew::xray
