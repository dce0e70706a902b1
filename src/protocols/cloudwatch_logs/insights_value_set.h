// ValueSet: values that are equal, as conditions have it, to one of some.
#pragma once

#include <string>
#include <unordered_set>

#include "protocols/cloudwatch_logs/insights_value.h"

namespace clew::cloudwatch_logs::insights {

// The same text for values that are equal: 1, "1" and "1.0".
inline std::string equality_key(const Value& value) {
  const std::optional<double> number = to_number(value);
  return number ? '#' + to_text(*number) : '=' + to_text(value);
}

class ValueSet {
 public:
  // Nothing is equal to what is missing.
  void add(const Value& value) {
    if (!is_missing(value)) keys_.insert(equality_key(value));
  }
  bool has(const Value& value) const { return !is_missing(value) && keys_.contains(equality_key(value)); }
  size_t size() const { return keys_.size(); }

 private:
  std::unordered_set<std::string> keys_;
};

}  // namespace clew::cloudwatch_logs::insights
