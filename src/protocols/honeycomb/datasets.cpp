#include "protocols/honeycomb/datasets.h"

#include <fmt/format.h>

#include "base/json_value.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kKind = "honeycomb.dataset";
constexpr size_t kLongestName = 255;
constexpr size_t kMostDatasets = 10'000;
constexpr int64_t kDeepestExpansion = 10;

std::string body_of(const Dataset& dataset) {
  JsonValue body;
  body["name"] = JsonValue(dataset.name);
  body["description"] = JsonValue(dataset.description);
  body["expand_json_depth"] = JsonValue(dataset.expand_json_depth);
  body["delete_protected"] = JsonValue(dataset.delete_protected);
  body["deleted"] = JsonValue(dataset.deleted);
  if (dataset.emptied) body["emptied"] = JsonValue(dataset.emptied->count);
  return body.text();
}

Dataset dataset_of(const control::Record& record) {
  Dataset dataset{
      .name = record.name, .slug = record.name, .description = {}, .created = record.created, .emptied = {}};
  const Result<JsonValue> body = parse_json(record.body);
  if (!body.ok()) return dataset;
  const auto text = [&](std::string_view name, std::string& to) {
    const JsonValue* value = body->find(name);
    if (value != nullptr && value->string() != nullptr) to = *value->string();
  };
  const auto flag = [&](std::string_view name) {
    const JsonValue* value = body->find(name);
    return value != nullptr && value->boolean() != nullptr && *value->boolean();
  };
  text("name", dataset.name);
  text("description", dataset.description);
  dataset.delete_protected = flag("delete_protected");
  dataset.deleted = flag("deleted");
  if (const JsonValue* depth = body->find("expand_json_depth");
      depth != nullptr && depth->integer() != nullptr)
    dataset.expand_json_depth = std::min(std::max<int64_t>(*depth->integer(), 0), kDeepestExpansion);
  if (const JsonValue* emptied = body->find("emptied"); emptied != nullptr && emptied->integer() != nullptr)
    dataset.emptied = UnixNanos{*emptied->integer()};
  return dataset;
}

}  // namespace

std::string dataset_slug(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.') {
      slug += c;
    } else if (static_cast<uint8_t>(c) < 0x80 || static_cast<uint8_t>(c) >= 0xc0) {
      slug += '-';  // one for each character, however many bytes it has
    }
  }
  return slug;
}

Status check_dataset_name(std::string_view name) {
  if (!name.empty() && name.size() <= kLongestName) return {};
  return {ErrorKind::bad_input,
          fmt::format("dataset names have 1 to {} characters, got {}", kLongestName, name.size())};
}

Result<Dataset> Datasets::arrive(EnvironmentId environment, std::string_view name, bool may_create) {
  CLEW_TRY(check_dataset_name(name));
  Dataset dataset{.name = std::string(name), .slug = dataset_slug(name), .description = {}, .emptied = {}};
  const std::lock_guard lock(mutex_);
  const Place place(environment, dataset.slug);
  const auto known = known_.find(place);
  if (known != known_.end() && !known->second.deleted) return known->second;
  CLEW_ASSIGN(const auto record, records_.find(environment, kKind, dataset.slug));
  if (record) {
    dataset = dataset_of(*record);
    if (dataset.deleted && may_create) {
      dataset.deleted = false;
      CLEW_TRY(records_.put(environment, kKind, dataset.slug, body_of(dataset)));
    }
  } else if (may_create) {
    dataset.created = now();
    Status made = records_.create(environment, kKind, dataset.slug, body_of(dataset), kMostDatasets);
    if (!made.ok()) return made;
  }
  if ((!record && !may_create) || dataset.deleted) return Status(ErrorKind::not_found, "dataset not found");
  known_[place] = dataset;
  return dataset;
}

Result<std::vector<Dataset>> Datasets::list(EnvironmentId environment) {
  CLEW_ASSIGN(const std::vector<control::Record> records, records_.list(environment, kKind));
  std::vector<Dataset> all;
  all.reserve(records.size());
  for (const control::Record& record : records) all.push_back(dataset_of(record));
  return all;
}

Result<std::optional<Dataset>> Datasets::find(EnvironmentId environment, std::string_view slug) {
  CLEW_ASSIGN(const auto record, records_.find(environment, kKind, slug));
  if (!record) return std::optional<Dataset>();
  return std::optional(dataset_of(*record));
}

Status Datasets::put(EnvironmentId environment, const Dataset& dataset) {
  const std::lock_guard lock(mutex_);
  CLEW_TRY(records_.put(environment, kKind, dataset.slug, body_of(dataset)));
  known_[Place(environment, dataset.slug)] = dataset;
  return {};
}

}  // namespace clew::honeycomb
