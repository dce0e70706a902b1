// DatasetQuery: a query specification asked of a dataset: checked as Honeycomb checks it, and run.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "protocols/honeycomb/answers.h"
#include "protocols/honeycomb/dataset_scope.h"
#include "query/run.h"

namespace clew::honeycomb {

struct QueryPlace {
  store::Storage* storage;
  Datasets* datasets;
  control::Records* records;
  EnvironmentId environment;
  std::string dataset;  // slug, or __all__
};

// The specification without what is empty or usual, as it is kept and echoed; or what is wrong with it.
std::variant<JsonValue, std::vector<FieldFault>> check_specification(const QueryPlace& place,
                                                                     const JsonValue& specification,
                                                                     UnixNanos now);

// What is wrong with the columns that a plan names: one that neither data nor anybody's definition has. The
// plan may be of any query language, so that the faults name no field.
Result<std::vector<FieldFault>> unknown_columns_of(const QueryPlace& place, const query::Plan& plan);

// The calculated columns that a query of this dataset may name.
Result<std::vector<query::CalculatedField>> derived_columns_of(const QueryPlace& place);

// Of attributes that say how many rows a row stands for. They weigh, and are no columns of Honeycomb's.
bool tells_sample_rate(std::string_view attribute);

struct QueryWish {
  // Stored rows instead of calculations: the columns of the breakdowns, or all; newest first.
  bool rows = false;
  // Every stored row counts once, whatever its sample rate: what Honeycomb calls usage mode.
  bool unweighted = false;
  bool series = true;
  bool totals = false;
  bool others = false;
  std::optional<size_t> limit;
};
struct QueryAnswer {
  query::Plan plan;
  query::ResultTable table;
  std::optional<query::ResultTable> earlier;  // the same of the period that the query compares with
};
// `now` is where relative time ranges end.
Result<QueryAnswer> ask_dataset(const QueryPlace& place, const JsonValue& specification,
                                const QueryWish& wish, UnixNanos now, const query::RunOptions& options);

// A plan of any query language, over the rows of the dataset alone.
Result<QueryAnswer> ask_plan(const QueryPlace& place, query::Plan plan, const QueryWish& wish,
                             const query::RunOptions& options);

// "data" of a query result: results, series, totals and others.
JsonValue data_of(const QueryAnswer& answer, const QueryWish& wish);
// A width of buckets for a range nobody named one for: about 480 of them, of a round width.
Nanoseconds usual_granularity(const TimeRange& range);

}  // namespace clew::honeycomb
