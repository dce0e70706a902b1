#include "protocols/xray/group.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_value.h"
#include "protocols/xray/call.h"
#include "query/hashing.h"

namespace clew::xray {
namespace {

constexpr std::string_view kKind = "xray.group";
constexpr size_t kMostGroups = 500;

// arn:aws:xray:REGION:ACCOUNT:group/NAME/UNIQUEID
std::string_view name_in(std::string_view name_or_arn) {
  const size_t slash = name_or_arn.find('/');
  if (!name_or_arn.starts_with("arn:") || slash == std::string_view::npos) return name_or_arn;
  const std::string_view rest = name_or_arn.substr(slash + 1);
  return rest.substr(0, rest.find('/'));
}

std::string arn_of(std::string_view name, UnixNanos created, std::string_view region) {
  const std::string group = fmt::format("arn:aws:xray:{}:{}:group/{}", region, kAccount, name);
  if (name == kDefaultGroup) return group;
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string unique;
  uint64_t number = query::hash_of(static_cast<uint64_t>(created.count));
  for (int i = 0; i < 12; ++i, number >>= 5) unique += kDigits[number & 31];
  return group + "/" + unique;
}

std::string body_of(const Group& group) {
  JsonValue body;
  body["expression"] = JsonValue(group.expression);
  body["insights"] = JsonValue(group.insights);
  body["notifications"] = JsonValue(group.notifications);
  return body.text();
}

Group group_of(std::string_view name, std::string_view body) {
  Group group{.name = std::string(name), .arn = {}, .expression = {}};
  const Result<JsonValue> json = parse_json(body);
  if (!json.ok()) return group;
  const auto flag = [&](std::string_view member) {
    const JsonValue* value = json->find(member);
    return value != nullptr && value->boolean() != nullptr && *value->boolean();
  };
  if (const JsonValue* expression = json->find("expression");
      expression != nullptr && expression->string() != nullptr)
    group.expression = *expression->string();
  group.insights = flag("insights");
  group.notifications = flag("notifications");
  return group;
}

Group group_of(const control::Record& record, std::string_view region) {
  Group group = group_of(record.name, record.body);
  group.arn = arn_of(record.name, record.created, region);
  return group;
}

Status no_such_group(std::string_view name) {
  return {ErrorKind::bad_input, fmt::format("Group not found: {}", name.substr(0, 200))};
}

Status check_name(std::string_view name) {
  const bool known_characters = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ' ' || c >= 0x80;
  });
  if (known_characters && name != kDefaultGroup) return {};
  return {ErrorKind::bad_input,
          name == kDefaultGroup
              ? std::string("The group Default is always there")
              : fmt::format("A group's name has letters, digits, - _ . and blanks, got {}", name)};
}

}  // namespace

Result<std::vector<Group>> Groups::list(EnvironmentId environment, std::string_view region) {
  CLEW_ASSIGN(std::vector<control::Record> records, records_.list(environment, kKind));
  std::vector<Group> groups{
      {.name = std::string(kDefaultGroup), .arn = arn_of(kDefaultGroup, {}, region), .expression = {}}};
  for (const control::Record& record : records) groups.push_back(group_of(record, region));
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.name < b.name; });
  return groups;
}

Result<Group> Groups::find(EnvironmentId environment, std::string_view name_or_arn, std::string_view region) {
  const std::string_view name = name_in(name_or_arn);
  if (name == kDefaultGroup)
    return Group{.name = std::string(name), .arn = arn_of(name, {}, region), .expression = {}};
  CLEW_ASSIGN(std::optional<control::Record> record, records_.find(environment, kKind, name));
  if (!record) return no_such_group(name);
  return group_of(*record, region);
}

Result<Group> Groups::create(EnvironmentId environment, const Group& group, std::string_view region) {
  CLEW_TRY(check_name(group.name));
  if (!group.expression.empty()) CLEW_TRY(read_filter(environment, group.expression).status());
  const Status made = records_.create(environment, kKind, group.name, body_of(group), kMostGroups);
  if (!made.ok()) {
    if (made.kind() == ErrorKind::conflict)
      return Status(ErrorKind::bad_input, fmt::format("Group already exists: {}", group.name));
    if (made.kind() == ErrorKind::exhausted)
      return Status(ErrorKind::bad_input, fmt::format("There are {} groups already", kMostGroups));
    return made;
  }
  return find(environment, group.name, region);
}

Result<Group> Groups::update(EnvironmentId environment, std::string_view name_or_arn,
                             const GroupChange& change, std::string_view region) {
  const std::string_view name = name_in(name_or_arn);
  if (name == kDefaultGroup) return Status(ErrorKind::bad_input, "The group Default cannot be changed");
  if (change.expression) CLEW_TRY(read_filter(environment, *change.expression).status());
  const auto changed =
      records_.change(environment, kKind, name, [&](const std::string& body) -> Result<std::string> {
        Group group = group_of(name, body);
        group.expression = change.expression.value_or(group.expression);
        group.insights = change.insights.value_or(group.insights);
        group.notifications = change.notifications.value_or(group.notifications);
        return body_of(group);
      });
  if (!changed.ok())
    return changed.status().kind() == ErrorKind::not_found ? no_such_group(name) : changed.status();
  return group_of(*changed, region);
}

Status Groups::remove(EnvironmentId environment, std::string_view name_or_arn) {
  const std::string_view name = name_in(name_or_arn);
  if (name == kDefaultGroup) return {ErrorKind::bad_input, "The group Default cannot be deleted"};
  CLEW_ASSIGN(const bool was_there, records_.remove(environment, kKind, name));
  return was_there ? Status() : no_such_group(name);
}

Result<FilterExpression> Groups::read_filter(EnvironmentId environment, const std::string& expression) {
  CLEW_ASSIGN(FilterExpression filter, parse_filter_expression(expression));
  Status trouble;
  CLEW_TRY(resolve_groups(filter, [&](const std::string& name, bool) -> std::optional<std::string> {
    if (name_in(name) == kDefaultGroup) return std::string();
    Result<std::optional<control::Record>> record = records_.find(environment, kKind, name_in(name));
    if (!record.ok()) {
      trouble = record.status();
      return std::nullopt;
    }
    return *record ? std::optional(group_of(name, (*record)->body).expression) : std::nullopt;
  }));
  CLEW_TRY(std::move(trouble));
  return filter;
}

}  // namespace clew::xray
