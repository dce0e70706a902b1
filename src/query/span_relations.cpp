#include "query/span_relations.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <tuple>

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

  // Of rows with the same ids the first one added is found, here too: kUnset when this is the first.
  template <typename Same>
  uint32_t add(uint64_t hash, uint32_t row, Same&& same) {
    uint32_t& slot = rows_[slot_of(hash, same)];
    if (slot != kUnset) return slot;
    slot = row;
    return kUnset;
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
    twins_of_batch_.resize(batches_.size());
    std::atomic<size_t> next = 0;
    auto work = [&](size_t) {
      for (size_t i = next++; i < batches_.size(); i = next++) find_in_own_batch(i);
    };
    if (pool == nullptr) {
      work(0);
    } else {
      pool->run_on_all(pool->width(), work);
    }
    for (const auto& twins : twins_of_batch_) to_.twins.insert(to_.twins.end(), twins.begin(), twins.end());
    find_in_other_batches();
    std::sort(to_.twins.begin(), to_.twins.end(), [](const auto& a, const auto& b) {
      return std::tie(a.one, a.other) < std::tie(b.one, b.other);
    });
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
    std::vector<size_t> batch_of_trace;
    for (size_t i = 0; i < batches_.size(); ++i) {
      const SpanBatch& batch = batches_[i];
      std::vector<uint32_t> numbers;
      numbers.reserve(batch.trace_ids.size());
      for (const TraceId& id : batch.trace_ids) {
        const uint32_t number = numbers.emplace_back(traces_known.number_of(id));
        if (number == batch_of_trace.size()) {
          batch_of_trace.push_back(i);
          is_scattered_.push_back(0);
        } else if (batch_of_trace[number] != i) {
          is_scattered_[number] = 1;
        }
      }
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
      const uint32_t twin = index.add(hash(traces[row], batch.ids[row]), row, [&](uint32_t other) {
        return batch.ids[other] == batch.ids[row] && traces[other] == traces[row];
      });
      if (twin != kUnset && is_scattered_[traces[row]] == 0)
        twins_of_batch_[number].push_back({first + twin, first + row});
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
    size_t spans = 0;
    for_each_span([&](const SpanBatch&, uint32_t, uint32_t row) { spans += is_scattered_[to_.traces[row]]; });
    if (spans == 0) return;
    SpanIndex index(spans);
    std::vector<uint64_t> ids(to_.traces.size());
    auto same = [&](uint32_t trace, uint64_t id) {
      return
          [this, &ids, trace, id](uint32_t other) { return ids[other] == id && to_.traces[other] == trace; };
    };
    for_each_span([&](const SpanBatch& batch, uint32_t at, uint32_t row) {
      const uint32_t trace = to_.traces[row];
      if (is_scattered_[trace] == 0) return;
      ids[row] = batch.ids[at];
      const uint32_t twin = index.add(hash_of(ids[row] + trace), row, same(trace, ids[row]));
      if (twin != kUnset) to_.twins.push_back({twin, row});
    });
    for_each_span([&](const SpanBatch& batch, uint32_t at, uint32_t row) {
      if (to_.parents[row] != SpanRelations::kParentMissing || is_scattered_[to_.traces[row]] == 0) return;
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
  std::vector<uint8_t> is_scattered_;  // by trace: in more than one batch
  std::vector<std::vector<SpanRelations::Twins>> twins_of_batch_;
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
