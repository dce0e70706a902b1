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

// Which codes occur in which group. A group whose codes fit gets a bit for each code, as long as all of those
// stay within kMostBitmapBytes; other groups share a hash set.
class CodeSets {
 public:
  explicit CodeSets(size_t code_count) : words_((code_count + 63) / 64) {}

  // Must be called before codes of groups below `count` are added.
  void expect_groups(size_t count);
  void add(uint32_t group, uint32_t code) {
    if (!bitmaps_[group].empty()) {
      bitmaps_[group][code >> 6] |= uint64_t{1} << (code & 63);
    } else {
      pairs_.add(uint64_t{group} << 32 | code);
    }
  }
  template <typename Visit>
  void for_each(Visit&& visit) const;
  // Adds to the number of codes of each group.
  void count_into(std::vector<uint64_t>& counts) const;
  size_t bytes() const { return bitmap_bytes_ + pairs_.bytes(); }

 private:
  static constexpr size_t kMostBitmapBytes = 64 << 20;

  size_t words_;
  size_t bitmap_bytes_ = 0;
  std::vector<std::vector<uint64_t>> bitmaps_;  // by group
  NumberSet pairs_;                             // group << 32 | code
};

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
  // The codes of a dictionary that outlives the run.
  struct Source {
    std::span<const std::string_view> dictionary;
    store::ColumnType type;
    CodeSets codes;
  };

  void add_piece(const GranuleRows& rows, const Piece& piece);
  void add_plain(uint32_t group, uint32_t id);
  Source& source_of(std::span<const std::string_view> dictionary, store::ColumnType type, size_t group_count);
  void unite_sources();
  std::vector<uint32_t> intern_codes(const Source& source);

  bool only_one_group_;
  std::deque<Source> sources_;
  ValueInterner values_;  // of what has no lasting dictionary
  NumberSet plain_;       // group << 32 | id in values_; with only one group values_ says it all
  std::vector<uint64_t> counts_;
};

}  // namespace clew::query
