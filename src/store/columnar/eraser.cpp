#include "store/columnar/eraser.h"

#include <algorithm>

namespace clew::store {

const Erasure* Eraser::use(std::shared_ptr<const ErasureRules::List> list) {
  if (!erasure_ || erasure_->list().version != list->version) {
    erasure_ = std::make_unique<const Erasure>(std::move(list));
    again_.clear();
  }
  return erasure_->list().rules.empty() ? nullptr : erasure_.get();
}

std::optional<uint64_t> Eraser::next(std::span<const PartEntry> parts, UnixNanos at) {
  if (again_.size() > 2 * parts.size() + 64) again_.clear();  // most of them are of parts that are no more
  for (const PartEntry& part : parts) {
    const auto looked = again_.find(part.number);
    if (looked == again_.end() || (looked->second && *looked->second <= at)) return part.number;
  }
  return std::nullopt;
}

Result<std::optional<RowsToErase>> Eraser::look_at(const PublishedPart& part, UnixNanos at) {
  const PartEntry& entry = part.entry;
  CLEW_ASSIGN(RowsToErase found,
              erasure_->rows_of(*part.part, {entry.environment, entry.signal}, entry.day, at));
  std::optional<UnixNanos>& again = again_[entry.number] = found.look_at;
  if (found.count == 0) return std::optional<RowsToErase>();
  const UnixNanos overdue = found.since + policy_.longest_wait;
  const bool worthwhile =
      static_cast<double>(found.count) >= policy_.worthwhile_share * static_cast<double>(entry.rows);
  if (worthwhile || overdue <= at) {
    again_.erase(entry.number);  // until it is gone, because the attempt may fail
    return std::optional(std::move(found));
  }
  again = std::min(again.value_or(overdue), overdue);
  return std::optional<RowsToErase>();
}

}  // namespace clew::store
