// Resource policies: kept and given back. Who may do what is decided by keys, not by them.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {
namespace {

constexpr std::string_view kKind = "xray.policy";
constexpr size_t kMostPolicies = 5;
constexpr size_t kLongestPolicy = 5 * 1024;

struct Policy {
  std::string document;
  int64_t revision = 0;
};

Policy policy_of(const std::string& body) {
  Policy policy;
  const Result<JsonValue> json = parse_json(body);
  if (!json.ok()) return policy;
  const JsonValue *document = json->find("document"), *revision = json->find("revision");
  if (document != nullptr && document->string() != nullptr) policy.document = *document->string();
  if (revision != nullptr && revision->integer() != nullptr) policy.revision = *revision->integer();
  return policy;
}

std::string body_of(const Policy& policy) {
  JsonValue body;
  body["document"] = JsonValue(policy.document);
  body["revision"] = JsonValue(policy.revision);
  return body.text();
}

aws::Error policy_error(std::string type, std::string message) {
  return {.type = std::move(type), .message = std::move(message), .status = 400, .resource = {}};
}

void write_policy(JsonWriter& json, const control::Record& record) {
  const Policy policy = policy_of(record.body);
  json.begin_object().key("PolicyName").string(record.name).key("PolicyDocument").string(policy.document);
  json.key("PolicyRevisionId").string(std::to_string(policy.revision));
  json.key("LastUpdatedTime").number(seconds_of(record.modified)).end_object();
}

// A policy is an object with statements.
bool is_policy(const std::string& document) {
  const Result<JsonValue> json = parse_json(document, 32);
  if (!json.ok() || json->object() == nullptr) return false;
  const JsonValue* statements = json->find("Statement");
  return statements != nullptr && (statements->array() != nullptr || statements->object() != nullptr);
}

std::optional<aws::Error> wrong_revision(const std::optional<std::string>& given,
                                         const std::optional<control::Record>& record) {
  const int64_t current = record ? policy_of(record->body).revision : 0;
  if (!given || *given == std::to_string(current)) return std::nullopt;
  return policy_error("InvalidPolicyRevisionIdException",
                      fmt::format("The policy's revision is {}, not {}", current, given->substr(0, 60)));
}

}  // namespace

Answer put_resource_policy(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("PolicyName", {1, 128});
  const std::string document = input.required_text("PolicyDocument");
  const std::optional<std::string> revision = input.text("PolicyRevisionId");
  (void)input.flag("BypassPolicyLockoutCheck");
  if (!input.ok()) return input.error();
  if (document.size() > kLongestPolicy)
    return policy_error(
        "PolicySizeLimitExceededException",
        fmt::format("A policy may have {} bytes, this one has {}", kLongestPolicy, document.size()));
  if (!is_policy(document))
    return policy_error("MalformedPolicyDocumentException",
                        "The policy must be a JSON object with a Statement");
  control::Records& records = *call.options().records;
  Result<std::optional<control::Record>> known = records.find(call.environment, kKind, name);
  if (!known.ok()) return error_of(known.status());
  if (std::optional<aws::Error> wrong = wrong_revision(revision, *known)) return *wrong;
  Policy policy{.document = document, .revision = 1};
  Status kept;
  if (*known) {
    policy.revision = policy_of((*known)->body).revision + 1;
    kept = records.put(call.environment, kKind, name, body_of(policy));
  } else {
    kept = records.create(call.environment, kKind, name, body_of(policy), kMostPolicies);
    if (!kept.ok() && kept.kind() == ErrorKind::exhausted)
      return policy_error("PolicyCountLimitExceededException",
                          fmt::format("There are {} policies already", kMostPolicies));
  }
  if (!kept.ok()) return error_of(kept);
  known = records.find(call.environment, kKind, name);
  if (!known.ok()) return error_of(known.status());
  JsonWriter json;
  json.begin_object().key("ResourcePolicy");
  write_policy(json, known->value_or(control::Record{.name = name, .body = body_of(policy)}));
  json.end_object();
  return json.take();
}

Answer delete_resource_policy(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("PolicyName", {1, 128});
  const std::optional<std::string> revision = input.text("PolicyRevisionId");
  if (!input.ok()) return input.error();
  control::Records& records = *call.options().records;
  const Result<std::optional<control::Record>> known = records.find(call.environment, kKind, name);
  if (!known.ok()) return error_of(known.status());
  if (std::optional<aws::Error> wrong = wrong_revision(revision, *known)) return *wrong;
  const Result<bool> removed = records.remove(call.environment, kKind, name);
  if (!removed.ok()) return error_of(removed.status());
  return std::string("{}");
}

Answer list_resource_policies(const Call& call) {
  Input input(call.input);
  (void)next_place(input, "policies");
  if (!input.ok()) return input.error();
  const Result<std::vector<control::Record>> records = call.options().records->list(call.environment, kKind);
  if (!records.ok()) return error_of(records.status());
  JsonWriter json;
  json.begin_object().key("ResourcePolicies").begin_array();
  for (const control::Record& record : *records) write_policy(json, record);
  json.end_array().end_object();
  return json.take();
}

}  // namespace clew::xray
