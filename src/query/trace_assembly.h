// TraceAssembly: puts the rows of a trace, collected column by column, into the order of a Trace.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/trace.h"
#include "query/trace_origins.h"
#include "query/trace_row.h"
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
  // Those with a place of their own in a TraceRow.
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
  struct LooseAttribute {
    uint32_t row;
    Attribute attribute;
  };

  static Field field_of(const store::ColumnInfo& info, RowsOf kind);
  void add_rows(const TraceGranule& granule, RowsOf kind);
  void add_column(const store::ColumnInfo& info, const store::ColumnData& data, const TraceGranule& granule,
                  size_t first_row);
  static bool take_field(TraceRow& row, Field field, const store::ColumnData& data, uint32_t at);
  void add_to_origins(const store::ColumnInfo& info, const store::ColumnData& data,
                      const TraceGranule& granule, size_t first_row);
  std::vector<uint32_t> rows_in_order(TraceRow::Kind kind) const;
  void fill_spans(Trace& trace, const std::vector<uint32_t>& order);
  void fill_rows(TraceRows& to, TraceRow::Kind kind, const std::vector<uint32_t>& position_of_span);
  AttributeLists lists_of(const std::vector<uint32_t>& order);

  RowsOf kind_ = RowsOf::traces;
  bool any_in_progress_ = false;
  std::vector<TraceRow> rows_;
  std::vector<LooseAttribute> loose_;
  std::vector<uint32_t> first_loose_;  // by row, once they are sorted by row
  TraceOrigins origins_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace clew::query
