#include "query/span_keys.h"

#include <cstring>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnType;

Status read_ids(GranuleReader& reader, const BoundColumn& column, std::vector<uint64_t>& to) {
  CLEW_ASSIGN(ResolvedColumn resolved, reader.resolve(column));
  to.resize(reader.rows());
  for (const Piece& piece : resolved) {
    const bool is_trace = piece.data->type == ColumnType::trace_id;
    if (!is_trace && piece.data->type != ColumnType::span_id) continue;
    Selection part = Selection::all(reader.rows());
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) {
      const std::string_view bytes = piece.data->string_at(row);
      uint64_t words[2] = {};
      if (bytes.size() != (is_trace ? sizeof(words) : sizeof(words[0]))) return;
      std::memcpy(words, bytes.data(), bytes.size());
      // Spans in the order of their bytes; a trace is never 0.
      to[row] = is_trace ? hash_of(words[0] ^ hash_of(words[1])) | 1 : __builtin_bswap64(words[0]);
    });
  }
  return {};
}

}  // namespace

SpanKeyColumns span_key_columns(const store::Segment& segment) {
  const auto bound = [&](std::string_view name) {
    return bind({std::string(name), store::Scope::intrinsic}, segment);
  };
  return {bound(names::kTraceId), bound(names::kSpanId), bound(names::kParentId)};
}

Result<SpanKeys> read_span_keys(GranuleReader& reader, const SpanKeyColumns& columns) {
  SpanKeys keys;
  CLEW_TRY(read_ids(reader, columns.trace, keys.traces));
  CLEW_TRY(read_ids(reader, columns.span, keys.spans));
  CLEW_TRY(read_ids(reader, columns.parent, keys.parents));
  return keys;
}

size_t KeyNumberTable::slot_of(uint64_t key) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash_of(key) & mask;
  while (slots_[slot].number != 0 && slots_[slot].key != key) slot = (slot + 1) & mask;
  return slot;
}

uint32_t KeyNumberTable::find_or_add(uint64_t key) {
  const size_t slot = slot_of(key);
  if (slots_[slot].number != 0) return slots_[slot].number - 1;
  keys_.push_back(key);
  slots_[slot] = {key, static_cast<uint32_t>(keys_.size())};
  const auto number = static_cast<uint32_t>(keys_.size() - 1);
  if (keys_.size() * 2 > slots_.size()) {
    slots_.assign(slots_.size() * 2, {});
    for (uint32_t i = 0; i < keys_.size(); ++i) slots_[slot_of(keys_[i])] = {keys_[i], i + 1};
  }
  return number;
}

}  // namespace clew::query
