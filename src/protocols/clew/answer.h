// The answer to a question as JSON: table, totals, lines over time, heat maps.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "query/plan.h"
#include "query/result_table.h"

namespace clew::api {

// The answer to the same question about an earlier range.
struct EarlierAnswer {
  query::Plan plan;
  query::ResultTable table;
};

// `notes`: what the person asking should know.
void write_answer(JsonWriter& json, const query::Plan& plan, const query::ResultTable& table,
                  const std::vector<std::string>& notes, const EarlierAnswer* earlier = nullptr);

}  // namespace clew::api
