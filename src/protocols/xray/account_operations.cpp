// The settings of an account: encryption, where segments go, what is indexed.
#include <cmath>

#include <fmt/format.h>

#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {
namespace {

constexpr std::string_view kKind = "xray.setting";
constexpr std::string_view kIndexing = "indexing rule Default";

// Everything is indexed, whatever is desired.
constexpr double kIndexedPercentage = 100;

Result<std::string> indexing_rule(const Call& call) {
  const auto record = call.options().records->find(call.environment, kKind, kIndexing);
  if (!record.ok()) return record.status();
  double desired = kIndexedPercentage;
  double modified = 0;
  if (*record) {
    Result<JsonValue> body = parse_json((*record)->body);
    if (body.ok()) desired = body->number().value_or(desired);
    modified = seconds_of((*record)->modified);
  }
  JsonWriter json;
  json.begin_object().key("Name").string("Default").key("ModifiedAt").number(modified);
  json.key("Rule").begin_object().key("Probabilistic").begin_object();
  json.key("DesiredSamplingPercentage").number(desired);
  json.key("ActualSamplingPercentage").number(kIndexedPercentage);
  json.end_object().end_object().end_object();
  return json.take();
}

}  // namespace

Answer get_encryption_config(const Call&) {
  return std::string(R"({"EncryptionConfig":{"Status":"ACTIVE","Type":"NONE"}})");
}

// It must not seem that data is encrypted when it is not.
Answer put_encryption_config(const Call& call) {
  Input input(call.input);
  const std::string type = input.required_text("Type");
  const std::optional<std::string> key = input.text("KeyId", {1, 3000});
  if (type != "NONE" && type != "KMS") input.refuse(std::string("Type must be NONE or KMS"));
  if (type == "NONE" && key) input.refuse(std::string("KeyId is only for the type KMS"));
  if (type == "KMS")
    input.refuse(std::string(
        "There is no KMS here: what is stored is not encrypted by clew. Encrypt its disk instead"));
  if (!input.ok()) return input.error();
  return get_encryption_config(call);
}

Answer get_trace_segment_destination(const Call&) {
  return std::string(R"({"Destination":"XRay","Status":"ACTIVE"})");
}

// Segments are where every other view finds them too, so there is nothing to choose.
Answer update_trace_segment_destination(const Call& call) {
  Input input(call.input);
  const std::string destination = input.text("Destination").value_or("XRay");
  if (destination != "XRay" && destination != "CloudWatchLogs")
    input.refuse(std::string("Destination must be XRay or CloudWatchLogs"));
  if (destination == "CloudWatchLogs")
    input.refuse(
        std::string("Spans are kept in clew's own store, and served from there to every API: there is no "
                    "other destination"));
  if (!input.ok()) return input.error();
  return get_trace_segment_destination(call);
}

Answer get_indexing_rules(const Call& call) {
  Result<std::string> rule = indexing_rule(call);
  if (!rule.ok()) return error_of(rule.status());
  return fmt::format(R"({{"IndexingRules":[{}]}})", *rule);
}

Answer update_indexing_rule(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("Name");
  const JsonValue* rule = input.object("Rule");
  const JsonValue* probabilistic = rule == nullptr ? nullptr : rule->find("Probabilistic");
  const JsonValue* desired =
      probabilistic == nullptr ? nullptr : probabilistic->find("DesiredSamplingPercentage");
  const std::optional<double> percentage = desired == nullptr ? std::nullopt : desired->number();
  if (!percentage || !(*percentage >= 0 && *percentage <= 100))
    input.refuse(std::string("Rule.Probabilistic.DesiredSamplingPercentage must be a number from 0 to 100"));
  if (input.ok() && name != "Default") {
    input.refuse(aws::Error{.type = "ResourceNotFoundException",
                            .message = "The only indexing rule is Default",
                            .status = 404,
                            .resource = name.substr(0, 200)});
  }
  if (!input.ok()) return input.error();
  const Status kept =
      call.options().records->put(call.environment, kKind, kIndexing, fmt::format("{}", *percentage));
  if (!kept.ok()) return error_of(kept);
  Result<std::string> now_in_force = indexing_rule(call);
  if (!now_in_force.ok()) return error_of(now_in_force.status());
  return fmt::format(R"({{"IndexingRule":{}}})", *now_in_force);
}

}  // namespace clew::xray
