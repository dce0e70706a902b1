#include "protocols/honeycomb/query_results.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMost = 500;

}  // namespace

void QueryResults::put(EnvironmentId environment, const std::string& id, QueryResult result) {
  const std::lock_guard lock(mutex_);
  const Place place(environment, id);
  const auto [found, is_new] = results_.insert_or_assign(place, std::move(result));
  if (is_new) order_.push_back(place);
  while (order_.size() > kMost) {
    results_.erase(order_.front());
    order_.pop_front();
  }
}

std::optional<QueryResult> QueryResults::find(EnvironmentId environment, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = results_.find(Place(environment, id));
  if (found == results_.end()) return std::nullopt;
  return found->second;
}

}  // namespace clew::honeycomb
