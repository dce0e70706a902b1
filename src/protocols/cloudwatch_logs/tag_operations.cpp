// The operations about tags: by ARN, and the older ones by the group's name.
#include <fmt/format.h>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/log_group.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/tag_input.h"

namespace clew::cloudwatch_logs {
namespace {

Answer add(const Call& call, std::string_view group, const Tags& tags) {
  bool too_many = false;
  const Status changed =
      LogGroups(call.records(), call.environment).change(group, [&](LogGroup& to) -> Status {
        for (const auto& [key, value] : tags) to.tags.insert_or_assign(key, value);
        too_many = to.tags.size() > LogGroups::kMostTags;
        return too_many ? Status(ErrorKind::too_large, "too many") : Status();
      });
  if (too_many)
    return aws::Error{
        .type = "TooManyTagsException",
        .message = fmt::format("A resource can have no more than {} tags.", LogGroups::kMostTags),
        .status = 400,
        .resource = std::string(group)};
  if (!changed.ok()) return error_of(changed);
  return std::string();
}

Answer remove(const Call& call, std::string_view group, const std::vector<std::string>& keys) {
  const Status changed = LogGroups(call.records(), call.environment).change(group, [&](LogGroup& from) {
    for (const std::string& key : keys) from.tags.erase(key);
    return Status();
  });
  if (!changed.ok()) return error_of(changed);
  return std::string();
}

Answer list(const Call& call, std::string_view name) {
  const Result<LogGroup> group = LogGroups(call.records(), call.environment).find(name);
  if (!group.ok()) return error_of(group.status());
  JsonWriter json;
  json.begin_object().key("tags").begin_object();
  for (const auto& [key, value] : group->tags) json.key(key).string(value);
  return json.end_object().end_object().take();
}

}  // namespace

Tags read_tags(Input& input, std::string_view member) {
  Tags tags;
  const JsonValue* given = input.object(member);
  if (given == nullptr) return tags;
  for (const JsonValue::Member& tag : *given->object()) {
    const std::string* value = tag.value.string();
    if (value == nullptr) {
      input.refuse(aws::serialization_failed("the value of a tag must be a text"));
    } else if (tag.name.empty() || tag.name.size() > 128 || value->size() > 256) {
      input.refuse(std::string("A tag has a key of 1 to 128 characters and a value of at most 256"));
    } else if (tag.name.starts_with("aws:")) {
      input.refuse(std::string("Tag keys that begin with aws: are reserved"));
    } else {
      tags.emplace(tag.name, *value);
    }
  }
  if (tags.size() > LogGroups::kMostTags)
    input.refuse(std::string("A resource can have no more than 50 tags."));
  return tags;
}

Answer tag_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("resourceArn", {1, 1011});
  const Tags tags = read_tags(input, "tags");
  input.require("tags");
  return input.ok() ? add(call, group_name_in(arn), tags) : Answer(input.error());
}

Answer untag_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("resourceArn", {1, 1011});
  const std::vector<std::string> keys = input.required_texts("tagKeys", {0, 50});
  return input.ok() ? remove(call, group_name_in(arn), keys) : Answer(input.error());
}

Answer list_tags_for_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("resourceArn", {1, 1011});
  return input.ok() ? list(call, group_name_in(arn)) : Answer(input.error());
}

Answer tag_log_group(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  const Tags tags = read_tags(input, "tags");
  return input.ok() ? add(call, name, tags) : Answer(input.error());
}

Answer untag_log_group(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  const std::vector<std::string> keys = input.required_texts("tags", {1, 50});
  return input.ok() ? remove(call, name, keys) : Answer(input.error());
}

Answer list_tags_log_group(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("logGroupName", {1, 512});
  return input.ok() ? list(call, name) : Answer(input.error());
}

}  // namespace clew::cloudwatch_logs
