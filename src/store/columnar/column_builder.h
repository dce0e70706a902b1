// ColumnBuilder: one column of a block while rows are being added to it.
//
// A value belongs to the row it was appended for; rows without a value take no space. A column that so far
// has a value in every row keeps no row numbers at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/columnar/string_dictionary.h"
#include "store/segment.h"

namespace clew::store {

class ColumnBuilder {
 public:
  explicit ColumnBuilder(ColumnInfo info) : info_(std::move(info)) {}

  const ColumnInfo& info() const { return info_; }

  // Appends for `row`, which is not smaller than any before. A row that has a value already keeps its first.
  void append_integer(uint32_t row, int64_t value) {
    if (claim(row)) integers_.push_back(value);
  }
  void append_float(uint32_t row, double value) {
    if (claim(row)) floats_.push_back(value);
  }
  void append_boolean(uint32_t row, bool value) {
    if (claim(row)) booleans_.push_back(value ? 1 : 0);
  }
  void append_span_id(uint32_t row, uint64_t raw) {
    if (claim(row)) ids_.push_back(raw);
  }
  void append_string(uint32_t row, std::string_view value) {
    if (claim(row)) append_string_value(value);
  }
  // For a value that many rows share: look it up once, append its code often. Such a column never becomes
  // plain.
  uint32_t code_of(std::string_view value) { return dictionary_.code_of(value); }
  void append_code(uint32_t row, uint32_t code) {
    if (claim(row)) codes_.push_back(code);
  }

  // No more values come. A column that was kept plain only while it grew gets its dictionary.
  void finish();

  // Forgets values of rows from `row` on.
  void truncate(uint32_t row);
  // Forgets values of rows whose entry in `new_row` is kGone; renumbers the others.
  static constexpr uint32_t kGone = UINT32_MAX;
  void renumber(const std::vector<uint32_t>& new_row);

  // How many rows have a value.
  uint32_t size() const { return count_; }
  bool is_dense(uint32_t rows) const { return rows_.empty() && count_ == rows; }
  // The row of the n-th value.
  uint32_t row_of(uint32_t n) const { return rows_.empty() ? n : rows_[n]; }

  // The n-th value, by type.
  const std::vector<int64_t>& integers() const { return integers_; }
  const std::vector<double>& floats() const { return floats_; }
  const std::vector<uint8_t>& booleans() const { return booleans_; }
  const std::vector<uint64_t>& ids() const { return ids_; }
  // Stringlike except span_id: either codes into dictionary(), or plain values.
  bool is_dictionary() const { return !plain_; }
  const std::vector<uint32_t>& codes() const { return codes_; }
  const StringDictionary& dictionary() const { return dictionary_; }
  std::string_view string_at(uint32_t n) const {
    if (!plain_) return dictionary_[codes_[n]];
    const uint64_t begin = n == 0 ? 0 : plain_ends_[n - 1];
    return {plain_bytes_.data() + begin, plain_ends_[n] - begin};
  }

  size_t plain_text_bytes() const { return plain_bytes_.size(); }

  size_t bytes() const;

 private:
  // False when the row has a value already.
  bool claim(uint32_t row) {
    if (rows_.empty()) {
      if (row == count_) {
        note_one_more(row);
        return true;
      }
      if (row + 1 == count_) return false;
      become_sparse();
    } else if (rows_.back() == row) {
      return false;
    }
    rows_.push_back(static_cast<uint16_t>(row));
    note_one_more(row);
    return true;
  }
  void note_one_more(uint32_t row) {
    if (++count_ == kValuesThatTell) make_room(row);
  }
  // A column that has so many values takes the room for all that will come in one step.
  static constexpr uint32_t kValuesThatTell = 4096;
  void make_room(uint32_t row);
  void become_sparse();
  void append_string_value(std::string_view value);
  void become_plain();
  // Counts text that is not UTF-8, once for each value of a dictionary. It is stored as it came.
  void note_new_value(std::string_view value) const;

  ColumnInfo info_;
  uint32_t count_ = 0;
  std::vector<uint16_t> rows_;  // empty: values belong to rows 0 … count_-1

  std::vector<int64_t> integers_;
  std::vector<double> floats_;
  std::vector<uint8_t> booleans_;
  std::vector<uint64_t> ids_;
  std::vector<uint32_t> codes_;
  StringDictionary dictionary_;
  uint32_t last_code_ = 0;
  bool plain_ = false;
  std::string plain_bytes_;
  std::vector<uint64_t> plain_ends_;
};

}  // namespace clew::store
