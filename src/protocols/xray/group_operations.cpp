// The operations about groups.
#include <algorithm>

#include "protocols/xray/group.h"
#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/resource_tags.h"

namespace clew::xray {
namespace {

constexpr size_t kGroupsPerPage = 100;
constexpr Length kNameLength{1, 32};

void write_group(JsonWriter& json, const Group& group) {
  json.begin_object().key("GroupName").string(group.name).key("GroupARN").string(group.arn);
  if (!group.expression.empty()) json.key("FilterExpression").string(group.expression);
  json.key("InsightsConfiguration").begin_object();
  json.key("InsightsEnabled")
      .boolean(group.insights)
      .key("NotificationsEnabled")
      .boolean(group.notifications);
  json.end_object().end_object();
}

Answer answer_with(const Result<Group>& group) {
  if (!group.ok()) return error_of(group.status());
  JsonWriter json;
  write_group(json.begin_object().key("Group"), *group);
  json.end_object();
  return json.take();
}

// By GroupName or GroupARN, of which exactly one must be there.
std::string name_or_arn(Input& input) {
  const std::optional<std::string> name = input.text("GroupName", kNameLength),
                                   arn = input.text("GroupARN", {1, 400});
  if (name.has_value() == arn.has_value()) input.refuse(std::string("Give either GroupName or GroupARN"));
  return name.value_or(arn.value_or(""));
}

GroupChange change_in(Input& input) {
  GroupChange change;
  change.expression = input.text("FilterExpression");
  if (const JsonValue* insights = input.object("InsightsConfiguration")) {
    Input configuration(*insights);
    change.insights = configuration.flag("InsightsEnabled");
    change.notifications = configuration.flag("NotificationsEnabled");
    if (!configuration.ok()) input.refuse(configuration.error());
    if (change.notifications.value_or(false) && !change.insights.value_or(true))
      input.refuse(std::string("Notifications need insights to be enabled"));
  }
  return change;
}

}  // namespace

Answer create_group(const Call& call) {
  Input input(call.input);
  Group group{.name = input.required_text("GroupName", kNameLength), .arn = {}, .expression = {}};
  const GroupChange wanted = change_in(input);
  // An empty expression is no expression; no expression at all is every trace.
  if (wanted.expression && wanted.expression->empty())
    input.refuse(error_of(parse_filter_expression("").status()));
  group.expression = wanted.expression.value_or("");
  group.insights = wanted.insights.value_or(false);
  group.notifications = wanted.notifications.value_or(false);
  const Tags tags = read_tags(input);
  if (!input.ok()) return input.error();
  const Result<Group> made = Groups(*call.options().records).create(call.environment, group, call.region);
  if (made.ok() && !tags.empty()) {
    const Status tagged = ResourceTags(*call.options().records).add(call.environment, made->arn, tags);
    if (!tagged.ok()) return error_of(tagged);
  }
  return answer_with(made);
}

Answer get_group(const Call& call) {
  Input input(call.input);
  const std::string which = name_or_arn(input);
  if (!input.ok()) return input.error();
  return answer_with(Groups(*call.options().records).find(call.environment, which, call.region));
}

Answer update_group(const Call& call) {
  Input input(call.input);
  const std::string which = name_or_arn(input);
  const GroupChange change = change_in(input);
  if (!input.ok()) return input.error();
  return answer_with(Groups(*call.options().records).update(call.environment, which, change, call.region));
}

Answer delete_group(const Call& call) {
  Input input(call.input);
  const std::string which = name_or_arn(input);
  if (!input.ok()) return input.error();
  Groups groups(*call.options().records);
  const Result<Group> group = groups.find(call.environment, which, call.region);
  const Status removed = groups.remove(call.environment, which);
  if (!removed.ok()) return error_of(removed);
  if (group.ok()) {
    const Status forgotten = ResourceTags(*call.options().records).forget(call.environment, group->arn);
    if (!forgotten.ok()) return error_of(forgotten);
  }
  return std::string("{}");
}

Answer get_groups(const Call& call) {
  Input input(call.input);
  const std::string after = next_place(input, "groups");
  if (!input.ok()) return input.error();
  const Result<std::vector<Group>> groups =
      Groups(*call.options().records).list(call.environment, call.region);
  if (!groups.ok()) return error_of(groups.status());
  JsonWriter json;
  json.begin_object().key("Groups").begin_array();
  size_t written = 0;
  std::string last;
  for (const Group& group : *groups) {
    if (!after.empty() && group.name <= after) continue;
    if (written++ == kGroupsPerPage) break;
    write_group(json, group);
    last = group.name;
  }
  json.end_array();
  if (written > kGroupsPerPage) json.key("NextToken").string(page_token("groups", last));
  json.end_object();
  return json.take();
}

}  // namespace clew::xray
