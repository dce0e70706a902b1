// Pipeline: the rows of a query between its commands, and which of their fields are to be shown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/insights_evaluate.h"
#include "protocols/cloudwatch_logs/insights_stats.h"
#include "protocols/cloudwatch_logs/lookup_table.h"

namespace clew::cloudwatch_logs::insights {

// Rows that unnest, join or parse makes.
constexpr size_t kMostRowsMade = 200'000;

class Pipeline {
 public:
  // Both must outlive this.
  Pipeline(const Scope& scope, const std::vector<Event>& events);

  // exhausted when it makes too many rows.
  Status apply(const Command& command) {
    return std::visit([&](const auto& one) { return apply(one); }, command);
  }
  struct PatternOptions {
    const Pipeline* earlier = nullptr;  // diff: the rows of an earlier time, after the commands before
    bool finds_anomalies = false;
  };
  Status apply_pattern(const PatternCommand& command, const PatternOptions& options);
  // The rows of the other query, to which all its commands were applied.
  Status apply_join(const JoinCommand& command, const Pipeline& right);
  Status apply_columns(const AppendcolsCommand& command, const Pipeline& right);
  Status apply_lookup(const LookupCommand& command, const LookupTable& table);

  Status gather_into(Gathering& gathering) const { return gathering.add(rows_); }
  // The events of the rows, each once.
  std::vector<const Event*> events() const;
  // The rows that stats made.
  void become(const StatsCommand& command, Gathering& gathering);

  void cut(size_t most) {
    if (rows_.size() > most) rows_.resize(most);
  }
  // Cells by name; what has no value is not in its row.
  std::vector<std::vector<std::pair<std::string, std::string>>> shown() const;
  // Of the first field that is shown, or was given by a command: what a query within another stands for.
  std::vector<Value> first_values() const;

 private:
  // The groups of the last stats, when one of them is a time bin.
  struct Bins {
    std::string name;
    std::string period;
    std::vector<std::string> others;  // the names of the other groups
  };

  void show(const std::string& name);
  // What a command gives to each row beside what is shown already.
  void show_beside(const std::string& name);
  void set_all(const std::vector<NamedExpression>& fields);
  std::vector<std::string> shown_names() const;

  Status apply(const FieldsCommand& command);
  Status apply(const DisplayCommand& command);
  Status apply(const FilterCommand& command);
  Status apply(const StatsCommand& command);
  Status apply(const SortCommand& command);
  Status apply(const LimitCommand& command);
  Status apply(const DedupCommand& command);
  Status apply(const PatternCommand& command) { return apply_pattern(command, {}); }
  // Done with the pattern before them.
  Status apply(const DiffCommand&) { return {}; }
  Status apply(const AnomalyCommand&) { return {}; }
  Status apply(const UnnestCommand& command);
  // insights_series.cpp: those that look at the rows one after the other.
  Status apply(const FilldownCommand& command);
  Status apply(const FillmissingCommand& command);
  Status apply(const AddtotalsCommand& command);
  Status apply(const AccumCommand& command);
  Status apply(const SessionizeCommand& command);
  Status apply(const AutoregressCommand& command);
  Status apply(const OutlierCommand& command);
  // insights_parse.cpp
  Status apply(const ParseCommand& command);
  Status parse_every_match(const ParseCommand& command);
  Status apply(const JsonCommand& command);
  // insights_relevance.cpp
  Status apply(const RelevantFieldsCommand& command);
  // These need what the pipeline does not have.
  Status apply(const JoinCommand& command);
  Status apply(const AppendcolsCommand& command);
  Status apply(const LookupCommand& command);

  const Scope& scope_;
  std::vector<Row> rows_;
  std::vector<std::string> fields_;
  std::optional<std::vector<std::string>> displayed_;
  bool gathered_ = false;  // rows are no events any more
  std::optional<Bins> bins_;
};

}  // namespace clew::cloudwatch_logs::insights
