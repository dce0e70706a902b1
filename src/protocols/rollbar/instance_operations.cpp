// Instances: occurrences, whatever protocol they came by.

#include "control/errors/stored_occurrences.h"
#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

using namespace control::errors;

constexpr size_t kInstancesOnPage = 20;

}  // namespace

net::Response list_instances(const Call& call) {
  OccurrenceQuery query;
  const int64_t id = call.id();
  if (id != 0) {
    if (const Result<Item> found = call.items().find(call.environment(), id); !found.ok())
      return failure(404, "Item not found");
    const Result<std::vector<Group>> groups = call.items().groups_of(id);
    if (!groups.ok()) return refused(groups.status());
    for (const Group& group : *groups) query.groups.push_back(group.fingerprint);
  }
  const size_t page = call.page();
  query.limit = page * kInstancesOnPage;
  JsonValue::Array list;
  if (id == 0 || !query.groups.empty()) {
    const auto found =
        find_occurrences(*call.options().storage, call.environment(), query, call.run_options());
    if (!found.ok()) return refused(found.status());
    for (size_t i = (page - 1) * kInstancesOnPage; i < found->size(); ++i) {
      const StoredOccurrence& one = (*found)[i];
      int64_t item = id;
      if (item == 0) {
        const Result<int64_t> of_group = call.items().item_of_group(call.environment(), one.group);
        if (of_group.ok()) item = *of_group;
      }
      list.push_back(instance_document(one, item, call.environment()));
    }
  }
  JsonValue json;
  json["page"] = static_cast<int64_t>(page);
  json["instances"] = std::move(list);
  return result(std::move(json));
}

net::Response get_instance(const Call& call) {
  const auto found =
      find_occurrence(*call.options().storage, call.environment(), call.id(), call.run_options());
  if (!found.ok()) return refused(found.status());
  if (!*found) return failure(404, "Instance not found");
  const Result<int64_t> item = call.items().item_of_group(call.environment(), (*found)->group);
  return result(instance_document(**found, item.ok() ? *item : 0, call.environment()));
}

}  // namespace clew::rollbar
