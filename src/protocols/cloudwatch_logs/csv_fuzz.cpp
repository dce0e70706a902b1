// Any text as comma-separated values: there are no more fields than separators allow.
#include <algorithm>

#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/lookup_table.h"

CLEW_FUZZ(cloudwatch_csv) {
  using namespace clew::cloudwatch_logs;
  CsvReader reader(bytes);
  size_t fields = 0, size = 0;
  for (std::vector<std::string> record; reader.next(record);) {
    fields += record.size();
    for (const std::string& field : record) size += field.size();
  }
  const auto separators = static_cast<size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == ',' || c == '\n'; }));
  if (fields > separators + 1 || size > bytes.size()) clew::bug("more fields than there are");
  const auto table = LookupTable::parse(bytes);
  if (table.ok() && table->columns().empty()) clew::bug("a table without columns");
}
