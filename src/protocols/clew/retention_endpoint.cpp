// How long data is kept, of everything and of single senders: listed, set, and taken back.

#include <algorithm>

#include "base/json_value.h"
#include "control/retention.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/settings_rights.h"

namespace clew::api {
namespace {

constexpr size_t kLongestText = 1'000;

struct Change {
  std::string attribute = "service.name";
  std::string value;
  std::vector<Signal> signals = {Signal::traces, Signal::logs, Signal::metrics};
  std::optional<int64_t> kept_days;  // nullopt: as long as the store keeps anything
};
struct ChangeOrFault {
  Change change;
  Status status;
  Fault fault;
};

ChangeOrFault read_change(std::string_view text) {
  const auto fault = [](std::string field, std::string sentence) {
    return ChangeOrFault{{}, Status(ErrorKind::bad_input, field + " " + sentence), Fault{field, {}}};
  };
  const Result<JsonValue> body = parse_json(text, 4);
  if (!body.ok()) return {{}, body.status(), {}};
  if (body->object() == nullptr)
    return {{}, Status(ErrorKind::bad_input, "The body must be a JSON object"), {}};
  Change change;
  bool has_days = false;
  for (const JsonValue::Member& member : *body->object()) {
    const JsonValue& value = member.value;
    const bool is_text =
        value.string() != nullptr && !value.string()->empty() && value.string()->size() <= kLongestText;
    if (member.name == "attribute" || member.name == "value") {
      if (!is_text) return fault(member.name, "must be a text of 1 to 1000 bytes");
      (member.name == "value" ? change.value : change.attribute) = *value.string();
    } else if (member.name == "signal") {
      const auto signal = is_text ? signal_named(*value.string()) : std::nullopt;
      if (!signal) return fault("signal", "must be traces, logs or metrics");
      change.signals = {*signal};
    } else if (member.name == "days") {
      has_days = true;
      if (value.integer() != nullptr) change.kept_days = *value.integer();
      const bool is_number =
          change.kept_days && *change.kept_days >= 1 && *change.kept_days <= control::Retention::kMostDays;
      if (!value.is_null() && !is_number)
        return fault("days", "must be a whole number from 1 to 36500, or null");
    } else {
      return fault(member.name.substr(0, 100), "is not known here");
    }
  }
  if (change.value.empty() && change.attribute != "service.name")
    return fault("value", "is required where an attribute is named");
  if (!has_days) return fault("days", "is required: a number, or null for as long as everything");
  return {std::move(change), {}, {}};
}

net::Response list_of_rules(const Call& call) {
  JsonWriter writer;
  writer.begin_object().key("rules").begin_array();
  if (control::Retention* retention = call.options().retention) {
    const auto rules = retention->list(call.environment);
    if (!rules.ok()) return refusal(rules.status());
    for (const control::RetentionRule& rule : *rules) {
      writer.begin_object().key("signal").string(name_of(rule.signal));
      if (!rule.value.empty()) writer.key("attribute").string(rule.attribute).key("value").string(rule.value);
      writer.key("days").integer(rule.kept_days);
      writer.time_members("modified", rule.modified).end_object();
    }
  }
  return json(std::move(writer.end_array().end_object()));
}

}  // namespace

net::Response answer_retention(const Call& call) {
  return list_of_rules(call);
}

net::Response answer_retention_change(const Call& call) {
  if (Status may = may_change_settings(call); !may.ok()) return refusal(may);
  control::Retention* retention = call.options().retention;
  if (retention == nullptr)
    return refusal(Status(ErrorKind::unsupported, "Retention cannot be changed from here"));
  const ChangeOrFault asked = read_change(call.request.body.view());
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  const Change& change = asked.change;
  for (const Signal signal : change.signals) {
    const control::RetentionRule rule{.signal = signal,
                                      .attribute = change.attribute,
                                      .value = change.value,
                                      .kept_days = change.kept_days.value_or(0)};
    const Status changed = change.kept_days ? retention->set(call.environment, rule)
                                            : retention->remove(call.environment, rule).status();
    if (!changed.ok()) return refusal(changed);
  }
  return list_of_rules(call);
}

}  // namespace clew::api
