#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/xray/filter_expression.h"
#include "protocols/xray/filter_match.h"
#include "protocols/xray/filter_plan.h"

// Any bytes as a filter expression: a mistake with its column, or something that can be asked.
CLEW_FUZZ(xray_filter_expression) {
  using clew::xray::TraceModel;
  const auto expression = clew::xray::parse_filter_expression(bytes);
  if (!expression.ok()) {
    if (expression.status().message().empty()) clew::bug("a refusal without a sentence");
    return;
  }
  const clew::xray::FilterPlan plan = clew::xray::plan_of(*expression);
  if (plan.certain.kind == clew::query::TraceCondition::Kind::span)
    clew::bug("segments under way were forgotten");
  auto document = clew::parse_json(
      R"({"id":"1","name":"web","start_time":1,"end_time":3,"fault":true,"annotations":{"a":1},"subsegments":[)"
      R"({"id":"2","name":"SQS","namespace":"aws","start_time":1,"end_time":2,"fault":true}]})");
  std::vector<clew::JsonValue> documents;
  documents.push_back(std::move(*document));
  (void)clew::xray::matches(*expression, TraceModel(std::move(documents)));
}
