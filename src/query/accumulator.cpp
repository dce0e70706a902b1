#include "query/accumulator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "query/concurrency_accumulator.h"
#include "query/distinct_accumulator.h"
#include "query/long_sum.h"
#include "query/percentile_sketch.h"

namespace clew::query {
namespace {

using Kind = CalculationKind;

uint64_t weight_at(const GranuleRows& rows, uint32_t row) {
  return rows.weights == nullptr ? 1 : rows.weights[row];
}

// A vector of one State a group; Derived adds rows, merges two states and reads a result.
template <typename Derived, typename State>
class GroupStates : public Accumulator {
 public:
  void add(const GranuleRows& rows) final {
    if (states_.size() < rows.group_count) states_.resize(rows.group_count);
    self().add_rows(rows);
  }
  void merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) final {
    if (states_.size() < group_count) states_.resize(group_count);
    auto& from = static_cast<const Derived&>(other).states_;
    for (size_t group = 0; group < from.size() && group < to.size(); ++group) {
      if (to[group] != kNoGroup) Derived::merge_state(states_[to[group]], from[group]);
    }
  }
  Value result(uint32_t group, Kind kind, double quantile) const final {
    return self().read(group < states_.size() ? states_[group] : kNothing, kind, quantile);
  }
  std::unique_ptr<Accumulator> fresh() const override { return std::make_unique<Derived>(); }
  size_t bytes() const override { return states_.capacity() * sizeof(State); }

 protected:
  inline static const State kNothing{};
  std::vector<State> states_;

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
  const Derived& self() const { return static_cast<const Derived&>(*this); }
  friend Derived;
};

class Count : public GroupStates<Count, uint64_t> {
 public:
  void add_rows(const GranuleRows& rows) {
    if (rows.column == nullptr) return add_selected(rows, rows.selection);
    for (const Piece& piece : *rows.column) {
      Selection part = rows.selection;
      part.intersect(piece.mask());
      add_selected(rows, part);
    }
  }
  static void merge_state(uint64_t& to, uint64_t from) { to += from; }
  static Value read(uint64_t count, Kind, double) { return static_cast<int64_t>(count); }

 private:
  void add_selected(const GranuleRows& rows, const Selection& selection) {
    uint64_t* counts = states_.data();
    if (rows.weights != nullptr) {
      for_each_row(selection, [&](uint32_t row) { counts[rows.groups[row]] += rows.weights[row]; });
    } else if (rows.group_count == 1) {
      counts[0] += selection.count();
    } else {
      for_each_row(selection, [&](uint32_t row) { ++counts[rows.groups[row]]; });
    }
  }
};

struct WeightedSum {
  LongSum sum;
  uint64_t weight = 0;
};

class Sum : public GroupStates<Sum, WeightedSum> {
 public:
  void add_rows(const GranuleRows& rows) {
    WeightedSum* sums = states_.data();
    for_each_number(rows, [&](uint32_t row, auto number) {
      uint64_t weight = weight_at(rows, row);
      WeightedSum& of_group = sums[rows.groups[row]];
      of_group.sum.add(static_cast<double>(number) * static_cast<double>(weight));
      of_group.weight += weight;
    });
  }
  static void merge_state(WeightedSum& to, const WeightedSum& from) {
    to.sum.add(from.sum);
    to.weight += from.weight;
  }
  static Value read(const WeightedSum& all, Kind kind, double) {
    if (all.weight == 0) return {};
    const double sum = all.sum.total();
    return number_value(kind == Kind::sum ? sum : sum / static_cast<double>(all.weight));
  }
};

// Integers, doubles and times apart, so that none is rounded and times stay times.
struct Bounds {
  int64_t low = INT64_MAX, high = INT64_MIN;
  double low_real = std::numeric_limits<double>::infinity(), high_real = -low_real;
  int64_t first = INT64_MAX, last = INT64_MIN;
  bool has_real = false;

  void add(int64_t value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void add(double value) {
    low_real = std::min(low_real, value);
    high_real = std::max(high_real, value);
    has_real = true;
  }
};

class Extremes : public GroupStates<Extremes, Bounds> {
 public:
  void add_rows(const GranuleRows& rows) {
    for (const Piece& piece : *rows.column) add_piece(rows, piece);
  }
  static void merge_state(Bounds& to, const Bounds& from) {
    to.low = std::min(to.low, from.low);
    to.high = std::max(to.high, from.high);
    to.low_real = std::min(to.low_real, from.low_real);
    to.high_real = std::max(to.high_real, from.high_real);
    to.first = std::min(to.first, from.first);
    to.last = std::max(to.last, from.last);
    to.has_real |= from.has_real;
  }
  static Value read(const Bounds& bounds, Kind kind, double) {
    bool wants_low = kind == Kind::minimum;
    bool has_integer = bounds.low <= bounds.high;
    if (!has_integer && !bounds.has_real) {
      if (bounds.first > bounds.last) return {};
      return UnixNanos{wants_low ? bounds.first : bounds.last};
    }
    Value integer = wants_low ? bounds.low : bounds.high;
    Value real = number_value(wants_low ? bounds.low_real : bounds.high_real);
    if (!bounds.has_real) return integer;
    if (!has_integer) return real;
    return (compare(integer, real) < 0) == wants_low ? integer : real;
  }

 private:
  void add_piece(const GranuleRows& rows, const Piece& piece) {
    const store::ColumnData& data = *piece.data;
    Selection part = rows.selection;
    part.intersect(piece.mask());
    Bounds* bounds = states_.data();
    if (data.type == store::ColumnType::time) {
      for_each_row(part, [&](uint32_t row) {
        Bounds& of_group = bounds[rows.groups[row]];
        of_group.first = std::min(of_group.first, data.integers[row]);
        of_group.last = std::max(of_group.last, data.integers[row]);
      });
    } else if (!data.integers.empty()) {
      for_each_row(part, [&](uint32_t row) { bounds[rows.groups[row]].add(data.integers[row]); });
    } else if (!data.floats.empty()) {
      for_each_row(part, [&](uint32_t row) {
        if (data.floats[row] == data.floats[row]) bounds[rows.groups[row]].add(data.floats[row]);
      });
    }
  }
};

class Percentile : public GroupStates<Percentile, PercentileSketch> {
 public:
  void add_rows(const GranuleRows& rows) {
    PercentileSketch* sketches = states_.data();
    values_since_ += rows.selection.count();
    if (rows.weights == nullptr) {
      for_each_number(rows, [&](uint32_t row, auto number) {
        sketches[rows.groups[row]].add(static_cast<double>(number));
      });
    } else {
      for_each_number(rows, [&](uint32_t row, auto number) {
        sketches[rows.groups[row]].add(static_cast<double>(number), rows.weights[row]);
      });
    }
  }
  static void merge_state(PercentileSketch& to, const PercentileSketch& from) { to.merge(from); }
  static Value read(const PercentileSketch& sketch, Kind, double quantile) {
    std::optional<double> value = sketch.quantile(quantile);
    return value ? number_value(*value) : Value();
  }
  // Looking at all sketches after every granule would cost more than filling them: values added since the
  // last look are counted at twice their size instead.
  size_t bytes() const override {
    if (values_since_ > kValuesBetweenLooks || states_.size() > 2 * groups_looked_at_) {
      bytes_ = 0;
      for (const PercentileSketch& sketch : states_) bytes_ += sketch.bytes();
      values_since_ = 0;
      groups_looked_at_ = states_.size();
    }
    return bytes_ + values_since_ * 2 * sizeof(double);
  }

 private:
  static constexpr size_t kValuesBetweenLooks = 1 << 20;
  mutable size_t bytes_ = 0, values_since_ = 0, groups_looked_at_ = 0;
};

class Heatmap : public GroupStates<Heatmap, std::vector<double>> {
 public:
  explicit Heatmap(HeatmapScale scale = {}) : scale_(scale) {}

  std::unique_ptr<Accumulator> fresh() const override { return std::make_unique<Heatmap>(scale_); }

  void add_rows(const GranuleRows& rows) {
    for_each_number(rows, [&](uint32_t row, auto number) {
      std::vector<double>& counts = states_[rows.groups[row]];
      if (counts.empty()) counts.resize(scale_.steps);
      counts[scale_.step_of(static_cast<double>(number))] += static_cast<double>(weight_at(rows, row));
    });
  }
  static void merge_state(std::vector<double>& to, const std::vector<double>& from) {
    if (to.size() < from.size()) to.resize(from.size());
    for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
  }
  Value read(const std::vector<double>& counts, Kind, double) const {
    if (counts.empty()) return {};
    return Histogram{
        .counts = counts, .minimum = scale_.minimum, .step = scale_.step, .logarithmic = scale_.logarithmic};
  }
  size_t bytes() const override {
    return states_.size() * (sizeof(states_[0]) + scale_.steps * sizeof(double));
  }

 private:
  HeatmapScale scale_;
};

}  // namespace

size_t HeatmapScale::step_of(double value) const {
  if (logarithmic) {
    if (!(value > 0)) return 0;
    value = std::log10(value);
  }
  const double at = std::floor((value - minimum) / step);
  return static_cast<size_t>(std::clamp(at, 0.0, static_cast<double>(steps - 1)));
}

HeatmapScale logarithmic_scale_for(double low, double high) {
  constexpr double kMostPowers = 18, kPowersAboveZero = 6, kWantedSteps = 60;
  if (!(high > 0) || !std::isfinite(high)) return {.logarithmic = true};
  const double top = std::log10(high);
  double bottom = low > 0 ? std::log10(low) : top - kPowersAboveZero;
  bottom = std::floor(std::max(bottom, top - kMostPowers));
  const double powers = std::max(1.0, std::ceil(top) - bottom);
  const double steps_each = std::max(2.0, std::floor(kWantedSteps / powers));
  return {.minimum = bottom,
          .step = 1 / steps_each,
          .steps = static_cast<size_t>(powers * steps_each),
          .logarithmic = true};
}

HeatmapScale scale_for(double low, double high) {
  constexpr double kWantedSteps = 50;
  if (!(high > low) || !std::isfinite(high - low)) return {.minimum = std::isfinite(low) ? low : 0};
  double rough = (high - low) / kWantedSteps;
  double magnitude = std::pow(10, std::floor(std::log10(rough)));
  double step = magnitude * 10;
  for (double factor : {1.0, 2.0, 5.0}) {
    if (factor * magnitude >= rough) {
      step = factor * magnitude;
      break;
    }
  }
  double minimum = std::floor(low / step) * step;
  return {.minimum = minimum, .step = step, .steps = static_cast<size_t>((high - minimum) / step) + 1};
}

CalculationKind family_of(Kind kind) {
  kind = changing_kind_of(kind);
  if (kind == Kind::average) return Kind::sum;
  return kind == Kind::maximum ? Kind::minimum : kind;
}

std::unique_ptr<Accumulator> make_accumulator(const AccumulatorSettings& settings) {
  switch (family_of(settings.kind)) {
    case Kind::sum:
      return std::make_unique<Sum>();
    case Kind::minimum:
      return std::make_unique<Extremes>();
    case Kind::count_distinct:
      return std::make_unique<DistinctAccumulator>(settings.only_one_group);
    case Kind::percentile:
      return std::make_unique<Percentile>();
    case Kind::heatmap:
      return std::make_unique<Heatmap>(settings.scale);
    case Kind::concurrency:
      return std::make_unique<ConcurrencyAccumulator>(settings.range, settings.step);
    default:
      return std::make_unique<Count>();
  }
}

}  // namespace clew::query
