#include "query/span_relations.h"

#include <atomic>
#include <bit>
#include <cstring>

#include "query/hashing.h"
#include "query/trace_numbers.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

constexpr uint32_t kUnset = std::numeric_limits<uint32_t>::max();

uint64_t raw_id(std::string_view bytes) {
  uint64_t id = 0;
  if (bytes.size() == sizeof(id)) std::memcpy(&id, bytes.data(), sizeof(id));
  return id;
}

void read_ids(const ResolvedColumn& column, const Selection& selection, std::vector<uint64_t>& ids) {
  for (const Piece& piece : column) {
    if (piece.data->type != ColumnType::span_id) continue;
    Selection part = selection;
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) { ids[row] = raw_id(piece.data->string_at(row)); });
  }
}

void read_traces(const ResolvedColumn& column, const Selection& selection, SpanBatch& batch) {
  for (const Piece& piece : column) {
    const ColumnData& data = *piece.data;
    if (data.type != ColumnType::trace_id) continue;
    Selection part = selection;
    part.intersect(piece.mask());
    std::vector<uint32_t> number_of_code(data.is_dictionary() ? data.dictionary.size() : 0, kUnset);
    std::string_view before;
    for_each_row(part, [&](uint32_t row) {
      std::string_view bytes = data.string_at(row);
      uint32_t* known = data.is_dictionary() ? &number_of_code[data.codes[row]] : nullptr;
      if (known != nullptr && *known != kUnset) {
        batch.traces[row] = *known;
        return;
      }
      // Spans of a trace often come one after the other.
      if (before.empty() || bytes != before) {
        batch.trace_ids.push_back(TraceId::from_bytes(bytes).value_or(TraceId{}));
        before = bytes;
      }
      batch.traces[row] = static_cast<uint32_t>(batch.trace_ids.size() - 1);
      if (known != nullptr) *known = batch.traces[row];
    });
  }
}

// Rows by trace and span id.
class SpanIndex {
 public:
  explicit SpanIndex(size_t spans) : rows_(std::bit_ceil(spans * 2 + 1), kUnset) {}

  // Of rows with the same ids the first one added is found.
  template <typename Same>
  void add(uint64_t hash, uint32_t row, Same&& same) {
    size_t slot = slot_of(hash, same);
    if (rows_[slot] == kUnset) rows_[slot] = row;
  }
  template <typename Same>
  uint32_t find(uint64_t hash, Same&& same) const {
    return rows_[slot_of(hash, same)];
  }

 private:
  template <typename Same>
  size_t slot_of(uint64_t hash, Same&& same) const {
    size_t mask = rows_.size() - 1, slot = hash & mask;
    while (rows_[slot] != kUnset && !same(rows_[slot])) slot = (slot + 1) & mask;
    return slot;
  }
  std::vector<uint32_t> rows_;
};

class Relating {
 public:
  Relating(std::span<const SpanBatch> batches, SpanRelations& to) : batches_(batches), to_(to) {}

  Status run(ThreadPool* pool) {
    CLEW_TRY(count_rows());
    number_traces();
    to_.parents.assign(to_.traces.size(), SpanRelations::kRoot);
    std::atomic<size_t> next = 0;
    auto work = [&](size_t) {
      for (size_t i = next++; i < batches_.size(); i = next++) find_in_own_batch(i);
    };
    if (pool == nullptr) {
      work(0);
    } else {
      pool->run_on_all(pool->width(), work);
    }
    find_in_other_batches();
    return {};
  }

 private:
  Status count_rows() {
    uint64_t rows = 0;
    for (const SpanBatch& batch : batches_) {
      to_.first_rows.push_back(static_cast<uint32_t>(rows));
      rows += batch.rows();
    }
    if (rows >= SpanRelations::kParentMissing)
      return {ErrorKind::too_large, "too many spans to relate at once: ask about a shorter time, " +
                                        std::to_string(rows) + " spans"};
    to_.first_rows.push_back(static_cast<uint32_t>(rows));
    to_.traces.resize(rows);
    return {};
  }

  void number_traces() {
    TraceNumbers traces_known;
    for (size_t i = 0; i < batches_.size(); ++i) {
      const SpanBatch& batch = batches_[i];
      std::vector<uint32_t> numbers;
      numbers.reserve(batch.trace_ids.size());
      for (const TraceId& id : batch.trace_ids) numbers.push_back(traces_known.number_of(id));
      uint32_t* traces = to_.traces.data() + to_.first_rows[i];
      for (size_t row = 0; row < batch.rows(); ++row)
        traces[row] = batch.ids[row] == 0 ? 0 : numbers[batch.traces[row]];
    }
    to_.trace_ids = traces_known.ids();
  }

  // Rows of a trace mostly stand together, so nearly all parents are found here, in a small table.
  void find_in_own_batch(size_t number) {
    const SpanBatch& batch = batches_[number];
    const uint32_t first = to_.first_rows[number];
    const uint32_t* traces = to_.traces.data() + first;
    uint32_t* parents = to_.parents.data() + first;
    auto hash = [&](uint32_t trace, uint64_t id) { return hash_of(id + trace); };
    SpanIndex index(batch.rows());
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      if (batch.ids[row] == 0) continue;
      index.add(hash(traces[row], batch.ids[row]), row, [&](uint32_t other) {
        return batch.ids[other] == batch.ids[row] && traces[other] == traces[row];
      });
    }
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const uint64_t id = batch.parent_ids[row];
      if (batch.ids[row] == 0 || id == 0) continue;
      uint32_t parent = index.find(hash(traces[row], id), [&](uint32_t other) {
        return batch.ids[other] == id && traces[other] == traces[row];
      });
      parents[row] = parent == kUnset || parent == row ? SpanRelations::kParentMissing : first + parent;
    }
  }

  // What is left are traces that stand in several granules: only their spans are looked at again.
  void find_in_other_batches() {
    std::vector<uint8_t> is_scattered(to_.trace_ids.size());
    size_t spans = 0;
    for (size_t row = 0; row < to_.parents.size(); ++row) {
      if (to_.parents[row] == SpanRelations::kParentMissing) is_scattered[to_.traces[row]] = 1;
    }
    for_each_span([&](const SpanBatch&, uint32_t, uint32_t row) { spans += is_scattered[to_.traces[row]]; });
    if (spans == 0) return;
    SpanIndex index(spans);
    std::vector<uint64_t> ids(to_.traces.size());
    auto same = [&](uint32_t trace, uint64_t id) {
      return
          [this, &ids, trace, id](uint32_t other) { return ids[other] == id && to_.traces[other] == trace; };
    };
    for_each_span([&](const SpanBatch& batch, uint32_t at, uint32_t row) {
      const uint32_t trace = to_.traces[row];
      if (is_scattered[trace] == 0) return;
      ids[row] = batch.ids[at];
      index.add(hash_of(ids[row] + trace), row, same(trace, ids[row]));
    });
    for_each_span([&](const SpanBatch& batch, uint32_t at, uint32_t row) {
      if (to_.parents[row] != SpanRelations::kParentMissing) return;
      const uint64_t id = batch.parent_ids[at];
      const uint32_t trace = to_.traces[row];
      uint32_t parent = index.find(hash_of(id + trace), same(trace, id));
      if (parent != kUnset && parent != row) to_.parents[row] = parent;
    });
  }

  template <typename Visit>
  void for_each_span(Visit&& visit) const {
    for (size_t i = 0; i < batches_.size(); ++i) {
      for (uint32_t at = 0; at < batches_[i].rows(); ++at) {
        if (batches_[i].ids[at] != 0) visit(batches_[i], at, to_.first_rows[i] + at);
      }
    }
  }

  std::span<const SpanBatch> batches_;
  SpanRelations& to_;
};

}  // namespace

SpanBatch read_spans(const ResolvedColumn& trace_ids, const ResolvedColumn& span_ids,
                     const ResolvedColumn& parent_ids, const Selection& selection) {
  SpanBatch batch;
  batch.traces.resize(selection.rows(), kUnset);
  batch.ids.resize(selection.rows());
  batch.parent_ids.resize(selection.rows());
  read_ids(span_ids, selection, batch.ids);
  read_ids(parent_ids, selection, batch.parent_ids);
  read_traces(trace_ids, selection, batch);
  // A span without a trace is no one's parent.
  for (size_t row = 0; row < batch.rows(); ++row) {
    if (batch.traces[row] != kUnset) continue;
    batch.traces[row] = 0;
    batch.ids[row] = 0;
  }
  return batch;
}

Result<SpanRelations> relate(std::span<const SpanBatch> batches, ThreadPool* pool) {
  SpanRelations relations;
  CLEW_TRY(Relating(batches, relations).run(pool));
  return relations;
}

}  // namespace clew::query
