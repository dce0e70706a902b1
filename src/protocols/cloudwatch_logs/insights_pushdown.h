// Pushdown: what of a query the query engine can calculate on stored columns, so that stats over many events
// do not look at each of them. It is done only where both ways give the same answer.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_stats.h"
#include "query/plan.h"
#include "query/result_table.h"
#include "store/storage.h"

namespace clew::cloudwatch_logs::insights {

// The columns that members of JSON messages have become, and the types of their values.
class MemberColumns {
 public:
  explicit MemberColumns(const store::Snapshot& snapshot);
  void add(const std::string& name, store::ColumnType type) { types_[name].insert(type); }

  // The types of a member wherever it is there, if it is always a plain value: no list, no object, and not
  // within a list. Empty when no event has it.
  std::optional<std::set<store::ColumnType>> types_of(const std::string& name) const;

 private:
  std::map<std::string, std::set<store::ColumnType>> types_;
};

struct Pushdown {
  // Over the events of the query's source and time: group_by, or the time bucket and then group_by, in the
  // order of `groups`; filter is of the commands before stats.
  query::Plan plan;
  // Whether members of messages are looked at: then it holds only for events of which all are in columns
  // (column::kMembers), and the others must be looked at one by one.
  bool looks_at_members = false;

  struct Group {
    enum class Of : uint8_t { bin, log, column };
    Of of = Of::column;
  };
  std::vector<Group> groups;  // of stats, in its order
  // By aggregate call, in the order in which Gathering has them: the positions among the plan's calculations.
  struct Use {
    std::optional<size_t> present, numeric, sum, lowest, highest;
    std::optional<size_t> whole;
  };
  std::vector<Use> uses;

  // What the engine calculated, added to what was gathered of other events; see Gathering::is_mixed().
  // exhausted when there are too many groups.
  Status gather(const query::ResultTable& table, Gathering& into) const;
};

// Of the commands up to the first stats, which is `query.commands[stats]`.
std::optional<Pushdown> push_down(const Query& query, size_t stats, const MemberColumns& members);

}  // namespace clew::cloudwatch_logs::insights
