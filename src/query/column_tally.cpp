#include "query/column_tally.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "query/hashing.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

// So many rows of a granule and side stand for all where texts are too many to be told apart.
constexpr uint64_t kRowsOfMany = 4096;

// Sign, exponent and four bits of mantissa, in the order of the numbers.
uint32_t step_of(double number) {
  const auto bits = std::bit_cast<uint64_t>(number + 0.0);  // no negative zero
  const uint64_t ordered = (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
  return static_cast<uint32_t>(ordered >> 48);
}

double low_of_step(uint32_t step) {
  const uint64_t ordered = uint64_t{step} << 48;
  // Of negative numbers the smallest has the largest bits.
  return std::bit_cast<double>((ordered >> 63) != 0 ? ordered & ~(uint64_t{1} << 63) : ~ordered);
}

SideCounts rows_of(const Selection& part, const SidedRows& rows) {
  Selection selected = part;
  selected.intersect(rows.selected);
  const uint64_t count = selected.count();
  return {.rest = part.count() - count, .selected = count};
}

// Calls visit(row, weight, side) for the rows of the rest, then for those selected.
template <typename Visit>
void for_each_sided(const Selection& part, const SidedRows& rows, Visit&& visit) {
  Selection rest = part, selected = part;
  rest.subtract(rows.selected);
  selected.intersect(rows.selected);
  for (const auto& [side, side_rows] :
       {std::pair(&SideCounts::rest, &rest), std::pair(&SideCounts::selected, &selected)}) {
    if (rows.weights == nullptr) {
      for_each_row(*side_rows, [&](uint32_t row) { visit(row, uint64_t{1}, side); });
    } else {
      for_each_row(*side_rows, [&](uint32_t row) { visit(row, rows.weights[row], side); });
    }
  }
}

}  // namespace

void NumberTally::add(double number, uint64_t weight, uint64_t SideCounts::*side) {
  if (number != number) return;
  low_ = std::min(low_, number);
  high_ = std::max(high_, number);
  const uint32_t step = step_of(number);
  std::unique_ptr<Page>& page = pages_[step >> 8];
  if (!page) page = std::make_unique<Page>();
  (*page)[step & 255].*side += weight;
  if (exact_count_ > kMostExact) return;
  SideCounts counts;
  counts.*side = weight;
  add_exact(number, counts);
}

void NumberTally::add_exact(double number, const SideCounts& counts) {
  for (size_t slot = hash_of(std::bit_cast<uint64_t>(number + 0.0)) % kSlots;; slot = (slot + 1) % kSlots) {
    Exact& at = exact_[slot];
    if (at.counts.sum() == 0) {
      if (++exact_count_ > kMostExact) return;
      at.number = number + 0.0;
    } else if (at.number != number) {
      continue;
    }
    at.counts += counts;
    return;
  }
}

void NumberTally::merge(const NumberTally& other) {
  if (other.empty()) return;
  low_ = std::min(low_, other.low_);
  high_ = std::max(high_, other.high_);
  for (size_t i = 0; i < pages_.size(); ++i) {
    if (!other.pages_[i]) continue;
    if (!pages_[i]) pages_[i] = std::make_unique<Page>();
    for (size_t j = 0; j < pages_[i]->size(); ++j) (*pages_[i])[j] += (*other.pages_[i])[j];
  }
  if (other.exact_count_ > kMostExact) exact_count_ = kMostExact + 1;
  for (const Exact& exact : other.exact_) {
    if (exact_count_ > kMostExact) return;
    if (exact.counts.sum() != 0) add_exact(exact.number, exact.counts);
  }
}

std::optional<std::vector<NumberTally::Exact>> NumberTally::exact() const {
  if (exact_count_ > kMostExact) return std::nullopt;
  std::vector<Exact> found;
  for (const Exact& exact : exact_) {
    if (exact.counts.sum() != 0) found.push_back(exact);
  }
  std::sort(found.begin(), found.end(), [](const Exact& a, const Exact& b) { return a.number < b.number; });
  return found;
}

std::vector<NumberTally::Step> NumberTally::steps() const {
  std::vector<Step> found;
  for (uint32_t i = 0; i < pages_.size(); ++i) {
    if (!pages_[i]) continue;
    for (uint32_t j = 0; j < pages_[i]->size(); ++j) {
      const SideCounts& counts = (*pages_[i])[j];
      if (counts.sum() != 0) found.push_back({std::max(low_, low_of_step(i << 8 | j)), counts});
    }
  }
  return found;
}

size_t NumberTally::bytes() const {
  const auto pages =
      std::count_if(pages_.begin(), pages_.end(), [](const auto& page) { return page != nullptr; });
  return static_cast<size_t>(pages) * sizeof(Page) + exact_.capacity() * sizeof(Exact);
}

void ColumnTally::add(const store::Segment& segment, const Piece& piece, const SidedRows& rows) {
  const ColumnData& data = *piece.data;
  Selection part = rows.all;
  part.intersect(piece.mask());
  count_present(part, rows);
  if (data.is_dictionary()) {
    add_coded(segment, piece, part, rows);
  } else if (!data.floats.empty()) {
    const double* numbers = data.floats.data();
    for_each_sided(part, rows, [&](uint32_t row, uint64_t weight, auto side) {
      numbers_.add(numbers[row], weight, side);
    });
  } else if (!data.integers.empty()) {
    const int64_t* numbers = data.integers.data();
    for_each_sided(part, rows, [&](uint32_t row, uint64_t weight, auto side) {
      numbers_.add(static_cast<double>(numbers[row]), weight, side);
    });
  } else {
    add_texts(data, part, rows);
    return;
  }
  seen_rows_ += rows_of(part, rows);
}

void ColumnTally::count_present(const Selection& part, const SidedRows& rows) {
  const SideCounts stored = rows_of(part, rows);
  present_rows_ += stored;
  if (rows.weights == nullptr) {
    present_ += stored;
  } else {
    for_each_sided(part, rows, [&](uint32_t, uint64_t weight, auto side) { present_.*side += weight; });
  }
}

void ColumnTally::add_texts(const ColumnData& data, const Selection& part, const SidedRows& rows) {
  const SideCounts stored = rows_of(part, rows);
  // Of every so many rows one is looked at.
  const auto stride_for = [&](uint64_t count) {
    return rare_values_ == 0 ? 1 : std::max<uint64_t>(1, count / kRowsOfMany);
  };
  const SideCounts stride{.rest = stride_for(stored.rest), .selected = stride_for(stored.selected)};
  for_each_sided(part, rows, [&](uint32_t row, uint64_t weight, auto side) {
    if (stride.*side > 1 && hash_of(uint64_t{row}) % (stride.*side) != 0) return;
    ++(seen_rows_.*side);
    SideCounts counts;
    counts.*side = weight * stride.*side;
    add_value(values_.intern(data, row), counts);
  });
}

void ColumnTally::add_coded(const store::Segment& segment, const Piece& piece, const Selection& part,
                            const SidedRows& rows) {
  const ColumnData& data = *piece.data;
  const auto kept = segment.dictionary(piece.candidate->column);
  const bool lasting = kept && kept->data() == data.dictionary.data();
  auto known = std::find_if(coded_.begin(), coded_.end(), [&](const Coded& coded) {
    return coded.dictionary.data() == data.dictionary.data();
  });
  Coded passing;
  if (lasting && known == coded_.end()) known = coded_.emplace(known);
  Coded& coded = lasting ? *known : passing;
  coded.type = data.type;
  if (coded.counts.size() < data.dictionary.size()) {
    coded.dictionary = data.dictionary;
    coded.counts.resize(data.dictionary.size());
  }
  const uint32_t* codes = data.codes.data();
  SideCounts* counts = coded.counts.data();
  for_each_sided(part, rows,
                 [&](uint32_t row, uint64_t weight, auto side) { counts[codes[row]].*side += weight; });
  if (!lasting) fold(coded, false);
}

template <typename CountsOf>
size_t ColumnTally::most_important(std::vector<uint32_t>& all, const CountsOf& counts_of) const {
  if (all.size() <= kMostValues) return all.size();
  // The shares on both sides, of what has been counted so far.
  const auto importance = [&](uint32_t one) {
    const SideCounts counts = counts_of(one);
    return static_cast<double>(counts.selected) / static_cast<double>(present_.selected + 1) +
           static_cast<double>(counts.rest) / static_cast<double>(present_.rest + 1);
  };
  std::nth_element(all.begin(), all.begin() + kMostValues, all.end(), [&](uint32_t a, uint32_t b) {
    const double of_a = importance(a), of_b = importance(b);
    return of_a != of_b ? of_a > of_b : a < b;
  });
  return kMostValues;
}

void ColumnTally::fold(const Coded& coded, bool lasting) {
  std::vector<uint32_t> codes;
  for (uint32_t code = 0; code < coded.counts.size(); ++code) {
    if (coded.counts[code].sum() != 0) codes.push_back(code);
  }
  const auto counts_of = [&](uint32_t code) { return coded.counts[code]; };
  const size_t kept = most_important(codes, counts_of);
  for (size_t i = 0; i < codes.size(); ++i) {
    const uint32_t code = codes[i];
    if (i >= kept) {
      rare_ += coded.counts[code];
      ++rare_values_;
      continue;
    }
    const std::string_view text = coded.dictionary[code];
    add_value(lasting ? values_.intern_lasting_text(text, coded.type) : values_.intern_text(text, coded.type),
              coded.counts[code]);
  }
}

void ColumnTally::flush() {
  for (const Coded& coded : coded_) fold(coded, true);
  coded_.clear();
}

void ColumnTally::add_value(uint32_t id, const SideCounts& counts) {
  if (id >= counts_.size()) counts_.resize(std::max<size_t>(size_t{id} + 1, counts_.size() * 2));
  counts_[id] += counts;
  if (values_.size() > 2 * kMostValues) drop_rare();
}

void ColumnTally::drop_rare() {
  std::vector<uint32_t> ids;
  for (uint32_t id = 1; id < values_.size(); ++id) ids.push_back(id);
  const size_t kept = most_important(ids, [&](uint32_t id) { return counts_[id]; });
  ValueInterner values;
  std::vector<SideCounts> counts(2 * kMostValues + 2);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i < kept) {
      counts[values.intern_from(values_, ids[i])] = counts_[ids[i]];
    } else {
      rare_ += counts_[ids[i]];
      ++rare_values_;
    }
  }
  values_ = std::move(values);
  counts_ = std::move(counts);
}

void ColumnTally::merge(const ColumnTally& other) {
  present_ += other.present_;
  for (uint32_t id = 1; id < other.values_.size(); ++id)
    add_value(values_.intern_from(other.values_, id), other.counts_[id]);
  rare_ += other.rare_;
  rare_values_ += other.rare_values_;
  present_rows_ += other.present_rows_;
  seen_rows_ += other.seen_rows_;
  numbers_.merge(other.numbers_);
}

size_t ColumnTally::bytes() const {
  size_t bytes = values_.bytes() + counts_.capacity() * sizeof(SideCounts) + numbers_.bytes();
  for (const Coded& coded : coded_) bytes += coded.counts.capacity() * sizeof(SideCounts);
  return bytes;
}

}  // namespace clew::query
