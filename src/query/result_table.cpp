#include "query/result_table.h"

#include <algorithm>

namespace clew::query {

const ResultColumn* ResultTable::find(std::string_view name) const {
  for (const ResultColumn& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

std::string to_text(const ResultTable& table) {
  std::vector<std::vector<std::string>> cells;
  std::vector<size_t> widths;
  for (const ResultColumn& column : table.columns) {
    std::vector<std::string> texts{column.name};
    for (const Value& value : column.values) texts.push_back(to_text(value));
    size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, text.size());
    widths.push_back(width);
    cells.push_back(std::move(texts));
  }
  std::string out;
  for (size_t row = 0; row <= table.row_count; ++row) {
    for (size_t c = 0; c < cells.size(); ++c) {
      out += cells[c][row];
      if (c + 1 < cells.size()) out.append(widths[c] - cells[c][row].size() + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace clew::query
