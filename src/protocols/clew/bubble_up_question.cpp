#include "protocols/clew/bubble_up_question.h"

#include <array>
#include <cmath>
#include <simdjson.h>

#include "base/json_writer.h"
#include "base/nearest.h"
#include "protocols/clew/condition.h"
#include "protocols/clew/question.h"
#include "query/specification.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

using query::Filter;
using query::Operator;
using simdjson::dom::element;

constexpr std::array<std::string_view, 8> kMembers = {"from", "to",     "column",  "min",
                                                      "max",  "filter", "filters", "filter_combination"};

Status bad(std::string message) {
  return {ErrorKind::bad_input, std::move(message)};
}

struct SelectionReader {
  UnixNanos now;
  Filter filter;
  Status status;
  Fault fault;

  void refuse(std::string_view member, Status why, std::optional<size_t> position = {}) {
    if (!status.ok()) return;
    status = std::move(why);
    fault = {.field = member.empty() ? "selection" : "selection." + std::string(member),
             .position = position};
  }

  void read(element value) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return refuse("", bad("selection must be an object"));
    for (const auto [name, member] : object) {
      if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) continue;
      return refuse(name, bad("A selection has no member \"" + std::string(name) + "\": did you mean " +
                              std::string(nearest(name, kMembers)) + "?"));
    }
    read_times(object);
    read_values(object);
    read_condition(object);
    read_filters(object);
    if (status.ok() && filter.children.empty())
      refuse("", bad("Nothing is selected: give from and to, a column with min or max, a filter or filters"));
  }

 private:
  void add(query::ColumnName column, Operator op, query::Value value) {
    filter.children.push_back(query::comparison(std::move(column), op, {std::move(value)}));
  }

  std::optional<std::string_view> text(simdjson::dom::object object, std::string_view name) {
    element value;
    std::string_view text;
    if (object.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    if (value.get(text) == simdjson::SUCCESS) return text;
    refuse(name, bad("selection." + std::string(name) + " must be a string"));
    return std::nullopt;
  }

  void read_times(simdjson::dom::object object) {
    for (const auto& [name, op] :
         {std::pair("from", Operator::greater_or_equal), std::pair("to", Operator::less)}) {
      const auto words = text(object, name);
      if (!words) continue;
      const Result<UnixNanos> time = parse_time(*words, now);
      if (!time.ok()) return refuse(name, time.status());
      add({std::string(names::kTime), store::Scope::intrinsic}, op, *time);
    }
  }

  void read_values(simdjson::dom::object object) {
    const auto column = text(object, "column");
    bool bounded = false;
    for (const auto& [name, op] :
         {std::pair("min", Operator::greater_or_equal), std::pair("max", Operator::less)}) {
      element value;
      double number = 0;
      if (object.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) continue;
      if (value.get(number) != simdjson::SUCCESS)
        return refuse(name, bad("selection." + std::string(name) + " must be a number"));
      if (!column || column->empty())
        return refuse("column", bad("selection.column must say what min and max are bounds of"));
      add({std::string(*column), {}}, op, query::number_value(number));
      bounded = true;
    }
    if (column && !bounded) refuse("column", bad("selection.column needs min or max"));
  }

  void read_condition(simdjson::dom::object object) {
    const auto words = text(object, "filter");
    if (!words) return;
    ConditionOrFault condition = api::read_condition(*words, "selection.filter", now);
    if (!condition.status.ok()) return refuse("filter", std::move(condition.status), condition.position);
    filter.children.push_back(std::move(condition.filter));
  }

  void read_filters(simdjson::dom::object object) {
    JsonWriter specification;
    specification.begin_object();
    bool given = false;
    for (const char* name : {"filters", "filter_combination"}) {
      element value;
      if (object.at_key(name).get(value) != simdjson::SUCCESS) continue;
      specification.key(name).raw(simdjson::minify(value));
      given = true;
    }
    if (!given) return;
    Result<query::Plan> plan = query::plan_of_specification(specification.end_object().take(), now);
    if (!plan.ok()) return refuse("filters", std::move(plan).status());
    filter.children.push_back(std::move(plan->filter));
  }
};

}  // namespace

BubbleUpQuestionOrFault read_bubble_up_question(std::string_view body, UnixNanos now) {
  BubbleUpQuestionOrFault result;
  const auto refuse = [&](std::string_view field, Status status) {
    result.status = std::move(status);
    result.fault.field = field;
    return result;
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (const simdjson::error_code error = parser.parse(body.data(), body.size()).get(object);
      error != simdjson::SUCCESS) {
    return refuse("", bad(std::string("The body must be a JSON object with a selection: ") +
                          simdjson::error_message(error)));
  }
  query::BubbleUpQuestion& question = result.question;
  std::optional<element> selection;
  JsonWriter rest;
  rest.begin_object();
  bool asks = false;
  for (const auto [name, value] : object) {
    if (name == "selection") {
      selection = value;
    } else if (name == "most_columns" || name == "most_values") {
      size_t& into = name == "most_columns" ? question.columns : question.values;
      const size_t most = name == "most_columns" ? question.kMostColumns : question.kMostValues;
      int64_t number = 0;
      if (value.get(number) != simdjson::SUCCESS || number < 1 || number > static_cast<int64_t>(most)) {
        return refuse(name,
                      bad(std::string(name) + " must be a whole number from 1 to " + std::to_string(most)));
      }
      into = static_cast<size_t>(number);
    } else {
      asks = asks || name == "query" || name == "specification";
      rest.key(name).raw(simdjson::minify(value));
    }
  }
  if (!asks) rest.key("query").string("COUNT");
  QuestionOrFault asked = read_question(rest.end_object().take(), now);
  result.status = std::move(asked.status);
  result.fault = std::move(asked.fault);
  if (!result.status.ok()) return result;
  if (!selection)
    return refuse("selection", bad("selection is missing: what is to be compared with the rest?"));
  SelectionReader reader{.now = now, .filter = {}, .status = {}, .fault = {}};
  reader.read(*selection);
  const query::Plan& plan = asked.question.plan;
  question.signal = plan.signal;
  question.range = plan.range;
  question.filter = plan.filter;
  question.fields = plan.fields;
  question.weighting = plan.weighting;
  question.selection = std::move(reader.filter);
  result.time_limit = asked.question.time_limit;
  result.status = std::move(reader.status);
  result.fault = std::move(reader.fault);
  return result;
}

}  // namespace clew::api
