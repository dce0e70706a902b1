// ColumnTally: how often each value of one column occurs on two sides, the selection and the rest.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "query/granule_reader.h"
#include "query/selection.h"
#include "query/value_interner.h"

namespace clew::query {

struct SideCounts {
  uint64_t rest = 0, selected = 0;
  uint64_t sum() const { return rest + selected; }
  SideCounts& operator+=(const SideCounts& other) {
    rest += other.rest;
    selected += other.selected;
    return *this;
  }
};

// Which rows are selected, and for how many each stands.
struct SidedRows {
  const Selection& all;
  const Selection& selected;  // of those
  const uint64_t* weights;    // by row; null: each row counts once
};

// Numbers, in steps of a sixteenth of a power of two, and exactly while there are few different ones.
class NumberTally {
 public:
  static constexpr size_t kMostExact = 64;

  struct Step {
    double low;  // the smallest number that falls into it
    SideCounts counts;
  };
  struct Exact {
    double number = 0;
    SideCounts counts;
  };

  // NaN is no number.
  void add(double number, uint64_t weight, uint64_t SideCounts::*side);
  void merge(const NumberTally& other);

  bool empty() const { return low_ > high_; }
  double low() const { return low_; }
  double high() const { return high_; }
  // Nothing when there are more than kMostExact.
  std::optional<std::vector<Exact>> exact() const;
  // Those that hold a number, ascending.
  std::vector<Step> steps() const;
  size_t bytes() const;

 private:
  static constexpr size_t kSlots = 256;
  using Page = std::array<SideCounts, 256>;
  void add_exact(double number, const SideCounts& counts);

  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  std::array<std::unique_ptr<Page>, 256> pages_;
  std::vector<Exact> exact_ = std::vector<Exact>(kSlots);  // open addressing; a free slot counts nothing
  size_t exact_count_ = 0;
};

class ColumnTally {
 public:
  // Of more different values than this, only the most frequent on either side are told apart; then, of texts
  // without a dictionary, some rows stand for all.
  static constexpr size_t kMostValues = 20'000;

  // Rows of a piece of the column. What is counted refers to the segment until flush().
  void add(const store::Segment& segment, const Piece& piece, const SidedRows& rows);
  void flush();
  // Both flushed.
  void merge(const ColumnTally& other);

  const ValueInterner& values() const { return values_; }
  // By value of the interner; those of null are nothing.
  const std::vector<SideCounts>& counts() const { return counts_; }
  // Of values too rare to be told apart; and about how many these are.
  const SideCounts& rare() const { return rare_; }
  uint64_t rare_values() const { return rare_values_; }
  // Which part of the rows of a side has been looked at; 1 unless there were too many different texts.
  double part_seen(uint64_t SideCounts::*side) const {
    return present_rows_.*side == 0
               ? 1
               : static_cast<double>(seen_rows_.*side) / static_cast<double>(present_rows_.*side);
  }
  const NumberTally& numbers() const { return numbers_; }
  // Of all rows that have a value.
  SideCounts present() const { return present_; }
  size_t bytes() const;

 private:
  // Counts by the codes of a dictionary.
  struct Coded {
    std::span<const std::string_view> dictionary;
    store::ColumnType type;
    std::vector<SideCounts> counts;
  };
  void add_coded(const store::Segment& segment, const Piece& piece, const Selection& part,
                 const SidedRows& rows);
  void count_present(const Selection& part, const SidedRows& rows);
  void fold(const Coded& coded, bool lasting);
  void add_texts(const store::ColumnData& data, const Selection& part, const SidedRows& rows);
  void add_value(uint32_t id, const SideCounts& counts);
  void drop_rare();
  // Puts the kMostValues that matter most in front, and tells how many these are.
  template <typename CountsOf>
  size_t most_important(std::vector<uint32_t>& all, const CountsOf& counts_of) const;

  ValueInterner values_;
  std::vector<SideCounts> counts_;
  SideCounts rare_, present_;
  uint64_t rare_values_ = 0;
  SideCounts present_rows_, seen_rows_;  // as stored
  NumberTally numbers_;
  std::vector<Coded> coded_;
};

}  // namespace clew::query
