// The operations about log groups, their retention and their protection.
#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "protocols/cloudwatch_logs/erasures.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/filter_input.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/log_stream.h"
#include "protocols/cloudwatch_logs/metric_filter.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/stored_bytes.h"
#include "protocols/cloudwatch_logs/tag_input.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr int64_t kMostOfPage = 50, kMostOfLongPage = 1000;

struct GroupsWanted {
  std::optional<std::string> prefix;
  std::optional<std::string> part;
  std::optional<std::string> log_class;
  std::vector<std::string> names;  // empty: any

  bool fits(const LogGroup& group) const {
    if (prefix && !group.name.starts_with(*prefix)) return false;
    if (part && group.name.find(*part) == std::string::npos) return false;
    if (log_class && group.log_class != *log_class) return false;
    return names.empty() || std::find(names.begin(), names.end(), group.name) != names.end();
  }
};

struct GroupPage {
  std::vector<LogGroup> groups;
  std::string next;  // the last name of this page; empty: there are no more
};

Result<GroupPage> page_of(const Call& call, const GroupsWanted& wanted, std::string_view after,
                          size_t limit) {
  CLEW_ASSIGN(std::vector<LogGroup> all, LogGroups(call.records(), call.environment).list());
  GroupPage page;
  for (LogGroup& group : all) {
    if ((!after.empty() && group.name <= after) || !wanted.fits(group)) continue;
    if (page.groups.size() == limit) {
      page.next = page.groups.back().name;
      break;
    }
    page.groups.push_back(std::move(group));
  }
  return page;
}

// 0 when they cannot be read.
size_t count_metric_filters(const Call& call, std::string_view group) {
  const auto filters = GroupFilters<MetricFilter>(call.records(), call.environment, group).list();
  return filters.ok() ? filters->size() : 0;
}

// Without `stored_bytes` they are not known.
void write_group(JsonWriter& json, const Call& call, const LogGroup& group,
                 std::optional<uint64_t> stored_bytes) {
  json.begin_object().key("logGroupName").string(group.name);
  json.key("arn").string(group.arn(call.region) + ":*");
  json.key("logGroupArn").string(group.arn(call.region));
  json.key("creationTime").integer(group.created.count / 1'000'000);
  json.key("logGroupClass").string(group.log_class);
  json.key("metricFilterCount").integer(count_metric_filters(call, group.name));
  if (stored_bytes) json.key("storedBytes").integer(*stored_bytes);
  if (group.retention_days) json.key("retentionInDays").integer(*group.retention_days);
  if (!group.kms_key.empty()) json.key("kmsKeyId").string(group.kms_key);
  json.key("deletionProtectionEnabled").boolean(group.deletion_protected);
  json.key("bearerTokenAuthenticationEnabled").boolean(false);
  json.end_object();
}

Answer done(const Status& status) {
  if (!status.ok()) return error_of(status);
  return std::string();
}

}  // namespace

Answer create_log_group(const Call& call) {
  Input input(call.input);
  LogGroup group{.name = input.required_text("logGroupName", {1, 512})};
  group.kms_key = input.text("kmsKeyId", {0, 256}).value_or("");
  group.log_class = input.text("logGroupClass").value_or("STANDARD");
  group.deletion_protected = input.flag("deletionProtectionEnabled").value_or(false);
  group.tags = read_tags(input, "tags");
  if (!input.ok()) return input.error();
  if (!is_group_name(group.name))
    return invalid_parameter(
        fmt::format("1 validation error detected: Value '{}' at 'logGroupName' failed to satisfy constraint: "
                    "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
                    group.name));
  if (group.name.starts_with("aws/"))
    return invalid_parameter("Log groups starting with AWS/ are reserved for AWS.");
  if (group.log_class != "STANDARD" && group.log_class != "INFREQUENT_ACCESS" &&
      group.log_class != "DELIVERY")
    return invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'logGroupClass' failed to satisfy constraint: "
        "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]",
        group.log_class));
  group.first_event = call.context.numbers.take(1);
  const Status made = LogGroups(call.records(), call.environment).create(group);
  if (!made.ok() && made.kind() == ErrorKind::exhausted) return limit_exceeded("Resource limit exceeded.");
  return done(made);
}

Answer delete_log_group(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  if (!input.ok()) return input.error();
  LogGroups groups(call.records(), call.environment);
  const Result<LogGroup> group = groups.find(name);
  if (!group.ok()) return error_of(group.status());
  if (group->deletion_protected)
    return validation_failed(
        "The log group is protected from deletion. Turn its deletion protection off first.");
  if (Status removed = LogStreams(call.records(), call.environment, name).remove_all(); !removed.ok())
    return error_of(removed);
  if (Status removed = remove_filters(call, name); !removed.ok()) return error_of(removed);
  Erasures& erasures = call.context.erasures;
  const Status removed = erasures.remove_with_events(call.environment, name, "", call.context.numbers.take(1),
                                                     [&] { return groups.remove(name); });
  if (!removed.ok()) return error_of(removed);
  if (const Status forgotten = erasures.forget_what_is_gone(call.environment, call.now, call.run_options());
      !forgotten.ok())
    log_warning("logs", forgotten.message());
  return std::string();
}

Answer describe_log_groups(const Call& call) {
  Input input(call.input);
  GroupsWanted wanted{.prefix = input.text("logGroupNamePrefix", {1, 512}),
                      .part = input.text("logGroupNamePattern", {0, 512}),
                      .log_class = input.text("logGroupClass"),
                      .names = {}};
  const auto limit = input.integer("limit", 1, kMostOfPage).value_or(kMostOfPage);
  for (const std::string& name : input.texts("logGroupIdentifiers", {1, 50}))
    wanted.names.push_back(group_name_in(name));
  const std::string after = input.next_place("groups");
  if (!input.ok()) return input.error();
  if (wanted.prefix && wanted.part)
    return invalid_parameter(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const Result<GroupPage> page = page_of(call, wanted, after, static_cast<size_t>(limit));
  if (!page.ok()) return error_of(page.status());
  const auto bytes = stored_bytes_of(call, page->groups);
  JsonWriter json;
  json.begin_object().key("logGroups").begin_array();
  for (const LogGroup& group : page->groups)
    write_group(json, call, group, bytes.ok() ? std::optional(bytes->at(group.name)) : std::nullopt);
  json.end_array();
  if (!page->next.empty()) json.key("nextToken").string(aws::page_token("groups", page->next));
  return json.end_object().take();
}

Answer list_log_groups(const Call& call) {
  Input input(call.input);
  GroupsWanted wanted{.prefix = {},
                      .part = input.text("logGroupNamePattern", {0, 512}),
                      .log_class = input.text("logGroupClass"),
                      .names = {}};
  const auto limit = input.integer("limit", 1, kMostOfLongPage).value_or(kMostOfPage);
  const std::string after = input.next_place("groups");
  if (!input.ok()) return input.error();
  // "^" at the beginning asks for a prefix; the rest is looked for as it stands.
  if (wanted.part && wanted.part->starts_with('^'))
    wanted.prefix = wanted.part->substr(1), wanted.part.reset();
  const Result<GroupPage> page = page_of(call, wanted, after, static_cast<size_t>(limit));
  if (!page.ok()) return error_of(page.status());
  JsonWriter json;
  json.begin_object().key("logGroups").begin_array();
  for (const LogGroup& group : page->groups) {
    json.begin_object().key("logGroupName").string(group.name);
    json.key("logGroupArn").string(group.arn(call.region));
    json.key("logGroupClass").string(group.log_class).end_object();
  }
  json.end_array();
  if (!page->next.empty()) json.key("nextToken").string(aws::page_token("groups", page->next));
  return json.end_object().take();
}

Answer put_retention_policy(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  input.require("retentionInDays");
  const std::optional<int64_t> days = input.integer("retentionInDays", INT64_MIN, INT64_MAX);
  if (!input.ok()) return input.error();
  if (!is_retention(*days))
    return invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'retentionInDays' failed to satisfy constraint: "
        "Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, "
        "545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
        *days));
  const Status changed = LogGroups(call.records(), call.environment).change(name, [&](LogGroup& group) {
    group.retention_days = *days;
    return Status();
  });
  if (changed.ok()) call.context.erasures.set_retention(call.environment, name, *days);
  return done(changed);
}

Answer delete_retention_policy(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  if (!input.ok()) return input.error();
  const Status changed = LogGroups(call.records(), call.environment).change(name, [](LogGroup& group) {
    group.retention_days.reset();
    return Status();
  });
  if (changed.ok()) call.context.erasures.set_retention(call.environment, name, std::nullopt);
  return done(changed);
}

Answer put_log_group_deletion_protection(const Call& call) {
  Input input(call.input);
  const std::string name = group_name_in(input.required_text("logGroupIdentifier", {1, 2048}));
  input.require("deletionProtectionEnabled");
  const bool is_protected = input.flag("deletionProtectionEnabled").value_or(false);
  if (!input.ok()) return input.error();
  return done(LogGroups(call.records(), call.environment).change(name, [&](LogGroup& group) {
    group.deletion_protected = is_protected;
    return Status();
  }));
}

}  // namespace clew::cloudwatch_logs
