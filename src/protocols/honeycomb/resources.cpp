#include "protocols/honeycomb/resources.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "protocols/deeds.h"
#include "protocols/honeycomb/dataset_scope.h"
#include "protocols/honeycomb/short_id.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kCreatedAt = "created_at";
constexpr std::string_view kUpdatedAt = "updated_at";

std::string kind_in(const ResourceKind& kind, const Call& call) {
  return record_kind(kind.name, kind.parent.empty() ? std::string() : call.segment(kind.parent));
}

Answer none_of_that_id(const ResourceKind& kind) {
  std::string word(kind.word);
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return not_found(word + " not found");
}

bool is_one_of(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const size_t bar = list.find('|');
    if (list.substr(0, bar) == word) return true;
    list.remove_prefix(bar == std::string_view::npos ? list.size() : bar + 1);
  }
  return false;
}

std::string alternatives(std::string_view list) {
  std::string text(list);
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, ", ");
  return text;
}

void check_field(const ResourceField& field, const JsonValue& value, Faults& faults) {
  const auto fault = [&](std::string_view code, std::string description) {
    faults.push_back({std::string(field.name), code, std::move(description)});
  };
  using Type = ResourceField::Type;
  switch (field.type) {
    case Type::text: {
      const std::string* text = value.string();
      if (text == nullptr) return fault("incorrect_type", "must be a string");
      if (!field.one_of.empty() && !is_one_of(field.one_of, *text))
        return fault("invalid", fmt::format("must be one of: {}", alternatives(field.one_of)));
      if (static_cast<int64_t>(text->size()) < field.least) return fault("invalid", "cannot be blank");
      if (static_cast<int64_t>(text->size()) > field.most)
        fault("invalid", fmt::format("must have at most {} characters", field.most));
      return;
    }
    case Type::integer: {
      const std::optional<double> number = value.number();
      if (!number || *number != std::floor(*number)) return fault("incorrect_type", "must be an integer");
      if (*number < static_cast<double>(field.least) || *number > static_cast<double>(field.most))
        fault("invalid", fmt::format("must be between {} and {}", field.least, field.most));
      return;
    }
    case Type::number:
      if (!value.number()) fault("incorrect_type", "must be a number");
      return;
    case Type::flag:
      if (value.boolean() == nullptr) fault("incorrect_type", "must be a boolean");
      return;
    case Type::object:
      if (value.object() == nullptr) fault("incorrect_type", "must be an object");
      return;
    case Type::array:
      if (value.array() == nullptr) return fault("incorrect_type", "must be an array");
      if (static_cast<int64_t>(value.array()->size()) > field.most)
        fault("invalid", fmt::format("must have at most {} items", field.most));
      return;
  }
}

// `body` with the members of `given` that the kind has; what is null is taken away.
void merge(const ResourceKind& kind, const JsonValue& given, bool is_new, JsonValue& body, Faults& faults) {
  for (const ResourceField& field : kind.fields) {
    const JsonValue* value = given.find(field.name);
    if (value == nullptr || (field.immutable && !is_new)) continue;
    if (value->is_null()) {
      body.take(field.name);
      continue;
    }
    check_field(field, *value, faults);
    body[field.name] = *value;
  }
  for (const ResourceField& field : kind.fields) {
    if (field.required && body.find(field.name) == nullptr)
      faults.push_back({std::string(field.name), "missing", "is required"});
  }
}

Answer shown(const ResourceKind& kind, const Call& call, int status, JsonValue body) {
  if (kind.present != nullptr) kind.present(call, body);
  return json_answer(status, body);
}

// Whether another one has the same value of the unique member.
Result<bool> is_taken(const ResourceKind& kind, const Call& call, const std::string& records_kind,
                      const JsonValue& body) {
  if (kind.unique.empty()) return false;
  CLEW_ASSIGN(const auto all, read_resources(*call.options().records, call.environment(), records_kind));
  return std::any_of(all.begin(), all.end(), [&](const JsonValue& one) {
    return text_in(one, kind.unique) == text_in(body, kind.unique) &&
           text_in(one, "id") != text_in(body, "id");
  });
}

// Into the journal: what somebody did to a resource.
void note(const Call& call, std::string_view did, const ResourceKind& kind, const JsonValue& body) {
  std::string name = text_in(body, "name");
  if (name.empty()) name = text_in(body, "alias");
  if (name.empty()) name = text_in(body, "id");
  note_deed(call.options(), call.grant, call.request, control::Deed::change,
            fmt::format("{} the {} {}", did, kind.word, name));
}

}  // namespace

std::string record_kind(std::string_view name, std::string_view parent) {
  return parent.empty() ? fmt::format("honeycomb.{}", name) : fmt::format("honeycomb.{}/{}", name, parent);
}

std::string text_in(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

Result<std::vector<JsonValue>> read_resources(control::Records& records, EnvironmentId environment,
                                              std::string_view kind) {
  CLEW_ASSIGN(std::vector<control::Record> all, records.list(environment, kind));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.created < b.created; });
  std::vector<JsonValue> values;
  for (const control::Record& record : all) {
    Result<JsonValue> value = parse_json(record.body);
    if (value.ok() && value->object() != nullptr) values.push_back(std::move(*value));
  }
  return values;
}

Result<std::optional<JsonValue>> read_resource(control::Records& records, EnvironmentId environment,
                                               std::string_view kind, std::string_view id) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records.find(environment, kind, id));
  if (!record) return std::optional<JsonValue>();
  CLEW_ASSIGN(JsonValue value, parse_json(record->body));
  return std::optional(std::move(value));
}

std::optional<Answer> missing_parent(const ResourceKind& kind, const Call& call) {
  if (kind.parent == "dataset") {
    const Result<DatasetScope> scope = scope_of(*call.options().storage, call.context.datasets,
                                                call.environment(), call.segment("dataset"), {});
    if (!scope.ok()) return problem_of(scope.status());
  }
  if (kind.parent == "board") {
    const auto board = read_resource(*call.options().records, call.environment(),
                                     record_kind(kBoards.name, ""), call.segment("board"));
    if (!board.ok()) return problem_of(board.status());
    if (!*board) return not_found("Board not found");
  }
  return std::nullopt;
}

Answer list_of(const ResourceKind& kind, const Call& call) {
  if (auto missing = missing_parent(kind, call)) return std::move(*missing);
  auto all = read_resources(*call.options().records, call.environment(), kind_in(kind, call));
  if (!all.ok()) return problem_of(all.status());
  // ?alias=… asks for the one of that name.
  const std::optional<std::string> wanted =
      kind.unique.empty() ? std::nullopt : call.request.parameter(kind.unique);
  JsonValue::Array list;
  for (JsonValue& one : *all) {
    if (kind.present != nullptr) kind.present(call, one);
    if (wanted && text_in(one, kind.unique) == *wanted) return json_answer(200, one);
    list.push_back(std::move(one));
  }
  if (wanted) return none_of_that_id(kind);
  return json_answer(200, JsonValue(std::move(list)));
}

Answer create_of(const ResourceKind& kind, const Call& call) {
  if (auto missing = missing_parent(kind, call)) return std::move(*missing);
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  JsonValue body(JsonValue::Object{});
  body["id"] = JsonValue(new_short_id());
  Faults faults;
  merge(kind, std::get<JsonValue>(given), true, body, faults);
  if (faults.empty() && kind.check != nullptr) kind.check(call, body, nullptr, faults);
  if (!faults.empty()) return invalid(faults);
  const std::string records_kind = kind_in(kind, call);
  const Result<bool> taken = is_taken(kind, call, records_kind, body);
  if (!taken.ok()) return problem_of(taken.status());
  if (*taken) return conflict(kind.taken);
  body[kCreatedAt] = JsonValue(to_rfc3339(call.now));
  body[kUpdatedAt] = JsonValue(to_rfc3339(call.now));
  const Status made = call.options().records->create(call.environment(), records_kind, text_in(body, "id"),
                                                     body.text(), kind.most);
  if (!made.ok()) return problem_of(made);
  note(call, "made", kind, body);
  return shown(kind, call, 201, std::move(body));
}

Answer read_of(const ResourceKind& kind, const Call& call) {
  auto one =
      read_resource(*call.options().records, call.environment(), kind_in(kind, call), call.segment("id"));
  if (!one.ok()) return problem_of(one.status());
  if (!*one) return none_of_that_id(kind);
  return shown(kind, call, 200, std::move(**one));
}

Answer update_of(const ResourceKind& kind, const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const std::string records_kind = kind_in(kind, call);
  control::Records& records = *call.options().records;
  auto before = read_resource(records, call.environment(), records_kind, call.segment("id"));
  if (!before.ok()) return problem_of(before.status());
  if (!*before) return none_of_that_id(kind);
  JsonValue body = **before;
  Faults faults;
  merge(kind, std::get<JsonValue>(given), false, body, faults);
  if (faults.empty() && kind.check != nullptr) kind.check(call, body, &**before, faults);
  if (!faults.empty()) return invalid(faults);
  const Result<bool> taken = is_taken(kind, call, records_kind, body);
  if (!taken.ok()) return problem_of(taken.status());
  if (*taken) return conflict(kind.taken);
  body[kUpdatedAt] = JsonValue(to_rfc3339(call.now));
  const Status put = records.put(call.environment(), records_kind, call.segment("id"), body.text());
  if (!put.ok()) return problem_of(put);
  note(call, "changed", kind, body);
  return shown(kind, call, 200, std::move(body));
}

Answer remove_of(const ResourceKind& kind, const Call& call) {
  const std::string records_kind = kind_in(kind, call);
  control::Records& records = *call.options().records;
  const auto one = read_resource(records, call.environment(), records_kind, call.segment("id"));
  if (!one.ok()) return problem_of(one.status());
  if (!*one) return none_of_that_id(kind);
  if (kind.keep != nullptr) {
    if (auto kept = kind.keep(call, **one)) return std::move(*kept);
  }
  const Result<bool> removed = records.remove(call.environment(), records_kind, call.segment("id"));
  if (!removed.ok()) return problem_of(removed.status());
  note(call, "removed", kind, **one);
  if (*removed && kind.removed != nullptr) kind.removed(call, **one);
  if (kind.removed_status == 200) return json_answer(200, **one);
  return empty_answer(kind.removed_status);
}

}  // namespace clew::honeycomb
