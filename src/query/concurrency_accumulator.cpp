#include "query/concurrency_accumulator.h"

#include <algorithm>
#include <cmath>

#include "query/time_buckets.h"

namespace clew::query {
namespace {

// Steps are put in order when there are so many times more of them than the last time.
constexpr size_t kGrowth = 2;
constexpr size_t kFewSteps = 64;

int64_t nanoseconds_of(double milliseconds) {
  const double count = std::round(milliseconds * 1e6);
  if (!(count > 0)) return 0;
  return count >= 0x1p63 ? INT64_MAX : static_cast<int64_t>(count);
}

}  // namespace

void ConcurrencyAccumulator::add(const GranuleRows& rows) {
  if (groups_.size() < rows.group_count) groups_.resize(rows.group_count);
  for_each_number(rows, [&](uint32_t row, auto number) {
    add_span(groups_[rows.groups[row]], rows.times == nullptr ? 0 : rows.times[row],
             static_cast<double>(number), rows.weights == nullptr ? 1 : rows.weights[row]);
  });
}

void ConcurrencyAccumulator::add_span(Group& group, int64_t start, double milliseconds, uint64_t weight) {
  const UnixNanos end = std::min(UnixNanos{start} + Nanoseconds{nanoseconds_of(milliseconds)}, range_.to);
  group.any = true;
  first_ = std::min(first_, start);
  last_ = std::max(last_, end.count);
  if (end.count <= start) return;
  group.covered += Covered{weight} *
                   static_cast<uint64_t>(static_cast<uint64_t>(end.count) - static_cast<uint64_t>(start));
  if (step_) add_steps(group, start, end.count, weight);
}

void ConcurrencyAccumulator::add_steps(Group& group, int64_t start, int64_t end, uint64_t weight) {
  const auto length = [](int64_t from, int64_t to) {
    return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
  };
  const int64_t first = bucket_start({start}, *step_).count, last = bucket_start({end}, *step_).count;
  if (first == last) {
    step_at(group, first).in_parts += Covered{weight} * length(start, end);
    return;
  }
  // There is a step after the first, so that its end can be written.
  const int64_t second = (UnixNanos{first} + *step_).count;
  step_at(group, first).in_parts += Covered{weight} * length(start, second);
  if (second < last) step_at(group, second).begin += weight;
  Step& of_end = step_at(group, last);
  if (second < last) of_end.begin -= weight;
  of_end.in_parts += Covered{weight} * length(last, end);
}

ConcurrencyAccumulator::Step& ConcurrencyAccumulator::step_at(Group& group, int64_t start) {
  if (!group.steps.empty() && group.steps.back().start == start) return group.steps.back();
  if (group.steps.size() >= kGrowth * group.sorted + kFewSteps) put_in_order(group);
  const size_t before = group.steps.capacity();
  group.steps.push_back({.start = start});
  bytes_of_steps_ += (group.steps.capacity() - before) * sizeof(Step);
  return group.steps.back();
}

void ConcurrencyAccumulator::put_in_order(Group& group) {
  std::vector<Step>& steps = group.steps;
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.start < b.start; });
  size_t kept = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (kept > 0 && steps[kept - 1].start == steps[i].start) {
      steps[kept - 1].begin += steps[i].begin;
      steps[kept - 1].in_parts += steps[i].in_parts;
    } else {
      steps[kept++] = steps[i];
    }
  }
  steps.resize(kept);
  group.sorted = kept;
}

void ConcurrencyAccumulator::merge(const Accumulator& other, std::span<const uint32_t> to,
                                   size_t group_count) {
  if (groups_.size() < group_count) groups_.resize(group_count);
  const auto& from = static_cast<const ConcurrencyAccumulator&>(other);
  first_ = std::min(first_, from.first_);
  last_ = std::max(last_, from.last_);
  for (size_t i = 0; i < from.groups_.size() && i < to.size(); ++i) {
    if (to[i] == kNoGroup) continue;
    Group& group = groups_[to[i]];
    group.any |= from.groups_[i].any;
    group.covered += from.groups_[i].covered;
    for (const Step& step : from.groups_[i].steps) {
      Step& own = step_at(group, step.start);
      own.begin += step.begin;
      own.in_parts += step.in_parts;
    }
  }
}

void ConcurrencyAccumulator::finish() {
  for (Group& group : groups_) {
    put_in_order(group);
    uint64_t whole = 0;
    for (Step& step : group.steps) step.whole = whole += step.begin;
  }
}

TimeRange ConcurrencyAccumulator::bounds() const {
  const TimeRange unbounded;
  return {range_.from == unbounded.from ? UnixNanos{first_} : range_.from,
          range_.to == unbounded.to ? UnixNanos{last_} : range_.to};
}

double ConcurrencyAccumulator::average(Covered covered, UnixNanos from, UnixNanos to) const {
  if (to <= from) return 0;
  return static_cast<double>(covered) / static_cast<double>((to - from).count);
}

Value ConcurrencyAccumulator::result(uint32_t group, CalculationKind, double) const {
  if (group >= groups_.size() || !groups_[group].any) return {};
  const TimeRange all = bounds();
  return number_value(average(groups_[group].covered, all.from, all.to));
}

Value ConcurrencyAccumulator::result_at(uint32_t group, UnixNanos start) const {
  if (!step_ || group >= groups_.size() || !groups_[group].any) return {};
  const std::vector<Step>& steps = groups_[group].steps;
  const auto after = std::upper_bound(steps.begin(), steps.end(), start.count,
                                      [](int64_t at, const Step& step) { return at < step.start; });
  if (after == steps.begin()) return number_value(0.0);
  const Step& step = *(after - 1);
  const TimeRange all = bounds();
  Covered covered = Covered{step.whole} * static_cast<uint64_t>(step_->count);
  if (step.start == start.count) covered += step.in_parts;
  return number_value(average(covered, std::max(start, all.from), std::min(start + *step_, all.to)));
}

bool ConcurrencyAccumulator::append_steps(uint32_t group, size_t most, std::vector<UnixNanos>& steps) const {
  if (!step_ || group >= groups_.size()) return true;
  const std::vector<Step>& known = groups_[group].steps;
  const size_t limit = steps.size() + most;
  for (size_t i = 0; i < known.size(); ++i) {
    if (known[i].whole == 0 && known[i].in_parts == 0) continue;
    steps.push_back({known[i].start});
    if (steps.size() > limit) return false;
    // Something that covers a step whole ends in a later one.
    if (known[i].whole == 0 || i + 1 == known.size()) continue;
    for (UnixNanos at = UnixNanos{known[i].start} + *step_; at.count < known[i + 1].start; at = at + *step_) {
      steps.push_back(at);
      if (steps.size() > limit) return false;
    }
  }
  return true;
}

}  // namespace clew::query
