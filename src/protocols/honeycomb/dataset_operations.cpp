// Datasets, and what their columns mean.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/honeycomb/dataset_scope.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "query/columns.h"

namespace clew::honeycomb {
namespace {

struct Role {
  std::string_view name;
  std::string_view column;  // that usually plays it
};
constexpr std::array kRoles = {
    Role{"trace_id", "trace.trace_id"},
    Role{"span_id", "trace.span_id"},
    Role{"parent_id", "trace.parent_id"},
    Role{"name", "name"},
    Role{"service_name", "service.name"},
    Role{"duration_ms", "duration_ms"},
    Role{"span_kind", "span.kind"},
    Role{"annotation_type", "meta.annotation_type"},
    Role{"link_span_id", "trace.link.span_id"},
    Role{"link_trace_id", "trace.link.trace_id"},
    Role{"error", "error"},
    Role{"status", "http.status_code"},
    Role{"route", "http.route"},
    Role{"user", "user.id"},
    Role{"log_severity", "severity"},
    Role{"log_message", "body"},
};

struct DatasetSettings {
  JsonValue body;
  Faults faults;
};

JsonValue shown(const Dataset& dataset) {
  JsonValue body;
  body["name"] = JsonValue(dataset.name);
  body["slug"] = JsonValue(dataset.slug);
  body["description"] = JsonValue(dataset.description);
  body["expand_json_depth"] = JsonValue(dataset.expand_json_depth);
  body["settings"]["delete_protected"] = JsonValue(dataset.delete_protected);
  body["regular_columns_count"] = JsonValue();
  body["last_written_at"] = JsonValue();
  body["created_at"] = JsonValue(to_rfc3339(dataset.created));
  return body;
}

void change(const JsonValue& given, Dataset& dataset, Faults& faults) {
  if (const JsonValue* description = given.find("description");
      description != nullptr && !description->is_null()) {
    if (description->string() == nullptr || description->string()->size() > 1024) {
      faults.push_back({"description", "invalid", "must be a string of at most 1024 characters"});
    } else {
      dataset.description = *description->string();
    }
  }
  if (const JsonValue* depth = given.find("expand_json_depth"); depth != nullptr && !depth->is_null()) {
    if (depth->integer() == nullptr || *depth->integer() < 0 || *depth->integer() > 10) {
      faults.push_back({"expand_json_depth", "invalid", "must be between 0 and 10"});
    } else {
      dataset.expand_json_depth = *depth->integer();
    }
  }
  const JsonValue* settings = given.find("settings");
  const JsonValue* is_protected = settings == nullptr ? nullptr : settings->find("delete_protected");
  if (is_protected == nullptr || is_protected->is_null()) return;
  if (is_protected->boolean() == nullptr) {
    faults.push_back({"settings.delete_protected", "incorrect_type", "must be a boolean"});
  } else {
    dataset.delete_protected = *is_protected->boolean();
  }
}

// The dataset of the path, with or without a record.
Result<Dataset> dataset_in(const Call& call) {
  CLEW_ASSIGN(const auto all,
              all_datasets(*call.options().storage, call.context.datasets, call.environment()));
  const std::string slug = call.segment("dataset");
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Dataset& one) { return one.slug == slug; });
  if (found == all.end()) return Status(ErrorKind::not_found, "Dataset not found");
  return *found;
}

std::string definitions_kind() {
  return record_kind("dataset_definitions", "");
}

Result<JsonValue> definitions_of(const Call& call) {
  CLEW_ASSIGN(const auto kept, read_resource(*call.options().records, call.environment(), definitions_kind(),
                                             call.segment("dataset")));
  CLEW_ASSIGN(const DatasetScope scope, scope_of(*call.options().storage, call.context.datasets,
                                                 call.environment(), call.segment("dataset")));
  CLEW_ASSIGN(const auto columns, query::list_columns(scope.snapshot, TimeRange{}));
  JsonValue all(JsonValue::Object{});
  for (const Role& role : kRoles) {
    const JsonValue* chosen = kept ? kept->find(role.name) : nullptr;
    if (chosen != nullptr) {
      all[role.name] = *chosen;
      continue;
    }
    const bool known =
        std::any_of(columns.begin(), columns.end(), [&](const auto& one) { return one.name == role.column; });
    if (!known) {
      all[role.name] = JsonValue();
      continue;
    }
    all[role.name]["name"] = JsonValue(role.column);
    all[role.name]["column_type"] = JsonValue("column");
  }
  return all;
}

}  // namespace

Answer list_datasets(const Call& call) {
  const auto all = all_datasets(*call.options().storage, call.context.datasets, call.environment());
  if (!all.ok()) return problem_of(all.status());
  JsonValue::Array list;
  for (const Dataset& one : *all) list.push_back(shown(one));
  return json_answer(200, JsonValue(std::move(list)));
}

// One that exists is shown with 200: Terraform tells the two apart by the status.
Answer create_dataset(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& body = std::get<JsonValue>(given);
  const std::string name = text_in(body, "name");
  if (name.empty() || name.size() > 255)
    return invalid({{"name", name.empty() ? "missing" : "invalid", "must have 1 to 255 characters"}});
  Dataset wanted{
      .name = name, .slug = dataset_slug(name), .description = {}, .created = call.now, .emptied = {}};
  Faults faults;
  change(body, wanted, faults);
  if (!faults.empty()) return invalid(faults);
  const auto all = all_datasets(*call.options().storage, call.context.datasets, call.environment());
  if (!all.ok()) return problem_of(all.status());
  for (const Dataset& one : *all) {
    if (one.slug == wanted.slug) return json_answer(200, shown(one));
  }
  const auto before = call.context.datasets.find(call.environment(), wanted.slug);
  if (!before.ok()) return problem_of(before.status());
  if (*before) wanted.emptied = (*before)->emptied;
  const Status put = call.context.datasets.put(call.environment(), wanted);
  if (!put.ok()) return problem_of(put);
  return json_answer(201, shown(wanted));
}

Answer get_dataset(const Call& call) {
  const Result<Dataset> dataset = dataset_in(call);
  if (!dataset.ok()) return problem_of(dataset.status());
  return json_answer(200, shown(*dataset));
}

Answer update_dataset(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  Result<Dataset> dataset = dataset_in(call);
  if (!dataset.ok()) return problem_of(dataset.status());
  Faults faults;
  change(std::get<JsonValue>(given), *dataset, faults);
  if (!faults.empty()) return invalid(faults);
  const Status put = call.context.datasets.put(call.environment(), *dataset);
  if (!put.ok()) return problem_of(put);
  return json_answer(200, shown(*dataset));
}

// Its rows stay until they are too old, but no question sees them any more.
Answer remove_dataset(const Call& call) {
  Result<Dataset> dataset = dataset_in(call);
  if (!dataset.ok()) return problem_of(dataset.status());
  if (dataset->delete_protected)
    return problem(409, "conflict", "The dataset is protected.",
                   "Dataset is protected from deletion: set settings.delete_protected to false first");
  dataset->deleted = true;
  dataset->emptied = call.now;
  const Status put = call.context.datasets.put(call.environment(), *dataset);
  if (!put.ok()) return problem_of(put);
  return empty_answer(202);
}

Answer get_dataset_definitions(const Call& call) {
  const Result<JsonValue> all = definitions_of(call);
  if (!all.ok()) return problem_of(all.status());
  return json_answer(200, *all);
}

Answer update_dataset_definitions(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const Result<DatasetScope> scope =
      scope_of(*call.options().storage, call.context.datasets, call.environment(), call.segment("dataset"));
  if (!scope.ok()) return problem_of(scope.status());
  const auto columns = query::list_columns(scope->snapshot, TimeRange{});
  if (!columns.ok()) return problem_of(columns.status());
  control::Records& records = *call.options().records;
  auto kept = read_resource(records, call.environment(), definitions_kind(), call.segment("dataset"));
  if (!kept.ok()) return problem_of(kept.status());
  JsonValue body = *kept ? std::move(**kept) : JsonValue(JsonValue::Object{});
  for (const JsonValue::Member& member : *std::get<JsonValue>(given).object()) {
    const bool is_role =
        std::any_of(kRoles.begin(), kRoles.end(), [&](const Role& role) { return role.name == member.name; });
    if (!is_role) return invalid({{member.name, "invalid", "is not a dataset definition"}});
    const std::string name = text_in(member.value, "name");
    if (name.empty()) {
      body[member.name] = JsonValue();
      continue;
    }
    const bool derived = text_in(member.value, "column_type") == "derived_column";
    const bool known = derived || std::any_of(columns->begin(), columns->end(),
                                              [&](const auto& one) { return one.name == name; });
    if (!known) return invalid(fmt::format("The following columns were not found: {}", name), {});
    JsonValue chosen;
    chosen["name"] = JsonValue(name);
    chosen["column_type"] = JsonValue(derived ? "derived_column" : "column");
    body[member.name] = std::move(chosen);
  }
  const Status put =
      records.put(call.environment(), definitions_kind(), call.segment("dataset"), body.text());
  if (!put.ok()) return problem_of(put);
  return get_dataset_definitions(call);
}

}  // namespace clew::honeycomb
