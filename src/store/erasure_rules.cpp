#include "store/erasure_rules.h"

namespace clew::store {

void ErasureRules::set(std::string name, ErasureRule rule) {
  const std::lock_guard lock(mutex_);
  const auto known = rules_.find(name);
  if (known != rules_.end() && known->second == rule) return;
  rules_.insert_or_assign(std::move(name), std::move(rule));
  ++version_;
  list_.reset();
}

void ErasureRules::remove(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = rules_.find(name);
  if (known == rules_.end()) return;
  rules_.erase(known);
  ++version_;
  list_.reset();
}

std::shared_ptr<const ErasureRules::List> ErasureRules::list() const {
  const std::lock_guard lock(mutex_);
  if (!list_) {
    auto made = std::make_shared<List>();
    made->version = version_;
    made->rules.reserve(rules_.size());
    for (const auto& [name, rule] : rules_) made->rules.push_back(rule);
    list_ = std::move(made);
  }
  return list_;
}

}  // namespace clew::store
