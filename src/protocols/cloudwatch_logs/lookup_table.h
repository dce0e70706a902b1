// LookupTable: rows that people upload as CSV, to be found by the values of some columns, or by the network
// that an address is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/csv.h"

namespace clew::cloudwatch_logs {

class LookupTable {
 public:
  static constexpr size_t kMostBytes = 10 << 20;
  static constexpr size_t kMostColumns = 1'000;

  // The first line names the columns. bad_input when there is none, or a name is empty or there twice, or a
  // row has more fields than there are names.
  static Result<LookupTable> parse(std::string_view csv);

  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  std::optional<size_t> column(std::string_view name) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;  // each as long as columns_
};

// The first row of each combination of values in some columns.
class LookupIndex {
 public:
  // `table` must outlive this.
  LookupIndex(const LookupTable& table, const std::vector<size_t>& columns);
  // nullptr when there is none.
  const std::vector<std::string>* find(const std::vector<std::string>& values) const;

 private:
  std::unordered_map<std::string, const std::vector<std::string>*> rows_;
};

// The row with the narrowest network that an address is in.
class NetworkIndex {
 public:
  // `table` must outlive this.
  NetworkIndex(const LookupTable& table, size_t column);
  const std::vector<std::string>* find(const std::string& address) const;
  // The first column in which every row is a network.
  static std::optional<size_t> column_of_networks(const LookupTable& table);

 private:
  // By how many bits, then by the bytes before them.
  std::vector<std::pair<size_t, std::unordered_map<std::string, const std::vector<std::string>*>>> by_width_;
};

}  // namespace clew::cloudwatch_logs
