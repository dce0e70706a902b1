// Log records as the API shows them: which columns are read, and the JSON of a row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "protocols/clew/parameters.h"
#include "query/plan.h"
#include "query/result_table.h"
#include "store/segment.h"
#include "store/storage.h"

namespace clew::api {

// The columns of the data model, in this order; then those of the attributes.
enum class LogField : size_t {
  time,
  severity,
  severity_text,
  body,
  event_name,
  trace_id,
  parent_id,
  span_id,
  service,
};

// What a plan for rows asks for so that they can be written.
class LogColumns {
 public:
  static Result<LogColumns> list(const store::Snapshot& snapshot, const TimeRange& range);

  query::RowsWanted wanted(query::Direction direction) const;
  // A row of the answer to such a plan.
  void write(JsonWriter& json, const query::ResultTable& table, size_t row) const;
  static const query::Value& cell(const query::ResultTable& table, LogField field, size_t row);

 private:
  // A column of attributes, and what is known of its values beyond what a result says.
  struct AttributeColumn {
    std::string name;
    store::Scope scope;
    std::optional<store::ColumnType> only_type;
  };
  void write_attributes(JsonWriter& json, const query::ResultTable& table, size_t row,
                        store::Scope scope) const;

  std::vector<AttributeColumn> attributes_;
};

// What /clew/v1/logs and its relatives ask for: from, to, q, service and trace_id. The limit is the caller's.
query::Plan log_plan(Parameters& parameters);

}  // namespace clew::api
