#include "protocols/cloudwatch_logs/log_group.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/json_value.h"
#include "protocols/cloudwatch_logs/call.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kKind = "logs.groups";
constexpr std::array<int64_t, 23> kRetentions = {1,    3,    5,    7,    14,   30,   60,  90,
                                                 120,  150,  180,  365,  400,  545,  731, 1096,
                                                 1827, 2192, 2557, 2922, 3288, 3653, 0};

std::string body_of(const LogGroup& group) {
  JsonWriter json;
  json.begin_object().key("first_event").integer(group.first_event);
  json.key("class").string(group.log_class);
  if (group.retention_days) json.key("retention_days").integer(*group.retention_days);
  if (!group.kms_key.empty()) json.key("kms_key").string(group.kms_key);
  if (group.deletion_protected) json.key("deletion_protected").boolean(true);
  json.key("tags").begin_object();
  for (const auto& [key, value] : group.tags) json.key(key).string(value);
  return json.end_object().end_object().take();
}

LogGroup group_of(const control::Record& record, const std::string& body) {
  LogGroup group;
  group.name = record.name;
  group.created = record.created;
  const Result<JsonValue> parsed = parse_json(body);
  if (!parsed.ok()) return group;
  const auto text = [&](std::string_view name) -> const std::string* {
    const JsonValue* value = parsed->find(name);
    return value == nullptr ? nullptr : value->string();
  };
  const auto integer = [&](std::string_view name) -> const int64_t* {
    const JsonValue* value = parsed->find(name);
    return value == nullptr ? nullptr : value->integer();
  };
  if (const auto* first = integer("first_event")) group.first_event = *first;
  if (const auto* days = integer("retention_days")) group.retention_days = *days;
  if (const auto* log_class = text("class")) group.log_class = *log_class;
  if (const auto* key = text("kms_key")) group.kms_key = *key;
  group.deletion_protected = parsed->find("deletion_protected") != nullptr;
  const JsonValue* tags = parsed->find("tags");
  if (tags != nullptr && tags->object() != nullptr) {
    for (const JsonValue::Member& tag : *tags->object())
      if (tag.value.string() != nullptr) group.tags.emplace(tag.name, *tag.value.string());
  }
  return group;
}

}  // namespace

UnixNanos LogGroup::oldest(UnixNanos now) const {
  return retention_days ? now - days(*retention_days) : UnixNanos{INT64_MIN};
}

std::string LogGroup::arn(std::string_view region) const {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}", region, kAccount, name);
}

bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= 512 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '/' || c == '#' ||
           c == '-';
  });
}

std::string group_name_in(std::string_view name_or_arn) {
  constexpr std::string_view kBefore = ":log-group:";
  if (!name_or_arn.starts_with("arn:")) return std::string(name_or_arn);
  const size_t at = name_or_arn.find(kBefore);
  if (at == std::string_view::npos) return std::string(name_or_arn);
  std::string_view name = name_or_arn.substr(at + kBefore.size());
  return std::string(name.substr(0, name.find(':')));
}

bool is_retention(int64_t days) {
  return days > 0 && std::find(kRetentions.begin(), kRetentions.end(), days) != kRetentions.end();
}

Result<std::vector<LogGroup>> LogGroups::list() {
  CLEW_ASSIGN(const std::vector<control::Record> records, records_.list(environment_, kKind));
  std::vector<LogGroup> groups;
  for (const control::Record& record : records) groups.push_back(group_of(record, record.body));
  return groups;
}

Result<LogGroup> LogGroups::find(std::string_view name) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment_, kKind, name));
  if (!record) return Status(ErrorKind::not_found, "The specified log group does not exist.");
  return group_of(*record, record->body);
}

Status LogGroups::create(const LogGroup& group) {
  Status made = records_.create(environment_, kKind, group.name, body_of(group), kMost);
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return Status(ErrorKind::conflict, "The specified log group already exists");
  return made;
}

Status LogGroups::remove(std::string_view name) {
  CLEW_ASSIGN(const bool was_there, records_.remove(environment_, kKind, name));
  return was_there ? Status() : Status(ErrorKind::not_found, "The specified log group does not exist.");
}

Status LogGroups::change_with(std::string_view name, const std::function<Status(LogGroup&)>& change) {
  Result<control::Record> changed =
      records_.change(environment_, kKind, name, [&](const std::string& body) -> Result<std::string> {
        LogGroup group =
            group_of({.name = std::string(name), .body = {}, .created = {}, .modified = {}}, body);
        CLEW_TRY(change(group));
        return body_of(group);
      });
  if (!changed.ok() && changed.status().kind() == ErrorKind::not_found)
    return Status(ErrorKind::not_found, "The specified log group does not exist.");
  return std::move(changed).status();
}

}  // namespace clew::cloudwatch_logs
