// BlockBuilder: rows of one environment and signal on their way in, in columns from the start.
// Not thread safe: the shard that owns it holds a lock while a batch is decoded into it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/columnar/column_builder.h"
#include "store/columnar/intrinsics.h"
#include "store/segment.h"

namespace clew::store {

// More columns than this in one block are not kept: whoever sends so many has put values into names.
constexpr size_t kMaxBlockColumns = 20'000;

class BlockBuilder {
 public:
  BlockBuilder();

  uint32_t rows() const { return rows_; }
  uint32_t room() const { return kGranuleRows - rows_; }

  // Begins a row; its number.
  uint32_t add_row() { return rows_++; }
  // Takes back all rows from `rows` on.
  void truncate(uint32_t rows);

  ColumnBuilder& intrinsic(Intrinsic which) {
    ColumnBuilder*& column = intrinsics_[static_cast<size_t>(which)];
    if (column == nullptr) column = &make_intrinsic(which);
    return *column;
  }

  // A name of a scope, with a column for each type of value seen under it.
  struct Slot {
    Scope scope = Scope::attribute;
    std::string name;
    bool is_sample_rate = false;
    bool is_sampling_threshold = false;
    std::array<ColumnBuilder*, 7> columns{};  // by ColumnType 1…6
    Slot* followed_by = nullptr;              // the slot asked for after this one last time
  };
  // The slot of (scope, name); nullptr when there are too many columns. `previous` is the slot asked for just
  // before, if any: senders repeat their attributes in the same order, so that its successor is nearly always
  // the answer.
  Slot* slot(Scope scope, std::string_view name, Slot* previous);
  // The column of a slot for values of `type`; nullptr when there are too many columns.
  ColumnBuilder* column(Slot& slot, ColumnType type) {
    ColumnBuilder* found = slot.columns[static_cast<size_t>(type)];
    return found != nullptr ? found : make_column(slot, type);
  }

  // Which rows came with which record of the log.
  struct Source {
    uint32_t first_row;
    uint32_t end_row;
    uint64_t sequence;
    std::shared_ptr<const std::atomic<bool>> refused;  // set when the log could not keep the record
  };
  void add_source(Source source) { sources_.push_back(std::move(source)); }
  // The last record that rows came with; 0 without any.
  uint64_t last_sequence() const { return sources_.empty() ? 0 : sources_.back().sequence; }
  // Removes the rows of refused records.
  void remove_refused();

  size_t bytes() const;
  // No more rows come.
  void finish();
  // The columns that have values. The builder is of no further use.
  std::vector<std::unique_ptr<ColumnBuilder>> release_columns();

 private:
  ColumnBuilder& make_intrinsic(Intrinsic which);
  ColumnBuilder* make_column(Slot& slot, ColumnType type);
  Slot* find_slot(Scope scope, std::string_view name);
  void grow_index();

  uint32_t rows_ = 0;
  std::vector<std::unique_ptr<ColumnBuilder>> columns_;
  std::array<ColumnBuilder*, kIntrinsicCount> intrinsics_{};
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<uint32_t> slot_index_;  // open addressing over slots_, position + 1
  std::vector<Source> sources_;
};

}  // namespace clew::store
