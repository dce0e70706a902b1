#include "query/trace_assembly.h"

#include <algorithm>
#include <atomic>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnInfo;
using store::ColumnType;
using store::Scope;
using Kind = TraceRow::Kind;

constexpr std::string_view kService = "service.name";

// Columns that tell of the resource and the instrumentation scope: the same for most rows.
bool is_of_origin(const ColumnInfo& info) {
  if (info.scope == Scope::resource || info.scope == Scope::instrumentation) return true;
  if (info.scope != Scope::intrinsic) return false;
  constexpr std::string_view kNames[] = {names::kLibraryName, names::kLibraryVersion, names::kResourceSchema,
                                         names::kScopeSchema};
  return std::find(std::begin(kNames), std::end(kNames), info.name) != std::end(kNames);
}

AttributeValue value_of(const ColumnData& data, uint32_t row) {
  switch (data.type) {
    case ColumnType::int64:
    case ColumnType::time:
    case ColumnType::duration:
      return data.integers[row];
    case ColumnType::float64:
      return data.floats[row];
    case ColumnType::boolean:
      return data.booleans[row] != 0;
    default:
      return data.string_at(row);
  }
}

// One column of one granule to read.
struct ColumnRead {
  const TraceGranule* granule;
  uint32_t column;
  std::optional<Result<ColumnData>> data;
};

// What the outline is made of.
bool is_of_outline(const ColumnInfo& info) {
  if (info.name == kService || (info.name == names::kInProgress && info.scope == Scope::attribute))
    return true;
  if (info.scope != Scope::intrinsic) return false;
  constexpr std::string_view kNames[] = {names::kTime,       names::kDuration, names::kSpanId,
                                         names::kParentId,   names::kName,     names::kAnnotationType,
                                         names::kStatusCode, names::kSpanKind, names::kError};
  return std::find(std::begin(kNames), std::end(kNames), info.name) != std::end(kNames);
}

// What a trace says already: the origin and its own id, and what rows only repeat of a span's events.
bool is_said_elsewhere(const ColumnInfo& info) {
  if (info.scope != Scope::intrinsic) return false;
  constexpr std::string_view kNames[] = {names::kOrigin,         names::kTraceId,
                                         names::kExceptionType,  names::kExceptionMessage,
                                         names::kExceptionStack, names::kExceptionEscaped,
                                         names::kTimeSinceStart, names::kInvalidTimeSinceStart};
  return std::find(std::begin(kNames), std::end(kNames), info.name) != std::end(kNames);
}

std::vector<ColumnRead> reads_for(std::span<const TraceGranule> granules, TraceSource::Fields fields) {
  std::vector<ColumnRead> reads;
  for (const TraceGranule& granule : granules) {
    std::span<const ColumnInfo> columns = granule.segment->columns();
    size_t first = reads.size();
    for (uint32_t column = 0; column < columns.size(); ++column) {
      const ColumnInfo& info = columns[column];
      if (is_said_elsewhere(info)) continue;
      if (fields == TraceSource::Fields::outline && !is_of_outline(info)) continue;
      if (granule.segment->zone_map(granule.granule, column)) reads.push_back({&granule, column, {}});
    }
    // What kind of row it is decides where other fields go, so it comes first.
    std::stable_partition(
        reads.begin() + static_cast<ptrdiff_t>(first), reads.end(),
        [&](const ColumnRead& read) { return columns[read.column].name == names::kAnnotationType; });
  }
  return reads;
}

void read_all(std::vector<ColumnRead>& reads, ThreadPool* pool) {
  std::atomic<size_t> next = 0;
  auto work = [&](size_t) {
    for (size_t i = next++; i < reads.size(); i = next++) {
      ColumnRead& read = reads[i];
      read.data = read.granule->segment->read_rows(read.granule->granule, read.column, read.granule->rows);
    }
  };
  if (pool == nullptr) {
    work(0);
  } else {
    pool->run_on_all(pool->width(), work);
  }
}

}  // namespace

Status TraceAssembly::add(std::span<const TraceGranule> granules, RowsOf kind, TraceSource::Fields fields,
                          ThreadPool* pool, QueryLimits& limits) {
  kind_ = kind;
  std::vector<ColumnRead> reads = reads_for(granules, fields);
  read_all(reads, pool);
  size_t rows = rows_.size();
  for (const TraceGranule& each : granules) rows += each.rows.size();
  rows_.reserve(rows);
  const TraceGranule* granule = nullptr;
  size_t first_row = 0;
  for (ColumnRead& read : reads) {
    if (read.granule != granule) {
      granule = read.granule;
      first_row = rows_.size();
      add_rows(*granule, kind);
    }
    if (!read.data->ok()) return std::move(*read.data).status();
    const ColumnData& data = **read.data;
    add_column(granule->segment->columns()[read.column], data, *granule, first_row);
    if (is_stringlike(data.type)) owners_.push_back(data.owner);
    CLEW_TRY(limits.account(0, granule->segment->stored_bytes(granule->granule, read.column), 0));
  }
  return {};
}

void TraceAssembly::add_rows(const TraceGranule& granule, RowsOf kind) {
  size_t first_row = rows_.size();
  rows_.resize(first_row + granule.rows.size());
  if (kind == RowsOf::logs) {
    for (size_t i = first_row; i < rows_.size(); ++i) rows_[i].kind = Kind::log;
  }
  owners_.push_back(granule.segment);
}

void TraceAssembly::add_column(const ColumnInfo& info, const ColumnData& data, const TraceGranule& granule,
                               size_t first_row) {
  if (is_of_origin(info)) return add_to_origins(info, data, granule, first_row);
  const bool tells_progress =
      info.name == names::kInProgress && info.scope == Scope::attribute && info.type == ColumnType::boolean;
  const bool tells_service = info.name == kService && is_stringlike(info.type);
  const Field field = field_of(info, kind_);
  for (size_t i = 0; i < granule.rows.size(); ++i) {
    auto at = static_cast<uint32_t>(i);
    if (!data.has(at)) continue;
    auto row = static_cast<uint32_t>(first_row + i);
    if (field != Field::none && take_field(rows_[row], field, data, at)) continue;
    if (tells_service) rows_[row].service = data.string_at(at);
    if (tells_progress && data.booleans[at] != 0) rows_[row].in_progress = any_in_progress_ = true;
    loose_.push_back({row, {info.scope, info.type, info.name, value_of(data, at)}});
  }
}

TraceAssembly::Field TraceAssembly::field_of(const ColumnInfo& info, RowsOf kind) {
  if (info.scope != Scope::intrinsic) return Field::none;
  struct Place {
    std::string_view name;
    ColumnType type;
    Field field;
  };
  const Place places[] = {
      {names::kTime, ColumnType::time, Field::time},
      {names::kDuration, ColumnType::duration, Field::duration},
      {names::kSpanId, ColumnType::span_id, Field::span_id},
      {names::kParentId, ColumnType::span_id, Field::parent_id},
      {kind == RowsOf::logs ? names::kBody : names::kName, ColumnType::string, Field::name},
      {names::kAnnotationType, ColumnType::string, Field::annotation_type},
      {names::kSpanKind, ColumnType::string, Field::span_kind},
      {names::kStatusCode, ColumnType::int64, Field::status_code},
      {names::kError, ColumnType::boolean, Field::error}};
  for (const Place& place : places) {
    if (info.name == place.name && info.type == place.type) return place.field;
  }
  return Field::none;
}

// Whether the row has a place for the value.
bool TraceAssembly::take_field(TraceRow& row, Field field, const ColumnData& data, uint32_t at) {
  switch (field) {
    case Field::none:
      return false;
    case Field::time:
      row.time = data.integers[at];
      return true;
    case Field::duration:
      row.duration = data.integers[at];
      return true;
    case Field::span_id:
      row.id = SpanId::from_bytes(data.string_at(at)).value_or(SpanId{});
      return true;
    case Field::parent_id:
      row.parent_id = SpanId::from_bytes(data.string_at(at));
      return true;
    case Field::name:
      row.name = data.string_at(at);
      return true;
    case Field::annotation_type:
      row.kind = data.string_at(at) == "link" ? Kind::link : Kind::event;
      return true;
    case Field::span_kind:
      row.span_kind = data.string_at(at);
      return true;
    case Field::status_code:
      row.status_code = static_cast<uint8_t>(data.integers[at]);
      return true;
    case Field::error:
      row.error = data.booleans[at];
      // Only spans have a place for it in the result.
      return row.kind == Kind::span;
  }
  return false;
}

void TraceAssembly::add_to_origins(const ColumnInfo& info, const ColumnData& data,
                                   const TraceGranule& granule, size_t first_row) {
  // Neighbours mostly have the same origin and the same value: then the answer is that of the row before.
  std::optional<uint32_t> code_before;
  uint32_t rest_before = 0, origin_before = 0;
  for (size_t i = 0; i < granule.rows.size(); ++i) {
    auto at = static_cast<uint32_t>(i);
    if (!data.has(at)) continue;
    TraceRow& row = rows_[first_row + i];
    if (info.name == kService && is_stringlike(info.type) && row.service.empty())
      row.service = data.string_at(at);
    bool same = code_before && data.codes[at] == *code_before && row.origin == rest_before;
    if (!same) {
      rest_before = row.origin;
      origin_before = origins_.with(row.origin, {info.scope, info.type, info.name, value_of(data, at)});
    }
    row.origin = origin_before;
    code_before = data.is_dictionary() ? std::optional(data.codes[at]) : std::nullopt;
  }
}

Trace TraceAssembly::finish(const TraceId& id) && {
  if (any_in_progress_) leave_out_superseded(rows_);
  relate_rows(rows_);
  std::stable_sort(loose_.begin(), loose_.end(),
                   [](const LooseAttribute& a, const LooseAttribute& b) { return a.row < b.row; });
  first_loose_.assign(rows_.size() + 1, 0);
  for (const LooseAttribute& loose : loose_) ++first_loose_[loose.row + 1];
  for (size_t i = 0; i < rows_.size(); ++i) first_loose_[i + 1] += first_loose_[i];

  Trace trace;
  trace.id = id;
  std::vector<uint32_t> spans = rows_in_order(Kind::span);
  std::vector<uint32_t> position_of_span(rows_.size());
  for (uint32_t i = 0; i < spans.size(); ++i) position_of_span[spans[i]] = i;
  fill_spans(trace, spans);
  for (size_t i = 0; i < spans.size(); ++i) {
    std::optional<uint32_t> parent = rows_[spans[i]].parent;
    trace.spans.parents.push_back(parent ? std::optional(position_of_span[*parent]) : std::nullopt);
  }
  fill_rows(trace.events, Kind::event, position_of_span);
  fill_rows(trace.links, Kind::link, position_of_span);
  fill_rows(trace.logs, Kind::log, position_of_span);
  trace.origins = origins_.lists();

  bool has_spans = !spans.empty();
  trace.start = {INT64_MAX};
  trace.end = {INT64_MIN};
  for (const TraceRow& row : rows_) {
    if (has_spans && row.kind != Kind::span) continue;
    trace.start = std::min(trace.start, UnixNanos{row.time});
    trace.end = std::max(trace.end, UnixNanos{row.time} + Nanoseconds{std::max<int64_t>(row.duration, 0)});
  }
  trace.owners = std::move(owners_);
  return trace;
}

std::vector<uint32_t> TraceAssembly::rows_in_order(Kind kind) const {
  // What decides nearly always lies side by side; only equals look into the rows.
  struct Key {
    int64_t time;
    uint32_t depth;
    uint32_t row;
  };
  std::vector<Key> keys;
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].kind == kind) keys.push_back({rows_[i].time, rows_[i].depth, i});
  }
  const auto rest = [this](uint32_t i) {
    const TraceRow& row = rows_[i];
    return std::tuple(row.id, row.parent_id, row.name, i);
  };
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.depth != b.depth) return a.depth < b.depth;
    return rest(a.row) < rest(b.row);
  });
  std::vector<uint32_t> order;
  order.reserve(keys.size());
  for (const Key& key : keys) order.push_back(key.row);
  return order;
}

void TraceAssembly::fill_spans(Trace& trace, const std::vector<uint32_t>& order) {
  TraceSpans& spans = trace.spans;
  for (uint32_t i : order) {
    const TraceRow& row = rows_[i];
    spans.ids.push_back(row.id);
    spans.parent_ids.push_back(row.parent_id);
    spans.depths.push_back(row.depth);
    spans.starts.push_back({row.time});
    spans.durations.push_back({row.duration});
    spans.names.push_back(row.name);
    spans.services.push_back(row.service);
    spans.kinds.push_back(row.span_kind);
    spans.status_codes.push_back(row.status_code);
    spans.errors.push_back(row.error);
    spans.origins.push_back(row.origin);
  }
  spans.attributes = lists_of(order);
}

void TraceAssembly::fill_rows(TraceRows& to, Kind kind, const std::vector<uint32_t>& position_of_span) {
  std::vector<uint32_t> order = rows_in_order(kind);
  for (uint32_t i : order) {
    const TraceRow& row = rows_[i];
    to.span_ids.push_back(row.parent_id);
    to.spans.push_back(row.parent ? std::optional(position_of_span[*row.parent]) : std::nullopt);
    to.times.push_back({row.time});
    to.names.push_back(row.name);
    to.origins.push_back(row.origin);
  }
  to.attributes = lists_of(order);
}

AttributeLists TraceAssembly::lists_of(const std::vector<uint32_t>& order) {
  AttributeLists lists;
  for (uint32_t row : order) {
    for (uint32_t i = first_loose_[row]; i < first_loose_[row + 1]; ++i)
      lists.all.push_back(loose_[i].attribute);
    lists.ends.push_back(static_cast<uint32_t>(lists.all.size()));
  }
  return lists;
}

}  // namespace clew::query
