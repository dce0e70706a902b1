// COUNT_DISTINCT, exact: sets of codes for each dictionary, brought together only at the end.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "query/accumulator.h"
#include "query/number_set.h"
#include "query/value_interner.h"

namespace clew::query {

class DistinctAccumulator : public Accumulator {
 public:
  explicit DistinctAccumulator(bool only_one_group) : only_one_group_(only_one_group) {}

  void add(const GranuleRows& rows) override;
  void merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) override;
  void finish() override;
  Value result(uint32_t group, CalculationKind kind, double quantile) const override;
  std::unique_ptr<Accumulator> fresh() const override {
    return std::make_unique<DistinctAccumulator>(only_one_group_);
  }
  size_t bytes() const override;

 private:
  // The codes of a dictionary, or of values_, that occur in each group. With one group: a bit a code.
  struct Source {
    std::span<const std::string_view> dictionary;
    store::ColumnType type = store::ColumnType::string;
    std::vector<uint64_t> bits;
    NumberSet pairs;  // group << 32 | code

    template <typename Visit>
    void for_each(Visit&& visit) const;
  };

  void add_piece(const GranuleRows& rows, const Piece& piece);
  void add_codes(Source& source, const GranuleRows& rows, const uint32_t* codes, const Selection& selection);
  void add_code(Source& source, uint32_t group, uint32_t code);
  Source& source_of(std::span<const std::string_view> dictionary, store::ColumnType type);
  void count_one_source(const Source& source);
  void unite_sources();

  bool only_one_group_;
  std::deque<Source> sources_;
  ValueInterner values_;  // of what has no lasting dictionary
  Source plain_;          // codes are ids in values_
  std::vector<uint64_t> counts_;
};

}  // namespace clew::query
