// What the encoders of spans, log records and metric points make out of rows: the inverse of item_decoder.h.
#pragma once

#include <span>
#include <string>

#include "store/columnar/granule_rows.h"

namespace clew::store {

// An event or a link, as a field of the span it belongs to.
std::string encode_annotation(const GranuleRows& rows, uint32_t row);
// A Span message. `annotations`: rows of the same granule that belong to it; `more`: such fields from
// elsewhere.
std::string encode_span(const GranuleRows& rows, uint32_t row, std::span<const uint32_t> annotations,
                        std::string_view more);
std::string encode_log_record(const GranuleRows& rows, uint32_t row);

// A metric point, and what it shares with other points of its metric.
struct MetricPoint {
  std::string metric;  // fields of the Metric message but for its data
  uint32_t kind = 0;   // the field of its data: gauge, sum, …
  std::string data;    // fields of that but for the points
  std::string point;   // the message of the point
};
MetricPoint encode_metric_point(const GranuleRows& rows, uint32_t row);

}  // namespace clew::store
