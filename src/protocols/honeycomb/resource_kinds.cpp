// The kinds of resources that are only kept and shown.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/honeycomb/dataset_scope.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/webhook_template.h"
#include "query/expressions/expression.h"

namespace clew::honeycomb {
namespace {

using Type = ResourceField::Type;

// Under what kinds of parents there may be such resources: every dataset, and all of them.
Result<std::vector<std::string>> parents_of_datasets(const Call& call) {
  CLEW_ASSIGN(const auto datasets,
              all_datasets(*call.options().storage, call.context.datasets, call.environment()));
  std::vector<std::string> parents = {std::string(kAllDatasets)};
  for (const Dataset& one : datasets) parents.push_back(one.slug);
  return parents;
}

// Whether any text within is this one.
bool mentions(const JsonValue& value, std::string_view wanted) {
  if (const std::string* text = value.string()) return *text == wanted;
  if (const JsonValue::Array* items = value.array())
    return std::any_of(items->begin(), items->end(),
                       [&](const JsonValue& one) { return mentions(one, wanted); });
  if (const JsonValue::Object* members = value.object())
    return std::any_of(members->begin(), members->end(),
                       [&](const JsonValue::Member& one) { return mentions(one.value, wanted); });
  return false;
}

std::optional<Answer> used_by(const Call& call, std::span<const std::string_view> kinds, std::string_view id,
                              std::string_view word) {
  const auto parents = parents_of_datasets(call);
  if (!parents.ok()) return problem_of(parents.status());
  for (const std::string_view kind : kinds) {
    for (const std::string& parent : *parents) {
      const auto all = read_resources(*call.options().records, call.environment(), record_kind(kind, parent));
      if (!all.ok()) return problem_of(all.status());
      for (const JsonValue& one : *all) {
        if (mentions(one, id))
          return problem(409, "conflict", "The resource is in use.",
                         fmt::format("This {} is in use by one of the {}.", word, kind));
      }
    }
  }
  return std::nullopt;
}

constexpr std::array kDerivedColumnFields = {
    ResourceField{.name = "alias", .required = true, .least = 1, .most = 255},
    ResourceField{.name = "expression", .required = true, .least = 1, .most = 4095},
    ResourceField{.name = "description", .most = 1023},
};
void check_derived_column(const Call&, JsonValue& body, const JsonValue*, Faults& faults) {
  const auto expression = query::parse_expression(text_in(body, "expression"));
  if (!expression.ok())
    faults.push_back({"expression", "invalid", std::string(expression.status().message())});
}
std::optional<Answer> keep_derived_column(const Call& call, const JsonValue& body) {
  constexpr std::array<std::string_view, 2> kUsers = {"triggers", "slos"};
  return used_by(call, kUsers, text_in(body, "alias"), "derived column");
}

constexpr std::array kMarkerFields = {
    ResourceField{.name = "start_time", .type = Type::integer},
    ResourceField{.name = "end_time", .type = Type::integer},
    ResourceField{.name = "message", .most = 4000},
    ResourceField{.name = "type", .most = 255},
    ResourceField{.name = "url", .most = 2048},
};
void check_marker(const Call& call, JsonValue& body, const JsonValue*, Faults& faults) {
  if (body.find("start_time") == nullptr) body["start_time"] = JsonValue(call.now.count / 1'000'000'000);
  const JsonValue *start = body.find("start_time"), *end = body.find("end_time");
  if (end != nullptr && end->number().value_or(0) < start->number().value_or(0))
    faults.push_back({"end_time", "invalid", "must not be before start_time"});
}
// The colour is the setting of its type.
void present_marker(const Call& call, JsonValue& body) {
  const auto settings = read_resources(*call.options().records, call.environment(),
                                       record_kind(kMarkerSettings.name, call.segment("dataset")));
  if (!settings.ok()) return;
  for (const JsonValue& one : *settings) {
    if (text_in(one, "type") == text_in(body, "type")) body["color"] = JsonValue(text_in(one, "color"));
  }
}

constexpr std::array kMarkerSettingFields = {
    ResourceField{.name = "type", .required = true, .immutable = true, .least = 1, .most = 255},
    ResourceField{.name = "color", .required = true, .least = 7, .most = 7},
};
void check_marker_setting(const Call&, JsonValue& body, const JsonValue*, Faults& faults) {
  const std::string color = text_in(body, "color");
  const bool is_color = color.size() == 7 && color[0] == '#' &&
                        color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
  if (!is_color) faults.push_back({"color", "invalid", "must be a colour such as #7b1fa2"});
}

constexpr std::array kQueryAnnotationFields = {
    ResourceField{.name = "name", .required = true, .least = 1, .most = 320},
    ResourceField{.name = "description", .most = 1023},
    ResourceField{.name = "query_id", .required = true, .immutable = true, .least = 1, .most = 60},
};
void check_query_annotation(const Call& call, JsonValue& body, const JsonValue* before, Faults& faults) {
  if (before != nullptr) return;
  const auto query =
      read_resource(*call.options().records, call.environment(),
                    record_kind("queries", call.segment("dataset")), text_in(body, "query_id"));
  if (!query.ok() || !*query)
    faults.push_back({"query_id", "invalid", "Query ID included in body is invalid"});
  body["source"] = JsonValue("query");
}

constexpr std::array kBoardFields = {
    ResourceField{.name = "name", .required = true, .least = 1, .most = 255},
    ResourceField{.name = "description", .most = 1024},
    ResourceField{.name = "type", .one_of = "flexible|classic|list|visual"},
    ResourceField{.name = "style", .one_of = "list|visual"},
    ResourceField{.name = "column_layout", .one_of = "multi|single"},
    ResourceField{.name = "queries", .type = Type::array, .most = 100},
    ResourceField{.name = "slos", .type = Type::array, .most = 100},
    ResourceField{.name = "panels", .type = Type::array, .most = 200},
    ResourceField{.name = "tags", .type = Type::array, .most = 10},
    ResourceField{.name = "preset_filters", .type = Type::array, .most = 5},
};
void check_tags(const JsonValue& body, Faults& faults) {
  const JsonValue* tags = body.find("tags");
  if (tags == nullptr || tags->array() == nullptr) return;
  for (size_t i = 0; i < tags->array()->size(); ++i) {
    const std::string key = text_in((*tags->array())[i], "key"),
                      value = text_in((*tags->array())[i], "value");
    const bool key_fits = !key.empty() && key.size() <= 32 &&
                          std::all_of(key.begin(), key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const bool value_fits =
        !value.empty() && value.size() <= 128 && value[0] >= 'a' && value[0] <= 'z' &&
        value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789/-") == std::string::npos;
    if (!key_fits)
      faults.push_back({fmt::format("tags[{}].key", i), "invalid", "must be 1 to 32 lower-case letters"});
    if (!value_fits)
      faults.push_back({fmt::format("tags[{}].value", i), "invalid",
                        "must begin with a lower-case letter and have at most 128 of a-z, 0-9, / and -"});
  }
}
void check_panel(const JsonValue& panel, const std::string& field, Faults& faults) {
  const std::string type = text_in(panel, "type");
  const JsonValue* content = panel.find(type + "_panel");
  if (type != "query" && type != "slo" && type != "text")
    return faults.push_back({field + ".type", "invalid", "must be one of: query, slo, text"});
  if (content == nullptr || content->object() == nullptr)
    return faults.push_back({fmt::format("{}.{}_panel", field, type), "missing", "is required"});
  if (type == "query") {
    for (const char* member : {"query_id", "query_annotation_id"}) {
      if (text_in(*content, member).empty())
        faults.push_back({fmt::format("{}.query_panel.{}", field, member), "missing", "is required"});
    }
  } else if (type == "slo" && text_in(*content, "slo_id").empty()) {
    faults.push_back({field + ".slo_panel.slo_id", "missing", "is required"});
  } else if (type == "text" && text_in(*content, "content").size() > 10'000) {
    faults.push_back({field + ".text_panel.content", "invalid", "must have at most 10000 characters"});
  }
}
void check_board(const Call&, JsonValue& body, const JsonValue*, Faults& faults) {
  if (body.find("type") == nullptr) body["type"] = JsonValue("flexible");
  check_tags(body, faults);
  const JsonValue* panels = body.find("panels");
  if (panels == nullptr) return;
  for (size_t i = 0; i < panels->array()->size(); ++i)
    check_panel((*panels->array())[i], fmt::format("panels[{}]", i), faults);
}
void present_board(const Call& call, JsonValue& body) {
  const std::string host(call.request.header("host").value_or("localhost"));
  body["links"]["board_url"] = JsonValue(
      fmt::format("{}://{}/board/{}", call.request.tls ? "https" : "http", host, text_in(body, "id")));
}

constexpr std::array kBoardViewFields = {
    ResourceField{.name = "name", .required = true, .least = 1, .most = 255},
    ResourceField{.name = "filters", .type = Type::array, .required = true, .most = 100},
};
void check_board_view(const Call&, JsonValue& body, const JsonValue*, Faults& faults) {
  const JsonValue::Array& filters = *body.find("filters")->array();
  if (filters.empty()) faults.push_back({"filters", "invalid", "must have at least one item"});
  for (size_t i = 0; i < filters.size(); ++i) {
    for (const char* member : {"column", "operation"}) {
      if (text_in(filters[i], member).empty())
        faults.push_back({fmt::format("filters[{}].{}", i, member), "missing", "is required"});
    }
  }
}

constexpr std::array kRecipientFields = {
    ResourceField{.name = "type",
                  .required = true,
                  .immutable = true,
                  .one_of = "pagerduty|email|slack|webhook|msteams|msteams_workflow"},
    ResourceField{.name = "details", .type = Type::object, .required = true},
};
void check_payloads(const JsonValue& details, Faults& faults) {
  const JsonValue* payloads = details.find("webhook_payloads");
  const JsonValue* templates = payloads == nullptr ? nullptr : payloads->find("payload_templates");
  if (templates == nullptr) return;
  for (const char* kind : {"trigger", "budget_rate", "exhaustion_time"}) {
    const JsonValue* one = templates->find(kind);
    if (one == nullptr) continue;
    const auto parsed = WebhookTemplate::parse(text_in(*one, "body"));
    if (!parsed.ok())
      faults.push_back({fmt::format("details.webhook_payloads.payload_templates.{}.body", kind), "invalid",
                        std::string(parsed.status().message())});
  }
}
void check_url(const JsonValue& details, std::string_view member, Faults& faults) {
  const std::string url = text_in(details, member);
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    faults.push_back({fmt::format("details.{}", member), "invalid", "must begin with http:// or https://"});
}
void check_recipient(const Call&, JsonValue& body, const JsonValue*, Faults& faults) {
  const std::string type = text_in(body, "type");
  const JsonValue& details = *body.find("details");
  const auto need = [&](const char* member, size_t most = 2048) {
    const std::string value = text_in(details, member);
    if (value.empty()) faults.push_back({fmt::format("details.{}", member), "missing", "is required"});
    if (value.size() > most) faults.push_back({fmt::format("details.{}", member), "invalid", "is too long"});
  };
  if (type == "email") need("email_address", 320);
  if (type == "slack") need("slack_channel", 2048);
  if (type == "pagerduty") {
    need("pagerduty_integration_name", 255);
    need("pagerduty_integration_key", 255);
    if (const std::string key = text_in(details, "pagerduty_integration_key");
        !key.empty() && key.size() != 32)
      faults.push_back({"details.pagerduty_integration_key", "invalid", "must have 32 characters"});
    check_url(details, "pagerduty_events_url", faults);
  }
  if (type == "webhook" || type.starts_with("msteams")) {
    need("webhook_name", 255);
    need("webhook_url");
    check_url(details, "webhook_url", faults);
    check_payloads(details, faults);
  }
}
std::optional<Answer> keep_recipient(const Call& call, const JsonValue& body) {
  constexpr std::array<std::string_view, 2> kUsers = {"triggers", "burn_alerts"};
  return used_by(call, kUsers, text_in(body, "id"), "recipient");
}

constexpr std::array kSloFields = {
    ResourceField{.name = "name", .required = true, .least = 1, .most = 120},
    ResourceField{.name = "description", .most = 1023},
    ResourceField{.name = "sli", .type = Type::object, .required = true},
    ResourceField{
        .name = "time_period_days", .type = Type::integer, .required = true, .least = 1, .most = 90},
    ResourceField{
        .name = "target_per_million", .type = Type::integer, .required = true, .least = 0, .most = 999'999},
    ResourceField{.name = "tags", .type = Type::array, .most = 10},
    ResourceField{.name = "dataset_slugs", .type = Type::array, .most = 10},
};
void check_slo(const Call& call, JsonValue& body, const JsonValue*, Faults& faults) {
  if (text_in(*body.find("sli"), "alias").empty()) faults.push_back({"sli.alias", "missing", "is required"});
  check_tags(body, faults);
  if (call.segment("dataset") != kAllDatasets) {
    body["dataset_slugs"] = JsonValue(JsonValue::Array{JsonValue(call.segment("dataset"))});
  } else if (body.find("dataset_slugs") == nullptr || body.find("dataset_slugs")->array()->empty()) {
    faults.push_back({"dataset_slugs", "missing", "is required for an SLO of several datasets"});
  }
}
std::optional<Answer> keep_slo(const Call& call, const JsonValue& body) {
  constexpr std::array<std::string_view, 1> kUsers = {"burn_alerts"};
  return used_by(call, kUsers, text_in(body, "id"), "SLO");
}

}  // namespace

constexpr ResourceKind kDerivedColumns{
    .name = "derived_columns",
    .word = "derived column",
    .parent = "dataset",
    .fields = kDerivedColumnFields,
    .unique = "alias",
    .taken = "Your chosen alias is the same as an existing derived column. Please choose a different alias.",
    .check = check_derived_column,
    .keep = keep_derived_column};
constexpr ResourceKind kMarkers{.name = "markers",
                                .word = "marker",
                                .parent = "dataset",
                                .fields = kMarkerFields,
                                .removed_status = 200,
                                .most = 100'000,
                                .check = check_marker,
                                .present = present_marker};
constexpr ResourceKind kMarkerSettings{.name = "marker_settings",
                                       .word = "marker setting",
                                       .parent = "dataset",
                                       .fields = kMarkerSettingFields,
                                       .unique = "type",
                                       .removed_status = 200,
                                       .check = check_marker_setting};
constexpr ResourceKind kQueryAnnotations{.name = "query_annotations",
                                         .word = "query annotation",
                                         .parent = "dataset",
                                         .fields = kQueryAnnotationFields,
                                         .check = check_query_annotation};
constexpr ResourceKind kBoards{.name = "boards",
                               .word = "board",
                               .parent = "",
                               .fields = kBoardFields,
                               .check = check_board,
                               .present = present_board};
constexpr ResourceKind kBoardViews{.name = "board_views",
                                   .word = "view",
                                   .parent = "board",
                                   .fields = kBoardViewFields,
                                   .unique = "name",
                                   .most = 50,
                                   .check = check_board_view};
constexpr ResourceKind kRecipients{.name = "recipients",
                                   .word = "recipient",
                                   .parent = "",
                                   .fields = kRecipientFields,
                                   .check = check_recipient,
                                   .keep = keep_recipient};
constexpr ResourceKind kSlos{.name = "slos",
                             .word = "SLO",
                             .parent = "dataset",
                             .fields = kSloFields,
                             .check = check_slo,
                             .keep = keep_slo};

}  // namespace clew::honeycomb
