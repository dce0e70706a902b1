// Insights. clew makes none: lists are empty, and no insight is known by any id.
#include <fmt/format.h>

#include "protocols/xray/group.h"
#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"

namespace clew::xray {
namespace {

Answer unknown_insight(const Input& input, const std::string& id) {
  if (!input.ok()) return input.error();
  return invalid_request(fmt::format("Insight not found: {}", id));
}

constexpr Length kIdLength{1, 64};

}  // namespace

Answer get_insight_summaries(const Call& call) {
  Input input(call.input);
  (void)input.range();
  for (const std::string& state : input.texts("States", {0, 1})) {
    if (state != "ACTIVE" && state != "CLOSED") input.refuse(std::string("States are ACTIVE and CLOSED"));
  }
  const std::optional<std::string> name = input.text("GroupName", {1, 32}),
                                   arn = input.text("GroupARN", {1, 400});
  if (name.has_value() == arn.has_value()) input.refuse(std::string("Give either GroupName or GroupARN"));
  (void)input.integer("MaxResults", 1, 100);
  (void)next_place(input, "insights");
  if (!input.ok()) return input.error();
  const Result<Group> group =
      Groups(*call.options().records).find(call.environment, name.value_or(arn.value_or("")), call.region);
  if (!group.ok()) return error_of(group.status());
  return std::string(R"({"InsightSummaries":[]})");
}

Answer get_insight(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("InsightId", kIdLength);
  return unknown_insight(input, id);
}

Answer get_insight_events(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("InsightId", kIdLength);
  (void)input.integer("MaxResults", 1, 50);
  return unknown_insight(input, id);
}

Answer get_insight_impact_graph(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("InsightId", kIdLength);
  (void)input.range();
  return unknown_insight(input, id);
}

}  // namespace clew::xray
