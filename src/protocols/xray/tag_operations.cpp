// The operations about tags.
#include <fmt/format.h>

#include "protocols/xray/group.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/resource_tags.h"
#include "protocols/xray/sampling_rule.h"

namespace clew::xray {
namespace {

// Groups and sampling rules can be tagged, when they are there.
std::optional<aws::Error> trouble_with(const Call& call, const std::string& arn) {
  bool is_there = false;
  if (arn.starts_with("arn:") && arn.find(":group/") != std::string::npos) {
    is_there = Groups(*call.options().records).find(call.environment, arn, call.region).ok();
  } else if (const size_t name = arn.find(":sampling-rule/");
             arn.starts_with("arn:") && name != std::string::npos) {
    is_there = SamplingRules(*call.options().records)
                   .find(call.environment,
                         std::string_view(arn).substr(name + std::string_view(":sampling-rule/").size()))
                   .ok();
  }
  if (is_there) return std::nullopt;
  return aws::Error{.type = "ResourceNotFoundException",
                    .message = fmt::format("Resource not found: {}", arn.substr(0, 400)),
                    .status = 404,
                    .resource = arn.substr(0, 400)};
}

constexpr Length kArnLength{1, 1011};

}  // namespace

Answer tag_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("ResourceARN", kArnLength);
  if (input.list("Tags") == nullptr) input.refuse(std::string("Tags are missing"));
  const Tags tags = read_tags(input);
  if (!input.ok()) return input.error();
  if (std::optional<aws::Error> trouble = trouble_with(call, arn)) return *trouble;
  const Status added = ResourceTags(*call.options().records).add(call.environment, arn, tags);
  if (added.ok()) return std::string("{}");
  if (added.kind() != ErrorKind::too_large) return error_of(added);
  return aws::Error{.type = "TooManyTagsException",
                    .message = std::string(added.message()),
                    .status = 400,
                    .resource = arn};
}

Answer untag_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("ResourceARN", kArnLength);
  const std::vector<std::string> keys = input.required_texts("TagKeys", {0, 200});
  if (!input.ok()) return input.error();
  if (std::optional<aws::Error> trouble = trouble_with(call, arn)) return *trouble;
  const Status removed = ResourceTags(*call.options().records).remove(call.environment, arn, keys);
  return removed.ok() ? Answer(std::string("{}")) : error_of(removed);
}

Answer list_tags_for_resource(const Call& call) {
  Input input(call.input);
  const std::string arn = input.required_text("ResourceARN", kArnLength);
  if (!input.ok()) return input.error();
  if (std::optional<aws::Error> trouble = trouble_with(call, arn)) return *trouble;
  const Result<Tags> tags = ResourceTags(*call.options().records).list(call.environment, arn);
  if (!tags.ok()) return error_of(tags.status());
  JsonWriter json;
  json.begin_object().key("Tags").begin_array();
  for (const auto& [key, value] : *tags)
    json.begin_object().key("Key").string(key).key("Value").string(value).end_object();
  json.end_array().end_object();
  return json.take();
}

}  // namespace clew::xray
