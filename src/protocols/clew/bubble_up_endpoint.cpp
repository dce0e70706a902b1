// POST /clew/v1/bubbleup: what sets a selection apart from the rest.

#include "protocols/clew/bubble_up_question.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/values.h"

namespace clew::api {
namespace {

void write_numbers(JsonWriter& json, const std::vector<double>& numbers) {
  json.begin_array();
  for (const double number : numbers) json.number(number);
  json.end_array();
}

void write_column(JsonWriter& json, const query::ContrastedColumn& column) {
  json.begin_object().key("column").string(column.name);
  json.key("type").string(column.numbers ? "measure" : "dimension");
  json.key("score").number(column.score).key("confidence").number(column.confidence);
  json.key("selects").boolean(column.selects);
  if (column.numbers) {
    json.key("histogram").begin_object();
    write_numbers(json.key("bounds"), column.numbers->bounds);
    write_numbers(json.key("selected"), column.numbers->selected);
    write_numbers(json.key("rest"), column.numbers->rest);
    json.end_object();
  }
  json.key("values").begin_array();
  for (const query::ContrastedValue& value : column.values) {
    write_value(json.begin_object().key("value"), value.value);
    json.key("selected").number(value.selected).key("rest").number(value.rest);
    json.key("part").number(value.part).end_object();
  }
  json.end_array();
  json.key("values_in_all").integer(column.values_in_all);
  json.key("beside").begin_object().key("selected").number(column.selected_beside);
  json.key("rest").number(column.rest_beside).end_object();
  json.end_object();
}

}  // namespace

net::Response answer_bubble_up(const Call& call) {
  const BubbleUpQuestionOrFault asked = read_bubble_up_question(call.request.body.view(), call.now);
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  Watch watch(call);
  if (asked.time_limit) watch.limit_time(*asked.time_limit);
  const auto answer =
      query::bubble_up(asked.question, call.snapshot(asked.question.signal), watch.run_options());
  if (!answer.ok()) return refusal(answer.status());

  JsonWriter json;
  write_range(json.begin_object(), asked.question.range);
  json.key("selected_rows").integer(answer->selected_rows).key("rest_rows").integer(answer->rest_rows);
  json.key("selected").number(answer->selected).key("rest").number(answer->rest);
  json.key("columns").begin_array();
  for (const query::ContrastedColumn& column : answer->columns) write_column(json, column);
  json.end_array().key("columns_in_all").integer(answer->columns_in_all);
  write_partial(json, answer->cost);
  write_cost(json, answer->cost);
  return api::json(std::move(json.end_object()));
}

}  // namespace clew::api
