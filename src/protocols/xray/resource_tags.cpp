#include "protocols/xray/resource_tags.h"

#include <fmt/format.h>

namespace clew::xray {
namespace {

constexpr std::string_view kKind = "xray.tags";
constexpr Length kKeyLength{1, 128}, kValueLength{0, 256};

// The same resource has another ARN in another region, but the tags are its own.
std::string resource_in(std::string_view arn) {
  // arn:aws:xray:REGION:ACCOUNT:RESOURCE
  size_t at = 0;
  for (int colons = 0; colons < 5 && at != std::string_view::npos; ++colons) at = arn.find(':', at) + 1;
  return std::string(arn.substr(at));
}

}  // namespace

Tags read_tags(Input& input) {
  Tags tags;
  const JsonValue* list = input.list("Tags");
  if (list == nullptr) return tags;
  for (const JsonValue& one : *list->array()) {
    Input tag(one);
    const std::string key = tag.required_text("Key", kKeyLength),
                      value = tag.required_text("Value", kValueLength);
    if (!tag.ok()) input.refuse(tag.error());
    if (key.starts_with("aws:")) input.refuse(std::string("Tag keys that begin with aws: are reserved"));
    if (!tags.emplace(key, value).second) input.refuse(fmt::format("The tag {} is given twice", key));
  }
  return tags;
}

Result<Tags> ResourceTags::list(EnvironmentId environment, std::string_view arn) {
  CLEW_ASSIGN(std::optional<control::Record> record, records_.find(environment, kKind, resource_in(arn)));
  Tags tags;
  if (!record) return tags;
  CLEW_ASSIGN(JsonValue body, parse_json(record->body));
  if (body.object() == nullptr) return tags;
  for (const JsonValue::Member& member : *body.object()) {
    if (member.value.string() != nullptr) tags.emplace(member.name, *member.value.string());
  }
  return tags;
}

Status ResourceTags::add(EnvironmentId environment, std::string_view arn, const Tags& tags) {
  CLEW_ASSIGN(Tags all, list(environment, arn));
  for (const auto& [key, value] : tags) all.insert_or_assign(key, value);
  if (all.size() > kMostTags)
    return {ErrorKind::too_large,
            fmt::format("A resource can have {} tags, this one would have {}", kMostTags, all.size())};
  return put(environment, arn, all);
}

Status ResourceTags::remove(EnvironmentId environment, std::string_view arn,
                            const std::vector<std::string>& keys) {
  CLEW_ASSIGN(Tags all, list(environment, arn));
  for (const std::string& key : keys) all.erase(key);
  return put(environment, arn, all);
}

Status ResourceTags::forget(EnvironmentId environment, std::string_view arn) {
  return records_.remove(environment, kKind, resource_in(arn)).status();
}

Status ResourceTags::put(EnvironmentId environment, std::string_view arn, const Tags& tags) {
  JsonValue body{JsonValue::Object()};
  for (const auto& [key, value] : tags) body[key] = JsonValue(value);
  return records_.put(environment, kKind, resource_in(arn), body.text());
}

}  // namespace clew::xray
