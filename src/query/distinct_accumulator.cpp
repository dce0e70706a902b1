#include "query/distinct_accumulator.h"

#include <algorithm>
#include <array>
#include <bit>

namespace clew::query {
namespace {

constexpr uint32_t kUnknown = UINT32_MAX;

}  // namespace

void CodeSets::expect_groups(size_t count) {
  while (bitmaps_.size() < count) {
    std::vector<uint64_t>& bitmap = bitmaps_.emplace_back();
    size_t bytes = words_ * sizeof(uint64_t);
    // The first is always a bitmap: it is no larger than the dictionary that is in memory anyway.
    if (bitmaps_.size() > 1 && bitmap_bytes_ + bytes > kMostBitmapBytes) continue;
    bitmap.resize(words_);
    bitmap_bytes_ += bytes;
  }
}

template <typename Visit>
void CodeSets::for_each(Visit&& visit) const {
  for (uint32_t group = 0; group < bitmaps_.size(); ++group) {
    for (size_t i = 0; i < bitmaps_[group].size(); ++i) {
      for (uint64_t word = bitmaps_[group][i]; word != 0; word &= word - 1)
        visit(group, static_cast<uint32_t>(i * 64) + static_cast<uint32_t>(std::countr_zero(word)));
    }
  }
  pairs_.for_each(
      [&](uint64_t pair) { visit(static_cast<uint32_t>(pair >> 32), static_cast<uint32_t>(pair)); });
}

void CodeSets::count_into(std::vector<uint64_t>& counts) const {
  for (size_t group = 0; group < bitmaps_.size(); ++group) {
    for (uint64_t word : bitmaps_[group]) counts[group] += static_cast<uint64_t>(std::popcount(word));
  }
  pairs_.for_each([&](uint64_t pair) { ++counts[pair >> 32]; });
}

DistinctAccumulator::Source& DistinctAccumulator::source_of(std::span<const std::string_view> dictionary,
                                                            store::ColumnType type, size_t group_count) {
  auto known = std::find_if(sources_.begin(), sources_.end(), [&](const Source& source) {
    return source.dictionary.data() == dictionary.data();
  });
  Source& source = known != sources_.end()
                       ? *known
                       : sources_.emplace_back(Source{dictionary, type, CodeSets(dictionary.size())});
  source.codes.expect_groups(group_count);
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
  if (!data.is_dictionary()) {
    for_each_row(part, [&](uint32_t row) { add_plain(rows.groups[row], values_.intern(data, row)); });
    return;
  }
  const uint32_t* codes = data.codes.data();
  auto kept = rows.segment.dictionary(piece.candidate->column);
  if (kept && kept->data() == data.dictionary.data()) {
    CodeSets& sets = source_of(data.dictionary, data.type, rows.group_count).codes;
    for_each_row(part, [&](uint32_t row) { sets.add(rows.groups[row], codes[row]); });
    return;
  }
  // Codes mean something in this granule only: each is interned when it is first met.
  std::vector<uint32_t> ids(data.dictionary.size(), kUnknown);
  for_each_row(part, [&](uint32_t row) {
    uint32_t& id = ids[codes[row]];
    if (id == kUnknown) id = values_.intern_text(data.dictionary[codes[row]], data.type);
    add_plain(rows.groups[row], id);
  });
}

void DistinctAccumulator::add_plain(uint32_t group, uint32_t id) {
  if (!only_one_group_) plain_.add(uint64_t{group} << 32 | id);
}

void DistinctAccumulator::merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) {
  const auto& from = static_cast<const DistinctAccumulator&>(other);
  if (counts_.size() < group_count) counts_.resize(group_count);
  for (const Source& source : from.sources_) {
    CodeSets& mine = source_of(source.dictionary, source.type, group_count).codes;
    source.codes.for_each([&](uint32_t group, uint32_t code) {
      if (to[group] != kNoGroup) mine.add(to[group], code);
    });
  }
  std::vector<uint32_t> ids(from.values_.size(), kUnknown);
  auto adopt = [&](uint32_t group, uint32_t id) {
    if (to[group] == kNoGroup) return;
    if (ids[id] == kUnknown) ids[id] = values_.intern_from(from.values_, id);
    add_plain(to[group], ids[id]);
  };
  if (from.only_one_group_) {
    for (uint32_t id = 1; id < from.values_.size() && !to.empty(); ++id) adopt(0, id);
  } else {
    from.plain_.for_each(
        [&](uint64_t pair) { adopt(static_cast<uint32_t>(pair >> 32), static_cast<uint32_t>(pair)); });
  }
}

void DistinctAccumulator::finish() {
  std::fill(counts_.begin(), counts_.end(), 0);
  bool has_plain_values = values_.size() > 1;
  if (sources_.size() == 1 && !has_plain_values) return sources_[0].codes.count_into(counts_);
  unite_sources();
}

// The interned id of each code that occurs. Slots are fetched some texts ahead: with many distinct values,
// waiting for memory is what takes the time.
std::vector<uint32_t> DistinctAccumulator::intern_codes(const Source& source) {
  std::vector<uint64_t> occurs((source.dictionary.size() + 63) / 64);
  source.codes.for_each([&](uint32_t, uint32_t code) { occurs[code >> 6] |= uint64_t{1} << (code & 63); });
  std::vector<uint32_t> codes;
  for (size_t i = 0; i < occurs.size(); ++i) {
    for (uint64_t word = occurs[i]; word != 0; word &= word - 1)
      codes.push_back(static_cast<uint32_t>(i * 64) + static_cast<uint32_t>(std::countr_zero(word)));
  }
  values_.reserve(values_.size() + codes.size());
  constexpr size_t kAhead = 16;
  std::array<uint32_t, kAhead> hashes;
  std::vector<uint32_t> ids(source.dictionary.size(), kUnknown);
  for (size_t first = 0; first < codes.size(); first += kAhead) {
    size_t count = std::min(kAhead, codes.size() - first);
    for (size_t i = 0; i < count; ++i) {
      hashes[i] = ValueInterner::hash_of_text(source.dictionary[codes[first + i]], source.type);
      values_.prefetch(hashes[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      uint32_t code = codes[first + i];
      ids[code] = values_.intern_lasting_hashed(source.dictionary[code], source.type, hashes[i]);
    }
  }
  return ids;
}

void DistinctAccumulator::unite_sources() {
  std::vector<std::vector<uint32_t>> ids;
  for (const Source& source : sources_) ids.push_back(intern_codes(source));
  if (only_one_group_) {
    if (!counts_.empty()) counts_[0] = values_.size() - 1;
    return;
  }
  CodeSets united(values_.size());
  united.expect_groups(counts_.size());
  for (size_t i = 0; i < sources_.size(); ++i)
    sources_[i].codes.for_each([&](uint32_t group, uint32_t code) { united.add(group, ids[i][code]); });
  plain_.for_each(
      [&](uint64_t pair) { united.add(static_cast<uint32_t>(pair >> 32), static_cast<uint32_t>(pair)); });
  united.count_into(counts_);
}

Value DistinctAccumulator::result(uint32_t group, CalculationKind, double) const {
  // A group whose column never had a value has no distinct values: zero, as COUNT has.
  return static_cast<int64_t>(group < counts_.size() ? counts_[group] : 0);
}

size_t DistinctAccumulator::bytes() const {
  size_t bytes = values_.bytes() + plain_.bytes() + counts_.capacity() * sizeof(uint64_t);
  for (const Source& source : sources_) bytes += source.codes.bytes();
  return bytes;
}

}  // namespace clew::query
