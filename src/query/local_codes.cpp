#include "query/local_codes.h"

#include <algorithm>

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

bool is_integer(ColumnType type) {
  return type == ColumnType::int64 || type == ColumnType::time || type == ColumnType::duration;
}

struct Spread {
  int64_t low = INT64_MAX, high = INT64_MIN;
  bool any() const { return low <= high; }
  uint64_t width() const { return static_cast<uint64_t>(high) - static_cast<uint64_t>(low); }
};

Spread spread_of(const std::vector<int64_t>& values, const Selection& selection) {
  Spread spread;
  for_each_row(selection, [&](uint32_t row) {
    spread.low = std::min(spread.low, values[row]);
    spread.high = std::max(spread.high, values[row]);
  });
  return spread;
}

}  // namespace

void LocalCodes::use_storage(uint32_t rows, uint32_t cardinality) {
  if (storage_.size() < rows) storage_.resize(rows);
  codes_ = storage_.data();
  cardinality_ = cardinality;
  dictionary_ = nullptr;
  same_as_before_ = false;
  ids_.assign(cardinality, kUnknown);
}

Status LocalCodes::load(GranuleReader& reader, const BoundColumn& column, const Selection& selection) {
  bucket_width_.reset();
  CLEW_ASSIGN(ResolvedColumn pieces, reader.resolve(column));
  if (pieces.empty()) {
    use_storage(reader.rows(), 1);
    std::fill_n(storage_.begin(), reader.rows(), 0);
    ids_[0] = ValueInterner::kNull;
    return {};
  }
  data_ = pieces[0].data;
  if (pieces.size() == 1 && data_->is_dictionary()) {
    load_dictionary(reader.segment(), pieces[0]);
  } else if (pieces.size() != 1 || !is_integer(data_->type) || !load_integers(pieces[0], selection)) {
    load_interned(pieces, selection);
  }
  return {};
}

void LocalCodes::load_dictionary(const store::Segment& segment, const Piece& piece) {
  const ColumnData& data = *piece.data;
  std::span<const std::string_view> dictionary = data.dictionary;
  auto kept = segment.dictionary(piece.candidate->column);
  bool outlives_granule = kept && kept->data() == dictionary.data();
  auto null_code = static_cast<uint32_t>(dictionary.size());
  if (outlives_granule && dictionary_ == dictionary.data() && cardinality_ == null_code + 1) {
    same_as_before_ = true;
  } else {
    use_storage(0, null_code + 1);
    ids_[null_code] = ValueInterner::kNull;
    dictionary_ = outlives_granule ? dictionary.data() : nullptr;
  }
  codes_ = data.codes.data();
  if (data.present.empty()) return;
  if (storage_.size() < data.rows) storage_.resize(data.rows);
  for (uint32_t row = 0; row < data.rows; ++row) storage_[row] = data.has(row) ? data.codes[row] : null_code;
  codes_ = storage_.data();
}

bool LocalCodes::load_integers(const Piece& piece, const Selection& selection) {
  const ColumnData& data = *piece.data;
  Selection with_value = selection;
  with_value.intersect(piece.mask());
  Spread spread = spread_of(data.integers, with_value);
  if (!spread.any() || spread.width() >= kWidestRange) return false;
  auto null_code = static_cast<uint32_t>(spread.width() + 1);
  use_storage(data.rows, null_code + 1);
  ids_[null_code] = ValueInterner::kNull;
  for_each_row(selection, [&](uint32_t row) {
    auto distance =
        static_cast<uint32_t>(static_cast<uint64_t>(data.integers[row]) - static_cast<uint64_t>(spread.low));
    storage_[row] = data.has(row) ? distance : null_code;
  });
  return true;
}

// Codes are interned ids themselves.
void LocalCodes::load_interned(const ResolvedColumn& pieces, const Selection& selection) {
  uint32_t rows = selection.rows();
  if (storage_.size() < rows) storage_.resize(rows);
  std::fill_n(storage_.begin(), rows, ValueInterner::kNull);
  for (const Piece& piece : pieces) {
    Selection part = selection;
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) { storage_[row] = values_.intern(*piece.data, row); });
  }
  use_storage(rows, static_cast<uint32_t>(values_.size()));
  for (uint32_t id = 0; id < cardinality_; ++id) ids_[id] = id;
}

void LocalCodes::load_buckets(const ColumnData* times, Nanoseconds width, const Selection& selection) {
  bucket_width_ = width;
  data_ = times;
  Spread spread;
  if (times != nullptr) spread = spread_of(times->integers, selection);
  if (times == nullptr || !spread.any()) {
    use_storage(selection.rows(), 1);
    std::fill_n(storage_.begin(), selection.rows(), 0);
    return;
  }
  BucketCounter counter({spread.low}, width);
  uint64_t buckets = counter.number_of(spread.high) + 1;
  if (buckets == 1) {
    use_storage(selection.rows(), 1);
    std::fill_n(storage_.begin(), selection.rows(), 0);
  } else if (buckets <= kWidestRange) {
    use_storage(selection.rows(), static_cast<uint32_t>(buckets));
    const int64_t* at = times->integers.data();
    for_each_row(selection,
                 [&](uint32_t row) { storage_[row] = static_cast<uint32_t>(counter.number_of(at[row])); });
  } else {
    if (storage_.size() < selection.rows()) storage_.resize(selection.rows());
    for_each_row(selection, [&](uint32_t row) { storage_[row] = intern(row); });
    use_storage(selection.rows(), static_cast<uint32_t>(values_.size()));
    for (uint32_t id = 0; id < cardinality_; ++id) ids_[id] = id;
  }
}

uint32_t LocalCodes::intern(uint32_t row) {
  if (bucket_width_) {
    UnixNanos at{data_ == nullptr ? 0 : data_->integers[row]};
    return values_.intern_time(bucket_start(at, *bucket_width_).count);
  }
  if (dictionary_ != nullptr) return values_.intern_lasting_text(data_->string_at(row), data_->type);
  return values_.intern(*data_, row);
}

}  // namespace clew::query
