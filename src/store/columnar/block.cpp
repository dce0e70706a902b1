#include "store/columnar/block.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace clew::store {
namespace {

template <typename Value>
void scatter(const ColumnBuilder& column, const std::vector<Value>& values, uint32_t rows,
             std::vector<Value>& to) {
  if (column.is_dense(rows)) {
    to = values;
    return;
  }
  to.resize(rows);
  for (uint32_t n = 0; n < column.size(); ++n) to[column.row_of(n)] = values[n];
}

}  // namespace

uint64_t next_segment_id() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1);
}

std::shared_ptr<const Block> Block::freeze(BlockBuilder builder) {
  std::shared_ptr<Block> block(new Block());
  block->id_ = next_segment_id();
  block->granule_.rows = builder.rows();
  builder.finish();
  block->bytes_ = builder.bytes();
  block->built_ = builder.release_columns();
  if (const ColumnBuilder* time = block->find(Intrinsic::time)) {
    const auto [first, last] = std::minmax_element(time->integers().begin(), time->integers().end());
    block->granule_.first = {*first};
    block->granule_.last = {*last};
  }
  if (const ColumnBuilder* origin = block->find(Intrinsic::origin))
    block->origins_ = OriginColumns(origin->dictionary().values());
  for (const auto& column : block->built_) block->infos_.push_back(column->info());
  for (size_t i = 0; i < block->origins_.size(); ++i) block->infos_.push_back(block->origins_.info(i));
  return block;
}

const ColumnBuilder* Block::find(Intrinsic which) const {
  const IntrinsicColumn& wanted = kIntrinsics[static_cast<size_t>(which)];
  for (const auto& column : built_) {
    const ColumnInfo& info = column->info();
    if (info.scope == Scope::intrinsic && info.type == wanted.type && info.name == wanted.name)
      return column.get();
  }
  return nullptr;
}

std::optional<ZoneMap> Block::zone_map(uint32_t, uint32_t column) const {
  ZoneMap zone;
  if (column >= built_.size()) {
    zone.present = rows();
    return zone;
  }
  const ColumnBuilder& built = *built_[column];
  zone.present = built.size();
  if (!built.integers().empty()) {
    const auto [low, high] = std::minmax_element(built.integers().begin(), built.integers().end());
    zone.integer_min = *low;
    zone.integer_max = *high;
  }
  if (!built.floats().empty() &&
      std::none_of(built.floats().begin(), built.floats().end(), [](double v) { return std::isnan(v); })) {
    const auto [low, high] = std::minmax_element(built.floats().begin(), built.floats().end());
    zone.float_min = *low;
    zone.float_max = *high;
  }
  return zone;
}

Result<ColumnData> Block::read(uint32_t, uint32_t column) const {
  if (column >= built_.size()) {
    const ColumnBuilder& origin = *find(Intrinsic::origin);  // there are derived columns only if it is there
    return origins_.expand(column - built_.size(), origin.codes(), shared_from_this());
  }
  const ColumnBuilder& built = *built_[column];
  ColumnData data;
  data.type = built.info().type;
  data.rows = rows();
  data.owner = shared_from_this();
  if (!built.is_dense(rows())) {
    data.present.resize((rows() + 63) / 64);
    for (uint32_t n = 0; n < built.size(); ++n) {
      const uint32_t row = built.row_of(n);
      data.present[row >> 6] |= uint64_t{1} << (row & 63);
    }
  }
  switch (built.info().type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      scatter(built, built.integers(), rows(), data.integers);
      break;
    case ColumnType::float64:
      scatter(built, built.floats(), rows(), data.floats);
      break;
    case ColumnType::boolean:
      scatter(built, built.booleans(), rows(), data.booleans);
      break;
    case ColumnType::span_id:
      data.strings.resize(rows());
      for (uint32_t n = 0; n < built.size(); ++n)
        data.strings[built.row_of(n)] = {reinterpret_cast<const char*>(&built.ids()[n]), sizeof(uint64_t)};
      break;
    default:
      if (built.is_dictionary()) {
        scatter(built, built.codes(), rows(), data.codes);
        data.dictionary = built.dictionary().values();
      } else {
        data.strings.resize(rows());
        for (uint32_t n = 0; n < built.size(); ++n) data.strings[built.row_of(n)] = built.string_at(n);
      }
  }
  return data;
}

uint64_t Block::plain_text_bytes(uint32_t) const {
  uint64_t bytes = 0;
  for (const auto& built : built_) bytes += built->plain_text_bytes();
  return bytes;
}

std::optional<std::span<const std::string_view>> Block::dictionary(uint32_t column) const {
  if (column >= built_.size()) {
    if (!is_stringlike(infos_[column].type)) return std::nullopt;
    return origins_.dictionary(column - built_.size());
  }
  const ColumnBuilder& built = *built_[column];
  if (!is_stringlike(built.info().type) || built.info().type == ColumnType::span_id || !built.is_dictionary())
    return std::nullopt;
  return std::span(built.dictionary().values());
}

std::vector<uint32_t> Block::granules_of_trace(const TraceId& trace) const {
  const ColumnBuilder* ids = find(Intrinsic::trace_id);
  if (ids == nullptr || !ids->dictionary().find(trace.view())) return {};
  return {0};
}

}  // namespace clew::store
