#include "store/columnar/dictionary_choice.h"

#include <unordered_set>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

// A dictionary that is hardly smaller than the column is not worth having, unless it is small anyway; nor is
// one that takes tens of megabytes when a question needs it.
constexpr size_t kSmallDictionary = 4'096;
constexpr size_t kMostEntries = size_t{1} << 20;
constexpr double kLargestShare = 0.85;

// Long values that were kept plain (URLs with ids, log lines) are taken for distinct without a look.
constexpr size_t kLongMeanBytes = 48;

// One value in so many is counted when the number of distinct ones is estimated, chosen by its hash: so the
// same values in every segment.
constexpr uint64_t kSampled = 64;

bool can_have_dictionary(ColumnType type) {
  return is_stringlike(type) && type != ColumnType::trace_id && type != ColumnType::span_id;
}

class Choice {
 public:
  explicit Choice(const ColumnInSegments& column) : column_(column), inputs_(column.segments.size()) {}

  Result<std::optional<ColumnDictionary>> choose() {
    bool any_plain = false;
    for (size_t s = 0; s < column_.segments.size(); ++s) {
      if (column_.numbers[s] == kNoColumn) continue;
      if (const auto dictionary = column_.segments[s]->dictionary(column_.numbers[s])) {
        inputs_[s] = *dictionary;
      } else {
        any_plain = true;
      }
    }
    if (any_plain) {
      CLEW_ASSIGN(const bool worth_it, plain_values_repeat());
      if (!worth_it) return std::optional<ColumnDictionary>();
      CLEW_TRY(collect_plain_values());
    }
    ColumnDictionary dictionary{.united = unite(inputs_), .of_plain = std::move(of_plain_)};
    const bool is_origin = column_.info.scope == Scope::intrinsic && column_.info.name == names::kOrigin;
    if (!is_origin && is_too_large(dictionary.united.values.size())) return std::optional<ColumnDictionary>();
    return std::optional(std::move(dictionary));
  }

 private:
  bool is_too_large(size_t distinct) const {
    if (distinct <= kSmallDictionary) return false;
    return distinct > kMostEntries ||
           static_cast<double>(distinct) > kLargestShare * static_cast<double>(present());
  }

  uint64_t present() const {
    uint64_t rows = 0;
    for (size_t i = 0; i < column_.sources.size(); ++i) {
      const uint32_t number = column_.numbers[column_.segment_of_source[i]];
      if (number == kNoColumn) continue;
      if (const auto zone = column_.sources[i].segment->zone_map(column_.sources[i].granule, number))
        rows += zone->present;
    }
    return rows;
  }

  // Calls visit(segment, value) for each value of the segments without a dictionary; visit says whether to go
  // on.
  template <typename Visit>
  Status for_each_plain_value(Visit visit) const {
    for (size_t i = 0; i < column_.sources.size(); ++i) {
      const RowSource& source = column_.sources[i];
      const uint32_t segment = column_.segment_of_source[i], number = column_.numbers[segment];
      if (number == kNoColumn || inputs_[segment].data() != nullptr) continue;
      if (!source.segment->zone_map(source.granule, number)) continue;
      CLEW_ASSIGN(const ColumnData data, source.segment->read(source.granule, number));
      for (uint32_t row = 0; row < data.rows; ++row) {
        if (data.has(row) && !visit(segment, data.string_at(row))) return {};
      }
    }
    return {};
  }

  Result<bool> plain_values_repeat() const {
    std::unordered_set<uint64_t> sample;
    auto take = [&](std::string_view value) {
      const uint64_t hash = XXH3_64bits(value.data(), value.size());
      if (hash % kSampled == 0) sample.insert(hash);
    };
    for (const auto& input : inputs_) {
      for (const std::string_view value : input) take(value);
    }
    size_t values = 0, bytes = 0;
    bool too_long = false;
    CLEW_TRY(for_each_plain_value([&](uint32_t, std::string_view value) {
      take(value);
      bytes += value.size();
      too_long = ++values == kSmallDictionary && bytes / values >= kLongMeanBytes;
      return !too_long;
    }));
    return !too_long && !is_too_large(sample.size() * kSampled);
  }

  Status collect_plain_values() {
    of_plain_.resize(inputs_.size());
    CLEW_TRY(for_each_plain_value([&](uint32_t segment, std::string_view value) {
      of_plain_[segment].code_of(value);
      return true;
    }));
    for (size_t s = 0; s < inputs_.size(); ++s) {
      if (of_plain_[s].size() != 0) inputs_[s] = of_plain_[s].values();
    }
    return {};
  }

  const ColumnInSegments& column_;
  std::vector<std::span<const std::string_view>> inputs_;  // by segment: its distinct values
  std::vector<StringDictionary> of_plain_;
};

}  // namespace

void ColumnDictionary::keep(std::span<const uint8_t> used) {
  std::vector<uint32_t> moved(used.size(), 0);
  std::vector<std::string_view> values;
  for (uint32_t code = 0; code < used.size(); ++code) {
    if (used[code] == 0) continue;
    moved[code] = static_cast<uint32_t>(values.size());
    values.push_back(united.values[code]);
  }
  united.values = std::move(values);
  for (std::vector<uint32_t>& codes : united.translate) {
    for (uint32_t& code : codes) code = moved[code];
  }
}

Result<std::optional<ColumnDictionary>> choose_dictionary(const ColumnInSegments& column) {
  if (!can_have_dictionary(column.info.type)) return std::optional<ColumnDictionary>();
  return Choice(column).choose();
}

}  // namespace clew::store
