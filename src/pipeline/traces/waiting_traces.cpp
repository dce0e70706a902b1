#include "pipeline/traces/waiting_traces.h"

#include <algorithm>
#include <utility>

namespace clew::pipeline {
namespace {

// What a trace takes up beside its bytes, roughly.
constexpr uint64_t kBookkeeping = 256;

}  // namespace

Batch WaitingTrace::joined() && {
  std::string all = std::move(requests.front());
  all.reserve(bytes);
  for (size_t i = 1; i < requests.size(); ++i) all += requests[i];
  return {.signal = Signal::traces,
          .environment = environment,
          .otlp = SharedBytes(std::move(all)),
          .items = spans};
}

TraceKey trace_key(EnvironmentId environment, std::string_view trace_id) {
  TraceKey key(trace_id);
  for (size_t i = 0; i < 4; ++i) key += static_cast<char>(environment.number >> (8 * i));
  return key;
}

bool WaitingTraces::add(EnvironmentId environment, TracePiece piece, Nanoseconds now) {
  const auto [found, is_new] = by_key_.try_emplace(trace_key(environment, piece.trace_id));
  if (is_new) {
    traces_.push_back({.environment = environment,
                       .trace_id = std::move(piece.trace_id),
                       .due = {now.count + wait_.count}});
    found->second = std::prev(traces_.end());
    bytes_ += kBookkeeping;
  }
  WaitingTrace& trace = *found->second;
  trace.spans += piece.spans;
  trace.bytes += piece.request.size();
  bytes_ += piece.request.size();
  trace.requests.push_back(std::move(piece.request));
  if (wait_after_root_ && piece.has_root && now.count + wait_after_root_->count < trace.due.count) {
    trace.due = {now.count + wait_after_root_->count};
    hastened_.emplace_back(trace.due, found->first);
  }
  return is_new;
}

std::optional<WaitingTrace> WaitingTraces::take_due(Nanoseconds now) {
  while (!hastened_.empty() && hastened_.front().first <= now) {
    const auto found = by_key_.find(hastened_.front().second);
    hastened_.pop_front();
    if (found != by_key_.end() && found->second->due <= now) return take(found->second);
  }
  if (traces_.empty() || (now < traces_.front().due && !is_over_limit())) return std::nullopt;
  return take_oldest();
}

std::optional<WaitingTrace> WaitingTraces::take_oldest() {
  if (traces_.empty()) return std::nullopt;
  return take(traces_.begin());
}

WaitingTrace WaitingTraces::take(Traces::iterator which) {
  by_key_.erase(trace_key(which->environment, which->trace_id));
  WaitingTrace trace = std::move(*which);
  traces_.erase(which);
  bytes_ -= trace.bytes + kBookkeeping;
  return trace;
}

std::optional<Nanoseconds> WaitingTraces::next_due() const {
  if (traces_.empty()) return std::nullopt;
  const Nanoseconds due = traces_.front().due;
  return hastened_.empty() ? due : std::min(due, hastened_.front().first);
}

}  // namespace clew::pipeline
