#include "store/columnar/block_builder.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/same_bytes.h"
#include "telemetry/sampling_threshold.h"

namespace clew::store {
namespace {

uint64_t hash_of(Scope scope, std::string_view name) {
  return XXH3_64bits_withSeed(name.data(), name.size(), static_cast<uint64_t>(scope));
}

}  // namespace

BlockBuilder::BlockBuilder() : slot_index_(64) {}

ColumnBuilder& BlockBuilder::make_intrinsic(Intrinsic which) {
  const IntrinsicColumn& column = kIntrinsics[static_cast<size_t>(which)];
  columns_.push_back(
      std::make_unique<ColumnBuilder>(ColumnInfo{Scope::intrinsic, column.type, std::string(column.name)}));
  return *columns_.back();
}

BlockBuilder::Slot* BlockBuilder::slot(Scope scope, std::string_view name, Slot* previous) {
  if (previous != nullptr) {
    Slot* guess = previous->followed_by;
    if (guess != nullptr && guess->scope == scope && same_bytes(guess->name, name)) return guess;
  }
  Slot* found = find_slot(scope, name);
  if (previous != nullptr) previous->followed_by = found;
  return found;
}

BlockBuilder::Slot* BlockBuilder::find_slot(Scope scope, std::string_view name) {
  const uint64_t hash = hash_of(scope, name);
  size_t mask = slot_index_.size() - 1;
  size_t at = hash & mask;
  for (; slot_index_[at] != 0; at = (at + 1) & mask) {
    Slot& slot = *slots_[slot_index_[at] - 1];
    if (slot.scope == scope && slot.name == name) return &slot;
  }
  if (columns_.size() >= kMaxBlockColumns || slots_.size() >= kMaxBlockColumns) return nullptr;
  auto slot = std::make_unique<Slot>();
  slot->scope = scope;
  slot->name = name;
  slot->is_sample_rate = scope == Scope::attribute && (name == "sampleRate" || name == "SampleRate");
  slot->is_sampling_threshold = scope == Scope::attribute && name == kThresholdAttribute;
  slots_.push_back(std::move(slot));
  slot_index_[at] = static_cast<uint32_t>(slots_.size());
  Slot* made = slots_.back().get();
  if (slots_.size() * 2 > slot_index_.size()) grow_index();
  return made;
}

void BlockBuilder::grow_index() {
  slot_index_.assign(slot_index_.size() * 2, 0);
  const size_t mask = slot_index_.size() - 1;
  for (size_t i = 0; i < slots_.size(); ++i) {
    size_t at = hash_of(slots_[i]->scope, slots_[i]->name) & mask;
    while (slot_index_[at] != 0) at = (at + 1) & mask;
    slot_index_[at] = static_cast<uint32_t>(i + 1);
  }
}

ColumnBuilder* BlockBuilder::make_column(Slot& slot, ColumnType type) {
  if (columns_.size() >= kMaxBlockColumns) return nullptr;
  columns_.push_back(std::make_unique<ColumnBuilder>(ColumnInfo{slot.scope, type, slot.name}));
  return slot.columns[static_cast<size_t>(type)] = columns_.back().get();
}

void BlockBuilder::truncate(uint32_t rows) {
  for (auto& column : columns_) column->truncate(rows);
  rows_ = rows;
}

void BlockBuilder::remove_refused() {
  std::vector<uint32_t> new_row(rows_);
  bool any = false;
  for (const Source& source : sources_) {
    if (!source.refused || !*source.refused) continue;
    any = true;
    std::fill(new_row.begin() + source.first_row, new_row.begin() + source.end_row, ColumnBuilder::kGone);
  }
  if (!any) return;
  uint32_t kept = 0;
  for (uint32_t& row : new_row) {
    if (row != ColumnBuilder::kGone) row = kept++;
  }
  for (auto& column : columns_) column->renumber(new_row);
  rows_ = kept;
  sources_.clear();
}

size_t BlockBuilder::bytes() const {
  size_t total = sizeof(*this) + slot_index_.capacity() * 4 + sources_.capacity() * sizeof(Source);
  for (const auto& column : columns_) total += column->bytes();
  for (const auto& slot : slots_) total += sizeof(*slot) + slot->name.size();
  return total;
}

void BlockBuilder::finish() {
  for (const auto& column : columns_) column->finish();
}

std::vector<std::unique_ptr<ColumnBuilder>> BlockBuilder::release_columns() {
  std::erase_if(columns_, [](const auto& column) { return column->size() == 0; });
  return std::move(columns_);
}

}  // namespace clew::store
