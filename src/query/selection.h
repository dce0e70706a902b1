// Selection: which rows of a granule are meant, one bit a row.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace clew::query {

class Selection {
 public:
  static Selection all(uint32_t rows) {
    Selection selection(rows);
    std::fill(selection.words_.begin(), selection.words_.end(), ~uint64_t{0});
    if (rows % 64 != 0) selection.words_.back() = (uint64_t{1} << (rows % 64)) - 1;
    return selection;
  }
  static Selection none(uint32_t rows) { return Selection(rows); }

  uint32_t rows() const { return rows_; }
  bool has(uint32_t row) const { return (words_[row >> 6] >> (row & 63) & 1) != 0; }
  void add(uint32_t row) { words_[row >> 6] |= uint64_t{1} << (row & 63); }
  bool empty() const {
    return std::all_of(words_.begin(), words_.end(), [](uint64_t word) { return word == 0; });
  }
  uint32_t count() const {
    uint32_t count = 0;
    for (uint64_t word : words_) count += static_cast<uint32_t>(std::popcount(word));
    return count;
  }

  // Bits of `mask` beyond the last row do not matter. An empty mask means every row.
  void intersect(std::span<const uint64_t> mask) {
    for (size_t i = 0; i < mask.size(); ++i) words_[i] &= mask[i];
  }
  void intersect(const Selection& other) { intersect(std::span(other.words_)); }
  void unite(const Selection& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  void subtract(const Selection& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }

  std::span<uint64_t> words() { return words_; }
  std::span<const uint64_t> words() const { return words_; }

 private:
  explicit Selection(uint32_t rows) : words_((rows + 63) / 64), rows_(rows) {}

  std::vector<uint64_t> words_;  // bits beyond the last row are 0
  uint32_t rows_;
};

// Calls visit(row) for each row, ascending. Whole words take a loop without tests, which compilers vectorise.
template <typename Visit>
inline void for_each_row(const Selection& selection, Visit&& visit) {
  std::span<const uint64_t> words = selection.words();
  for (size_t i = 0; i < words.size(); ++i) {
    uint32_t base = static_cast<uint32_t>(i * 64);
    if (words[i] == ~uint64_t{0}) {
      for (uint32_t bit = 0; bit < 64; ++bit) visit(base + bit);
    } else {
      for (uint64_t word = words[i]; word != 0; word &= word - 1)
        visit(base + static_cast<uint32_t>(std::countr_zero(word)));
    }
  }
}

// Keeps the rows for which keep(row) holds. Dense words are computed without branches.
template <typename Keep>
inline void keep_rows(Selection& selection, Keep&& keep) {
  std::span<uint64_t> words = selection.words();
  for (size_t i = 0; i < words.size(); ++i) {
    uint64_t word = words[i], kept = 0;
    uint32_t base = static_cast<uint32_t>(i * 64);
    if (word == ~uint64_t{0}) {
      for (uint32_t bit = 0; bit < 64; ++bit) kept |= static_cast<uint64_t>(keep(base + bit)) << bit;
    } else {
      for (; word != 0; word &= word - 1) {
        int bit = std::countr_zero(word);
        kept |= static_cast<uint64_t>(keep(base + static_cast<uint32_t>(bit))) << bit;
      }
    }
    words[i] = kept;
  }
}

}  // namespace clew::query
