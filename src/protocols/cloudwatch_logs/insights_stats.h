// Stats of Logs Insights: rows gathered into one row for each group.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/insights_evaluate.h"

namespace clew::cloudwatch_logs::insights {

// count(*), avg(x) and the like, wherever they stand in the command.
std::vector<const Expression*> aggregate_calls(const StatsCommand& command);

// Rows may come a few at a time, and need not outlive the call.
class Gathering {
 public:
  // Both must outlive this.
  Gathering(const StatsCommand& command, const Scope& scope);
  ~Gathering();

  // exhausted when there would be too many groups, or too much to hold for percentiles and distinct values.
  Status add(const std::vector<Row>& rows);
  // What was calculated elsewhere of one group: for each of aggregate_calls(), what it needs.
  struct Calculated {
    uint64_t present = 0;  // events that have a value
    uint64_t numeric = 0;
    double sum = 0;
    Value lowest, highest;
    // Percentiles and distinct values: the result itself, which cannot be joined with others.
    std::optional<Value> whole;
  };
  Status add(std::vector<Value> keys, const std::vector<Calculated>& calculated);
  // Whether such a result came beside other values of its group: then it is not that of all of them.
  bool is_mixed() const { return is_mixed_; }
  static Status too_many_groups();
  std::vector<Row> result();

 private:
  friend std::vector<const Expression*> aggregate_calls(const StatsCommand& command);
  struct Use;
  struct Group;
  Group* group_of(std::vector<Value> keys);

  const StatsCommand& command_;
  const Scope& scope_;
  std::vector<Use> uses_;
  std::map<std::string, std::unique_ptr<Group>> groups_;
  std::vector<Group*> in_order_;
  size_t held_bytes_ = 0;
  bool is_mixed_ = false;
};

}  // namespace clew::cloudwatch_logs::insights
