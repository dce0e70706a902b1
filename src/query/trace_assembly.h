// TraceAssembly: puts the rows of a trace, collected column by column, into the order of a Trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "query/trace.h"
#include "query/trace_rows_finder.h"

namespace clew::query {

class TraceAssembly {
 public:
  enum class RowsOf : uint8_t { traces, logs };

  // All rows of all granules belong to the trace. Columns are read by all workers of the pool.
  Status add(std::span<const TraceGranule> granules, RowsOf kind, TraceSource::Fields fields,
             ThreadPool* pool, QueryLimits& limits);
  bool empty() const { return rows_.empty(); }
  Trace finish(const TraceId& id) &&;

 private:
  enum class Kind : uint8_t { span, event, link, log, superseded };
  // Those with a place of their own in a Row.
  enum class Field : uint8_t {
    none,
    time,
    duration,
    span_id,
    parent_id,
    name,
    annotation_type,
    span_kind,
    status_code,
    error
  };
  struct Row {
    Kind kind = Kind::span;
    SpanId id;
    std::optional<SpanId> parent_id;
    int64_t time = 0;
    int64_t duration = 0;
    std::string_view name, service, span_kind;
    uint8_t status_code = 0;
    uint8_t error = 0;
    bool in_progress = false;
    uint32_t origin = 0;
    std::optional<uint32_t> parent;  // row of the parent span
    uint32_t depth = 0;
  };
  struct LooseAttribute {
    uint32_t row;
    Attribute attribute;
  };
  // An origin is another one with one attribute more; number 0 has none.
  struct Origin {
    uint32_t rest = 0;
    uint32_t attribute = 0;
  };

  static Field field_of(const store::ColumnInfo& info, RowsOf kind);
  void add_rows(const TraceGranule& granule, RowsOf kind);
  void add_column(const store::ColumnInfo& info, const store::ColumnData& data, const TraceGranule& granule,
                  size_t first_row);
  static bool take_field(Row& row, Field field, const store::ColumnData& data, uint32_t at);
  void add_to_origins(const store::ColumnInfo& info, const store::ColumnData& data,
                      const TraceGranule& granule, size_t first_row);
  uint32_t origin_with(uint32_t rest, uint32_t attribute);
  uint32_t number_of(const Attribute& attribute);
  // Of a span that was sent before it ended and again when it had, only the latter counts.
  void leave_out_superseded();
  void find_parents();
  void find_depths();
  std::vector<uint32_t> rows_in_order(Kind kind) const;
  void fill_spans(Trace& trace, const std::vector<uint32_t>& order);
  void fill_rows(TraceRows& to, Kind kind, const std::vector<uint32_t>& position_of_span);
  AttributeLists lists_of(const std::vector<uint32_t>& order);
  AttributeLists origin_lists() const;

  RowsOf kind_ = RowsOf::traces;
  bool any_in_progress_ = false;
  std::vector<Row> rows_;
  std::vector<LooseAttribute> loose_;
  std::vector<uint32_t> first_loose_;  // by row, once they are sorted by row
  std::vector<Attribute> origin_attributes_;
  std::map<std::tuple<store::Scope, store::ColumnType, std::string_view, AttributeValue>, uint32_t>
      origin_attribute_numbers_;
  std::vector<Origin> origins_{1};
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> origin_numbers_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace clew::query
