// Changes: how calculations that are rates go from one step of time to the next.
#pragma once

#include <optional>
#include <vector>

#include "query/plan.h"

namespace clew::query {

class Changes {
 public:
  explicit Changes(size_t calculations) : first_(calculations), last_(calculations), counts_(calculations) {}

  // The next step: turns the values of rates into their changes since the last step that had one.
  void step(const Plan& plan, std::vector<Value>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (!is_rate(plan.calculations[i].kind)) continue;
      const std::optional<double> now = number_in(values[i]);
      values[i] = Value();
      if (!now) continue;
      if (last_[i]) {
        values[i] = number_value(*now - *last_[i]);
        ++counts_[i];
      } else {
        first_[i] = now;
      }
      last_[i] = now;
    }
  }
  // Of the changes so far.
  Value mean(size_t calculation) const {
    if (counts_[calculation] == 0) return {};
    return number_value((*last_[calculation] - *first_[calculation]) /
                        static_cast<double>(counts_[calculation]));
  }

 private:
  std::vector<std::optional<double>> first_, last_;
  std::vector<size_t> counts_;
};

}  // namespace clew::query
