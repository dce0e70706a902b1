#include "query/distinct_accumulator.h"

#include <bit>

namespace clew::query {
namespace {

constexpr uint32_t kUnknown = UINT32_MAX;

}  // namespace

template <typename Visit>
void DistinctAccumulator::Source::for_each(Visit&& visit) const {
  for (size_t i = 0; i < bits.size(); ++i) {
    for (uint64_t word = bits[i]; word != 0; word &= word - 1)
      visit(0, static_cast<uint32_t>(i * 64) + static_cast<uint32_t>(std::countr_zero(word)));
  }
  pairs.for_each(
      [&](uint64_t pair) { visit(static_cast<uint32_t>(pair >> 32), static_cast<uint32_t>(pair)); });
}

DistinctAccumulator::Source& DistinctAccumulator::source_of(std::span<const std::string_view> dictionary,
                                                            store::ColumnType type) {
  for (Source& source : sources_) {
    if (source.dictionary.data() == dictionary.data()) return source;
  }
  Source& source = sources_.emplace_back();
  source.dictionary = dictionary;
  source.type = type;
  if (only_one_group_) source.bits.resize((dictionary.size() + 63) / 64);
  return source;
}

void DistinctAccumulator::add(const GranuleRows& rows) {
  if (counts_.size() < rows.group_count) counts_.resize(rows.group_count);
  for (const Piece& piece : *rows.column) add_piece(rows, piece);
}

void DistinctAccumulator::add_piece(const GranuleRows& rows, const Piece& piece) {
  const store::ColumnData& data = *piece.data;
  Selection part = rows.selection;
  part.intersect(piece.mask());
  if (data.is_dictionary()) {
    auto kept = rows.segment.dictionary(piece.candidate->column);
    if (kept && kept->data() == data.dictionary.data())
      return add_codes(source_of(data.dictionary, data.type), rows, data.codes.data(), part);
    // Codes mean something in this granule only: each is interned when it is first met.
    std::vector<uint32_t> ids(data.dictionary.size(), kUnknown);
    for_each_row(part, [&](uint32_t row) {
      uint32_t& id = ids[data.codes[row]];
      if (id == kUnknown) id = values_.intern_text(data.dictionary[data.codes[row]], data.type);
      add_code(plain_, rows.groups[row], id);
    });
    return;
  }
  for_each_row(part, [&](uint32_t row) { add_code(plain_, rows.groups[row], values_.intern(data, row)); });
}

void DistinctAccumulator::add_codes(Source& source, const GranuleRows& rows, const uint32_t* codes,
                                    const Selection& selection) {
  if (only_one_group_) {
    uint64_t* bits = source.bits.data();
    for_each_row(selection, [&](uint32_t row) { bits[codes[row] >> 6] |= uint64_t{1} << (codes[row] & 63); });
  } else {
    for_each_row(selection,
                 [&](uint32_t row) { source.pairs.add(uint64_t{rows.groups[row]} << 32 | codes[row]); });
  }
}

void DistinctAccumulator::add_code(Source& source, uint32_t group, uint32_t code) {
  // The interner knows the distinct values of the only group; zero is null and never comes here.
  if (only_one_group_ && &source == &plain_) return;
  if (only_one_group_) {
    source.bits[code >> 6] |= uint64_t{1} << (code & 63);
  } else {
    source.pairs.add(uint64_t{group} << 32 | code);
  }
}

void DistinctAccumulator::merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) {
  const auto& from = static_cast<const DistinctAccumulator&>(other);
  if (counts_.size() < group_count) counts_.resize(group_count);
  for (const Source& source : from.sources_) {
    Source& mine = source_of(source.dictionary, source.type);
    source.for_each([&](uint32_t group, uint32_t code) {
      if (to[group] != kNoGroup) add_code(mine, to[group], code);
    });
  }
  std::vector<uint32_t> ids(from.values_.size(), kUnknown);
  auto adopt = [&](uint32_t group, uint32_t code) {
    if (to[group] == kNoGroup) return;
    if (ids[code] == kUnknown) ids[code] = values_.intern_from(from.values_, code);
    add_code(plain_, to[group], ids[code]);
  };
  if (from.only_one_group_) {
    for (uint32_t id = 1; id < from.values_.size(); ++id) adopt(0, id);
  } else {
    from.plain_.for_each(adopt);
  }
}

void DistinctAccumulator::finish() {
  bool has_plain_values = values_.size() > 1;
  if (sources_.size() == 1 && !has_plain_values) return count_one_source(sources_[0]);
  unite_sources();
}

void DistinctAccumulator::count_one_source(const Source& source) {
  source.for_each([&](uint32_t group, uint32_t) { ++counts_[group]; });
}

void DistinctAccumulator::unite_sources() {
  for (const Source& source : sources_) {
    std::vector<uint32_t> ids(source.dictionary.size(), kUnknown);
    source.for_each([&](uint32_t group, uint32_t code) {
      if (ids[code] == kUnknown) ids[code] = values_.intern_text(source.dictionary[code], source.type);
      add_code(plain_, group, ids[code]);
    });
  }
  if (only_one_group_) {
    if (!counts_.empty()) counts_[0] = values_.size() - 1;
  } else {
    count_one_source(plain_);
  }
}

Value DistinctAccumulator::result(uint32_t group, CalculationKind, double) const {
  // A group whose column never had a value has no distinct values: zero, as COUNT has.
  return static_cast<int64_t>(group < counts_.size() ? counts_[group] : 0);
}

size_t DistinctAccumulator::bytes() const {
  size_t bytes = values_.bytes() + plain_.pairs.bytes() + counts_.capacity() * sizeof(uint64_t);
  for (const Source& source : sources_)
    bytes += source.bits.capacity() * sizeof(uint64_t) + source.pairs.bytes();
  return bytes;
}

}  // namespace clew::query
