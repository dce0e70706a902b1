// The commands of Logs Insights that put something from elsewhere beside the rows: those of another query,
// those of a table that was uploaded.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/insights_value_set.h"

namespace clew::cloudwatch_logs::insights {

Status Pipeline::apply_join(const JoinCommand& command, const Pipeline& right) {
  std::unordered_multimap<std::string, const Row*> by_value;
  for (const Row& row : right.rows_) {
    const Value value = row.field(command.right_field);
    if (!is_missing(value)) by_value.emplace(equality_key(value), &row);
  }
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    const Value value = row.field(command.left_field);
    std::vector<const Row*> matches;
    if (!is_missing(value)) {
      const auto [begin, end] = by_value.equal_range(equality_key(value));
      for (auto match = begin; match != end; ++match) matches.push_back(match->second);
      // In the order in which the other query has them.
      std::sort(matches.begin(), matches.end());
    }
    if (matches.empty() && command.keeps_unmatched) matches.push_back(nullptr);
    if (rows.size() + matches.size() > kMostRowsMade)
      return {ErrorKind::exhausted, "join makes more than 200000 rows: filter before it"};
    for (const Row* match : matches) rows.push_back(row.joined(command.left, command.right, match));
  }
  rows_ = std::move(rows);
  return {};
}

Status Pipeline::apply_columns(const AppendcolsCommand& command, const Pipeline& right) {
  const std::vector<std::string> names = right.shown_names();
  for (const std::string& name : names) show_beside(name);
  const size_t count = std::min({rows_.size(), right.rows_.size(), command.most});
  for (size_t i = 0; i < count; ++i) {
    for (const std::string& name : names) {
      Value value = right.rows_[i].field(name);
      if (is_missing(value)) continue;
      if (command.overrides || is_missing(rows_[i].field(name))) rows_[i].set(name, std::move(value));
    }
  }
  return {};
}

Status Pipeline::apply_lookup(const LookupCommand& command, const LookupTable& table) {
  const auto column_of = [&](const std::string& name) -> Result<size_t> {
    if (const auto column = table.column(name)) return *column;
    return Status(ErrorKind::bad_input, fmt::format("the table {} has no column {}", command.table, name));
  };
  std::vector<std::pair<std::string, size_t>> outputs;
  for (const LookupCommand::Output& output : command.outputs) {
    CLEW_ASSIGN(const size_t column, column_of(output.column));
    outputs.emplace_back(output.name, column);
    show_beside(output.name);
  }
  std::vector<size_t> keys;
  std::optional<LookupIndex> by_value;
  std::optional<NetworkIndex> by_network;
  if (command.of_networks) {
    std::optional<size_t> column = NetworkIndex::column_of_networks(table);
    if (const std::string& name = command.keys.front().column; !name.empty()) {
      CLEW_ASSIGN(column, column_of(name));
    }
    if (!column)
      return {ErrorKind::bad_input, fmt::format("the table {} has no column of networks", command.table)};
    by_network.emplace(table, *column);
  } else {
    for (const LookupCommand::Key& key : command.keys) {
      CLEW_ASSIGN(const size_t column, column_of(key.column));
      keys.push_back(column);
    }
    by_value.emplace(table, keys);
  }
  for (Row& row : rows_) {
    std::vector<std::string> values;
    for (const LookupCommand::Key& key : command.keys) {
      const Value value = row.field(key.field);
      if (!is_missing(value)) values.push_back(to_text(value));
    }
    if (values.size() < command.keys.size()) continue;
    const std::vector<std::string>* found =
        by_network ? by_network->find(values.front()) : by_value->find(values);
    if (found == nullptr) continue;
    for (const auto& [name, column] : outputs)
      if (!command.only_missing || to_text(row.field(name)).empty()) row.set(name, (*found)[column]);
  }
  return {};
}

Status Pipeline::apply(const JoinCommand&) {
  return {ErrorKind::internal, "join needs the rows of the other query"};
}
Status Pipeline::apply(const AppendcolsCommand&) {
  return {ErrorKind::internal, "appendcols needs the rows of the other query"};
}
Status Pipeline::apply(const LookupCommand&) {
  return {ErrorKind::internal, "lookup needs its table"};
}

}  // namespace clew::cloudwatch_logs::insights
