#include "query/shared_spans.h"

#include <algorithm>

#include "query/filter.h"
#include "query/hashing.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

const ColumnName kMark{.name = "zipkin.shared", .scope = store::Scope::attribute};
const ColumnName kService{.name = "service.name", .scope = store::Scope::resource};

bool has_mark(const store::Segment& segment) {
  const auto columns = segment.columns();
  return std::any_of(columns.begin(), columns.end(), [](const store::ColumnInfo& info) {
    return info.name == kMark.name && info.scope == kMark.scope;
  });
}

const store::ColumnData* piece_of(const ResolvedColumn& column, uint32_t row) {
  for (const Piece& piece : column) {
    const std::span<const uint64_t> mask = piece.mask();
    if (mask.empty() || (mask[row >> 6] >> (row & 63) & 1) != 0) return piece.data;
  }
  return nullptr;
}

bool is_marked(const ResolvedColumn& marks, uint32_t row) {
  const store::ColumnData* found = piece_of(marks, row);
  return found != nullptr && found->type == store::ColumnType::boolean && found->booleans[row] != 0;
}

// Never 0.
uint64_t service_of(const ResolvedColumn& services, uint32_t row) {
  const store::ColumnData* found = piece_of(services, row);
  return (found != nullptr && store::is_stringlike(found->type) ? hash_of(found->string_at(row)) : 0) | 1;
}

// The id that the server's half of a call has beside the client's.
uint64_t id_of_server(uint64_t span) {
  return hash_of(span ^ 0x9e3779b97f4a7c15);
}

}  // namespace

// Finds the marked halves first, and then the others of the same ids.
class SharedSpansGathering {
 public:
  SharedSpansGathering(const TimeRange& range, const store::Snapshot& snapshot, SharedSpans& into)
      : range_(range), snapshot_(snapshot), into_(into) {}

  Status run(const RunOptions& options, QueryLimits& limits) {
    CLEW_TRY(find(true, options, limits));
    if (into_.halves_.empty()) return {};
    return find(false, options, limits);
  }

 private:
  struct Half {
    uint64_t key, service;
  };

  Status find(bool marked, const RunOptions& options, QueryLimits& limits) {
    NameList names;
    ScanWanted wanted;
    wanted.range = range_;
    Filter spans =
        all_of({comparison({std::string(names::kSpanId), store::Scope::intrinsic}, Operator::exists, {}),
                comparison({std::string(names::kAnnotationType), store::Scope::intrinsic},
                           Operator::does_not_exist, {})});
    if (marked) spans.children.push_back(comparison(kMark, Operator::exists, {}));
    CLEW_ASSIGN(CompiledFilter filter, compile(spans, names));
    wanted.filters.push_back(std::move(filter));
    wanted.names = names.names();
    Scan scan(wanted, snapshot_);
    std::vector<std::vector<Half>> found(scan.workers(options));
    Scan::Visitor visitor;
    visitor.visit = [&](const GranuleScan& granule) {
      return add_halves(granule.reader, granule.selection, marked, found[granule.worker]);
    };
    visitor.bytes_held = [&](size_t worker) { return found[worker].capacity() * sizeof(Half); };
    CLEW_TRY(scan.run(options, limits, visitor));
    for (const std::vector<Half>& halves : found) {
      for (const Half& half : halves) {
        const uint32_t number = into_.numbers_.find_or_add(half.key);
        if (number == into_.halves_.size()) into_.halves_.emplace_back();
        uint64_t& service = marked ? into_.halves_[number].server : into_.halves_[number].client;
        // Of several the same one, whoever came first.
        service = service == 0 ? half.service : std::min(service, half.service);
      }
    }
    return limits.check();
  }

  Status add_halves(GranuleReader& reader, const Selection& selection, bool marked,
                    std::vector<Half>& to) const {
    CLEW_ASSIGN(const SpanKeys keys, read_span_keys(reader, span_key_columns(reader.segment())));
    CLEW_ASSIGN(const ResolvedColumn marks, reader.resolve(bind(kMark, reader.segment())));
    CLEW_ASSIGN(const ResolvedColumn services, reader.resolve(bind(kService, reader.segment())));
    for_each_row(selection, [&](uint32_t row) {
      if (keys.traces[row] == 0 || is_marked(marks, row) != marked) return;
      const uint64_t key = key_of_span(keys.traces[row], keys.spans[row]);
      if (marked || into_.numbers_.find(key) != KeyNumberTable::kNone)
        to.push_back({key, service_of(services, row)});
    });
    return {};
  }

  const TimeRange range_;
  const store::Snapshot& snapshot_;
  SharedSpans& into_;
};

Result<SharedSpans> SharedSpans::gather(const TimeRange& range, const store::Snapshot& snapshot,
                                        const RunOptions& options, QueryLimits& limits) {
  SharedSpans shared;
  const auto& segments = snapshot.segments;
  if (std::none_of(segments.begin(), segments.end(), [](const auto& segment) { return has_mark(*segment); }))
    return shared;
  CLEW_TRY(SharedSpansGathering(range, snapshot, shared).run(options, limits));
  return shared;
}

Status SharedSpans::part(GranuleReader& reader, SpanKeys& keys) const {
  if (halves_.empty()) return {};
  const auto halves_at = [&](uint32_t row, uint64_t span) -> const Halves* {
    if (keys.traces[row] == 0 || span == 0) return nullptr;
    const uint32_t number = numbers_.find(key_of_span(keys.traces[row], span));
    return number == KeyNumberTable::kNone || halves_[number].client == 0 ? nullptr : &halves_[number];
  };
  CLEW_ASSIGN(const ResolvedColumn marks, reader.resolve(bind(kMark, reader.segment())));
  CLEW_ASSIGN(const ResolvedColumn services, reader.resolve(bind(kService, reader.segment())));
  for (uint32_t row = 0; row < reader.rows(); ++row) {
    if (is_marked(marks, row) && halves_at(row, keys.spans[row]) != nullptr) {
      keys.parents[row] = keys.spans[row];
      keys.spans[row] = id_of_server(keys.spans[row]);
    } else if (const Halves* above = halves_at(row, keys.parents[row])) {
      const uint64_t service = service_of(services, row);
      if (service != above->client || service == above->server)
        keys.parents[row] = id_of_server(keys.parents[row]);
    }
  }
  return {};
}

}  // namespace clew::query
