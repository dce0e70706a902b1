// Reports: counts over time.

#include <algorithm>

#include "control/errors/wire_numbers.h"
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
  query.states = {State::active};
  query.deployments = call.parameters("environments");
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
    const Result<std::string> hash = call.items().fingerprint_of(one.id);
    if (!hash.ok()) return refused(hash.status());
    entry["item"] = item_document(one, *hash, call.environment(), call.now);
    entry["item"]["level"] = static_cast<int64_t>(one.level);
    entry["item"]["framework"] = number_of_framework(one.framework);
    entry["item"]["platform"] = number_of_platform(one.platform);
    entry["counts"] = JsonValue::Array(counts->begin(), counts->end());
    list.push_back(std::move(entry));
  }
  return result(std::move(list));
}

// [[second, how often], …], a day each, the oldest first.
net::Response report_activations(const Call& call) {
  const auto counts = call.items().activations(call.environment(), call.now, kDays);
  if (!counts.ok()) return refused(counts.status());
  const int64_t end = unix_seconds(call.now);
  JsonValue::Array list;
  for (size_t i = 0; i < counts->size(); ++i)
    list.push_back(
        JsonValue::Array{end - static_cast<int64_t>(counts->size() - i) * 24 * kHour, (*counts)[i]});
  return result(std::move(list));
}

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
