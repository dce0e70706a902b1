// CONCURRENCY: how many spans run at a time, on average over a step of time or over the whole range.
//
// A span counts by the part of the step that it covers: two spans that run for half of it each are 1. It
// reaches from its start to the right, into steps that begin after it and beyond the range, where it is cut
// off; spans that began before the range are not among the rows that are asked about.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "query/accumulator.h"

namespace clew::query {

// What the durations are called.
inline constexpr std::string_view kConcurrencyColumn = "duration_ms";

class ConcurrencyAccumulator : public Accumulator {
 public:
  // Without a step only the average over the range is known.
  ConcurrencyAccumulator(TimeRange range, std::optional<Nanoseconds> step) : range_(range), step_(step) {}

  void add(const GranuleRows& rows) override;
  void merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) override;
  void finish() override;
  // Over the range; over the time from the first start to the last end where the range has no bounds.
  Value result(uint32_t group, CalculationKind kind, double quantile) const override;
  std::unique_ptr<Accumulator> fresh() const override {
    return std::make_unique<ConcurrencyAccumulator>(range_, step_);
  }
  size_t bytes() const override { return groups_.capacity() * sizeof(Group) + bytes_of_steps_; }

  // Over the step that starts then; no value for a group without a span.
  Value result_at(uint32_t group, UnixNanos step) const;
  // Appends the starts of the steps in which spans of a group run, ascending; false when there are more of
  // them than `most`.
  bool append_steps(uint32_t group, size_t most, std::vector<UnixNanos>& steps) const;

 private:
  // Nanoseconds times sample rates.
  __extension__ typedef unsigned __int128 Covered;

  struct Step {
    int64_t start = 0;
    uint64_t begin = 0;    // how many more spans cover this step and those after it whole; modulo 2^64
    uint64_t whole = 0;    // after finish(): how many cover it whole
    Covered in_parts = 0;  // of spans that start or end in it
  };
  struct Group {
    bool any = false;
    Covered covered = 0;
    std::vector<Step> steps;  // ascending after finish(); then those between two are like the earlier
    size_t sorted = 0;        // how many were left when they were last put in order
  };

  void add_span(Group& group, int64_t start, double milliseconds, uint64_t weight);
  void add_steps(Group& group, int64_t start, int64_t end, uint64_t weight);
  Step& step_at(Group& group, int64_t start);
  void put_in_order(Group& group);
  TimeRange bounds() const;
  double average(Covered covered, UnixNanos from, UnixNanos to) const;

  TimeRange range_;
  std::optional<Nanoseconds> step_;
  std::vector<Group> groups_;
  size_t bytes_of_steps_ = 0;
  int64_t first_ = INT64_MAX, last_ = INT64_MIN;  // of all groups
};

}  // namespace clew::query
