// CsvReader: records of comma-separated values (RFC 4180), one after the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clew::cloudwatch_logs {

class CsvReader {
 public:
  // `text` must outlive this.
  explicit CsvReader(std::string_view text) : text_(text) {}

  // The next record into `fields`; false at the end. Lines with nothing on them are left out.
  bool next(std::vector<std::string>& fields);

 private:
  std::string field();

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace clew::cloudwatch_logs
