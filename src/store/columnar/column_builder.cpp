#include "store/columnar/column_builder.h"

#include <algorithm>

#include "base/counters.h"
#include "base/same_bytes.h"
#include "telemetry/utf8.h"

namespace clew::store {
namespace {

// A column of strings that hardly ever repeat is kept plain while it grows: its dictionary would be too large
// for the cache, and each value would wait for memory. Long ones (URLs with ids, log lines) stay plain, which
// wins space too. Short ones (ids of users, addresses) often repeat across blocks: they get their dictionary
// when the column is finished, all values one after the other.
constexpr uint32_t kPlainDecision = 2048;  // values after which to look
constexpr uint32_t kPlainMeanBytes = 32;

}  // namespace

void ColumnBuilder::become_sparse() {
  rows_.reserve(std::max<size_t>(16, count_ * 2));
  rows_.resize(count_);
  for (uint32_t i = 0; i < count_; ++i) rows_[i] = static_cast<uint16_t>(i);
}

// What is taken in vain is address space.
void ColumnBuilder::make_room(uint32_t row) {
  const uint64_t expected = uint64_t{count_} * kGranuleRows / (row + 1) * 9 / 8;
  const size_t values = std::min<uint64_t>(expected, kGranuleRows);
  const auto reserve = [values](auto& list) {
    if (!list.empty()) list.reserve(values);
  };
  reserve(rows_), reserve(integers_), reserve(floats_), reserve(booleans_), reserve(ids_);
  reserve(codes_), reserve(plain_ends_);
  if (plain_) plain_bytes_.reserve(plain_bytes_.size() / plain_ends_.size() * values);
}

void ColumnBuilder::note_new_value(std::string_view value) const {
  if (info_.type == ColumnType::string && !is_utf8(value)) count(Counter::invalid_utf8);
}

void ColumnBuilder::append_string_value(std::string_view value) {
  if (plain_) {
    note_new_value(value);
    plain_bytes_ += value;
    plain_ends_.push_back(plain_bytes_.size());
    return;
  }
  // Most columns repeat their last value often; comparing is cheaper than looking up.
  if (dictionary_.size() == 0 || !same_bytes(dictionary_[last_code_], value)) {
    const uint32_t known = dictionary_.size();
    last_code_ = dictionary_.code_of(value);
    if (last_code_ == known) note_new_value(value);
  }
  codes_.push_back(last_code_);
  if (codes_.size() == kPlainDecision && dictionary_.size() > kPlainDecision - kPlainDecision / 16 &&
      info_.type != ColumnType::trace_id)
    become_plain();
}

void ColumnBuilder::become_plain() {
  plain_ends_.reserve(codes_.size() * 4);
  for (const uint32_t code : codes_) {
    plain_bytes_ += dictionary_[code];
    plain_ends_.push_back(plain_bytes_.size());
  }
  plain_ = true;
  codes_ = {};
  dictionary_ = {};
}

void ColumnBuilder::finish() {
  if (!plain_ || plain_bytes_.size() >= uint64_t{kPlainMeanBytes} * plain_ends_.size()) return;
  std::vector<std::string_view> values(plain_ends_.size());
  for (uint32_t n = 0; n < values.size(); ++n) values[n] = string_at(n);
  dictionary_.codes_of(values, codes_);
  plain_ = false;
  plain_bytes_ = {};
  plain_ends_ = {};
}

void ColumnBuilder::truncate(uint32_t row) {
  uint32_t kept = count_;
  while (kept > 0 && row_of(kept - 1) >= row) --kept;
  if (kept == count_) return;
  count_ = kept;
  if (!rows_.empty()) {
    rows_.resize(kept);
    // An emptied list would read as "dense"; that is right for zero values.
  }
  auto cut = [kept](auto& values) {
    if (values.size() > kept) values.resize(kept);
  };
  cut(integers_), cut(floats_), cut(booleans_), cut(ids_), cut(codes_), cut(plain_ends_);
  if (plain_) plain_bytes_.resize(kept == 0 ? 0 : plain_ends_.back());
}

void ColumnBuilder::renumber(const std::vector<uint32_t>& new_row) {
  ColumnBuilder next(info_);
  for (uint32_t n = 0; n < count_; ++n) {
    const uint32_t row = new_row[row_of(n)];
    if (row == kGone) continue;
    switch (info_.type) {
      case ColumnType::int64:
      case ColumnType::time:
      case ColumnType::duration:
        next.append_integer(row, integers_[n]);
        break;
      case ColumnType::float64:
        next.append_float(row, floats_[n]);
        break;
      case ColumnType::boolean:
        next.append_boolean(row, booleans_[n] != 0);
        break;
      case ColumnType::span_id:
        next.append_span_id(row, ids_[n]);
        break;
      case ColumnType::string:
      case ColumnType::bytes:
      case ColumnType::json:
      case ColumnType::trace_id:
        next.append_string(row, string_at(n));
        break;
    }
  }
  *this = std::move(next);
}

size_t ColumnBuilder::bytes() const {
  return sizeof(*this) + info_.name.size() + rows_.capacity() * 2 + integers_.capacity() * 8 +
         floats_.capacity() * 8 + booleans_.capacity() + ids_.capacity() * 8 + codes_.capacity() * 4 +
         dictionary_.bytes() + plain_bytes_.capacity() + plain_ends_.capacity() * 8;
}

}  // namespace clew::store
