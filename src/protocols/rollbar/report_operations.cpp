// Reports: counts over time.

#include <algorithm>

#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

using namespace control::errors;

constexpr int64_t kHour = 3600;
constexpr size_t kDays = 60;

}  // namespace

net::Response report_top_items(const Call& call) {
  ItemQuery query;
  query.state = State::active;
  query.deployment = call.parameter("environments");
  query.sort = ItemQuery::Sort::occurrences;
  query.limit = 10;
  const int64_t hours = std::clamp<int64_t>(call.number("hours", 24), 1, 168);
  const Result<ItemPage> found = call.items().list(call.environment(), query);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Item& one : found->items) {
    const auto counts = call.items().counts_of(one.id, call.now, static_cast<size_t>(hours), 1);
    if (!counts.ok()) return refused(counts.status());
    JsonValue entry;
    entry["item"] = item_document(one, call.environment(), call.now);
    entry["item"]["level"] = static_cast<int64_t>(one.level);
    entry["counts"] = JsonValue::Array(counts->begin(), counts->end());
    list.push_back(std::move(entry));
  }
  return result(std::move(list));
}

// [[second, occurrences], …], a day each, the oldest first.
net::Response report_occurrences(const Call& call) {
  const auto counts = call.items().counts(call.environment(), call.now, kDays, 24);
  if (!counts.ok()) return refused(counts.status());
  const int64_t end = (unix_seconds(call.now) / kHour + 1) * kHour;
  JsonValue::Array list;
  for (size_t i = 0; i < counts->size(); ++i) {
    const int64_t begin = end - static_cast<int64_t>(counts->size() - i) * 24 * kHour;
    list.push_back(JsonValue::Array{begin, (*counts)[i]});
  }
  return result(std::move(list));
}

}  // namespace clew::rollbar
