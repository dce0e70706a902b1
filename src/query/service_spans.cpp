#include "query/service_spans.h"

#include <algorithm>

#include "query/related_spans.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

// The columns besides those of peers.
enum Column : uint8_t {
  kTraceId,
  kSpanId,
  kParentId,
  kTime,
  kDuration,
  kKind,
  kService,
  kStatus,
  kError,
  kHttpStatus,
  kHttpStatusOld,
  kFault,
  kThrottle,
  kClientError,
};

template <typename Visit>
void for_each_value(const ResolvedColumn& column, const Selection& selection, Visit&& visit) {
  for (const Piece& piece : column) {
    Selection part = selection;
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) { visit(*piece.data, row); });
  }
}

Outcome outcome_of(int64_t http_status, bool failed) {
  if (http_status >= 500) return Outcome::fault;
  if (http_status == 429) return Outcome::throttle;
  if (http_status >= 400) return Outcome::error;
  return failed ? Outcome::fault : Outcome::ok;
}

Filter spans_of(const ServiceQuestion& question) {
  std::vector<Filter> conditions;
  conditions.push_back(
      comparison({std::string(names::kSpanId), store::Scope::intrinsic}, Operator::exists, {}));
  conditions.push_back(comparison({std::string(names::kAnnotationType), store::Scope::intrinsic},
                                  Operator::does_not_exist, {}));
  if (question.traces && question.traces->size() <= ServiceSpanReader::kFewTraces) {
    std::vector<Value> ids;
    for (const TraceId& id : *question.traces) ids.emplace_back(id.to_hex());
    conditions.push_back(
        comparison({std::string(names::kTraceId), store::Scope::intrinsic}, Operator::in, std::move(ids)));
  }
  return all_of(std::move(conditions));
}

Status read_times(const GranuleScan& scan, std::vector<ServiceSpan>& spans) {
  CLEW_ASSIGN(ResolvedColumn times, scan.reader.resolve(scan.segment.columns[kTime]));
  for_each_value(times, scan.selection, [&](const ColumnData& data, uint32_t row) {
    if (data.type == ColumnType::time) spans[row].start = data.integers[row];
  });
  CLEW_ASSIGN(ResolvedColumn durations, scan.reader.resolve(scan.segment.columns[kDuration]));
  for_each_value(durations, scan.selection, [&](const ColumnData& data, uint32_t row) {
    if (data.type == ColumnType::duration) spans[row].duration = std::max<int64_t>(data.integers[row], 0);
  });
  return {};
}

Status read_kinds(const GranuleScan& scan, std::vector<ServiceSpan>& spans) {
  CLEW_ASSIGN(ResolvedColumn kinds, scan.reader.resolve(scan.segment.columns[kKind]));
  for_each_value(kinds, scan.selection, [&](const ColumnData& data, uint32_t row) {
    if (!is_stringlike(data.type)) return;
    std::string_view kind = data.string_at(row);
    ServiceSpan& span = spans[row];
    span.is_outgoing = kind == "client" || kind == "producer";
    span.is_server = kind == "server";
    span.is_consumer = kind == "consumer";
  });
  return {};
}

Status read_outcomes(const GranuleScan& scan, std::vector<ServiceSpan>& spans) {
  const Selection& selection = scan.selection;
  std::vector<uint8_t> failed(scan.reader.rows());
  CLEW_ASSIGN(ResolvedColumn statuses, scan.reader.resolve(scan.segment.columns[kStatus]));
  for_each_value(statuses, selection, [&](const ColumnData& data, uint32_t row) {
    if (data.type == ColumnType::int64) failed[row] = data.integers[row] == 2;
  });
  CLEW_ASSIGN(ResolvedColumn errors, scan.reader.resolve(scan.segment.columns[kError]));
  for_each_value(errors, selection, [&](const ColumnData& data, uint32_t row) {
    if (data.type == ColumnType::boolean) failed[row] |= data.booleans[row];
  });
  std::vector<int64_t> http(scan.reader.rows());
  for (Column which : {kHttpStatusOld, kHttpStatus}) {
    CLEW_ASSIGN(ResolvedColumn column, scan.reader.resolve(scan.segment.columns[which]));
    for_each_value(column, selection, [&](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::int64) http[row] = data.integers[row];
    });
  }
  for_each_row(selection,
               [&](uint32_t row) { spans[row].outcome = outcome_of(http[row], failed[row] != 0); });
  // What an X-Ray segment says of itself counts before what its status suggests; a fault before the others.
  for (const auto& [flag, outcome] :
       {std::pair(kClientError, Outcome::error), std::pair(kThrottle, Outcome::throttle),
        std::pair(kFault, Outcome::fault)}) {
    CLEW_ASSIGN(ResolvedColumn column, scan.reader.resolve(scan.segment.columns[flag]));
    for_each_value(column, selection, [&, told = outcome](const ColumnData& data, uint32_t row) {
      if (data.type == ColumnType::boolean && data.booleans[row] != 0) spans[row].outcome = told;
    });
  }
  return {};
}

}  // namespace

size_t ServiceGranule::bytes() const {
  return batch.bytes() + spans.size() * sizeof(ServiceSpan) + peers.size() * sizeof(uint32_t) +
         weights.size() * sizeof(uint64_t);
}

Result<ServiceSpanReader> ServiceSpanReader::prepare(const ServiceQuestion& question, Nanoseconds margin,
                                                     const RelatedSpans* related) {
  ServiceSpanReader reader(question, related);
  CLEW_TRY(reader.compile_names(margin));
  return reader;
}

Status ServiceSpanReader::compile_names(Nanoseconds margin) {
  NameList names;
  auto intrinsic = [&](std::string_view name) { names.add({std::string(name), store::Scope::intrinsic}); };
  intrinsic(names::kTraceId);
  intrinsic(names::kSpanId);
  intrinsic(names::kParentId);
  intrinsic(names::kTime);
  intrinsic(names::kDuration);
  intrinsic(names::kSpanKind);
  names.add({"service.name", {}});
  intrinsic(names::kStatusCode);
  intrinsic(names::kError);
  names.add({"http.response.status_code", {}});
  names.add({"http.status_code", {}});
  for (std::string_view flag : {"aws.xray.fault", "aws.xray.throttle", "aws.xray.error"})
    names.add({std::string(flag), store::Scope::attribute});
  if (question_->service_type) type_name_ = names.add(*question_->service_type);
  for (std::string_view name : peer_columns()) peer_names_.push_back(names.add({std::string(name), {}}));
  CLEW_ASSIGN(CompiledFilter spans, compile(spans_of(*question_), names));
  // A segment of X-Ray that is still under way is no answer yet.
  const Filter under_way =
      comparison({"aws.xray.inprogress", store::Scope::attribute}, Operator::equal, {true});
  CLEW_ASSIGN(CompiledFilter counted,
              compile(all_of({split(question_->filter).own, none_of({under_way})}), names));
  wanted_.filters.push_back(std::move(spans));
  wanted_.filters.push_back(std::move(counted));
  wanted_.names = names.names();
  wanted_.range = question_->range;
  if (wanted_.range.from.count != INT64_MIN) wanted_.range.from = wanted_.range.from - margin;
  if (wanted_.range.to.count != INT64_MAX) wanted_.range.to = wanted_.range.to + margin;
  return {};
}

Result<ServiceGranule> ServiceSpanReader::read(const GranuleScan& scan, NodeNames& nodes) const {
  GranuleReader& reader = scan.reader;
  auto column = [&](Column which) { return reader.resolve(scan.segment.columns[which]); };
  CLEW_ASSIGN(ResolvedColumn trace_ids, column(kTraceId));
  CLEW_ASSIGN(ResolvedColumn span_ids, column(kSpanId));
  CLEW_ASSIGN(ResolvedColumn parent_ids, column(kParentId));
  ServiceGranule granule;
  granule.batch = read_spans(trace_ids, span_ids, parent_ids, scan.selection);
  granule.spans.resize(reader.rows());
  for (uint32_t row = 0; row < reader.rows(); ++row) granule.spans[row].is_span = granule.batch.ids[row] != 0;
  CLEW_TRY(read_times(scan, granule.spans));
  CLEW_TRY(read_kinds(scan, granule.spans));
  CLEW_TRY(read_services(scan, nodes, granule.spans));
  CLEW_TRY(read_outcomes(scan, granule.spans));
  CLEW_TRY(count_spans(scan, nodes, granule));
  CLEW_ASSIGN(granule.weights, weights_of(scan.segment, reader));
  return granule;
}

// Which spans count, and whom they called.
Status ServiceSpanReader::count_spans(const GranuleScan& scan, NodeNames& nodes,
                                      ServiceGranule& granule) const {
  GranuleReader& reader = scan.reader;
  Selection counted = scan.selection;
  CLEW_TRY(scan.segment.filters[1].narrow(reader, counted));
  if (related_ != nullptr) CLEW_TRY(related_->narrow(reader, counted));
  Selection outgoing = Selection::none(reader.rows());
  const TimeRange& range = question_->range;
  for_each_row(counted, [&](uint32_t row) {
    ServiceSpan& span = granule.spans[row];
    span.counts = span.is_span && (range == TimeRange{} || range.contains({span.start}));
    if (span.counts && span.is_outgoing) outgoing.add(row);
  });
  if (outgoing.empty()) return {};
  granule.peers.assign(reader.rows(), ServiceGranule::kNoPeer);
  std::vector<BoundColumn> columns;
  for (size_t name : peer_names_) columns.push_back(scan.segment.columns[name]);
  return find_peers(reader, columns, outgoing,
                    [&](uint32_t row, NodeKind kind, std::string_view name, std::string_view type) {
                      granule.peers[row] = nodes.number_of(kind, name, type);
                    });
}

Status ServiceSpanReader::read_services(const GranuleScan& scan, NodeNames& nodes,
                                        std::vector<ServiceSpan>& spans) const {
  ResolvedColumn types;
  if (type_name_) {
    CLEW_ASSIGN(types, scan.reader.resolve(scan.segment.columns[*type_name_]));
  }
  std::vector<std::string_view> type_of(types.empty() ? 0 : scan.reader.rows());
  for_each_value(types, scan.selection, [&](const ColumnData& data, uint32_t row) {
    if (is_stringlike(data.type)) type_of[row] = data.string_at(row);
  });
  const uint32_t nameless = nodes.number_of(NodeKind::service, {}, {});
  for_each_row(scan.selection, [&](uint32_t row) { spans[row].service = nameless; });
  CLEW_ASSIGN(ResolvedColumn services, scan.reader.resolve(scan.segment.columns[kService]));
  struct Known {
    uint32_t node = ServiceGranule::kNoPeer;
    std::string_view type;
  };
  for (const Piece& piece : services) {
    const ColumnData& data = *piece.data;
    if (!is_stringlike(data.type)) continue;
    std::vector<Known> by_code(data.is_dictionary() ? data.dictionary.size() : 1);
    Selection part = scan.selection;
    part.intersect(piece.mask());
    for_each_row(part, [&](uint32_t row) {
      std::string_view type = type_of.empty() ? std::string_view() : type_of[row];
      Known& known = by_code[data.is_dictionary() ? data.codes[row] : 0];
      if (!data.is_dictionary() || known.node == ServiceGranule::kNoPeer || known.type != type)
        known = {nodes.number_of(NodeKind::service, data.string_at(row), type), type};
      spans[row].service = known.node;
    });
  }
  return {};
}

}  // namespace clew::query
