#include "protocols/cloudwatch_logs/csv.h"

#include <algorithm>

namespace clew::cloudwatch_logs {

// Up to the comma or the end of the line, which stays.
std::string CsvReader::field() {
  std::string value;
  if (at_ < text_.size() && text_[at_] == '"') {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        value += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        value += text_[++at_];
      } else {
        ++at_;
        break;
      }
    }
  }
  // What stands behind the closing quote belongs to it all the same.
  const size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
  std::string_view rest = text_.substr(at_, end - at_);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  at_ = end;
  return value.append(rest);
}

bool CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  if (at_ >= text_.size()) return false;
  for (;;) {
    fields.push_back(field());
    if (at_ >= text_.size()) return true;
    if (text_[at_++] == '\n') return true;
    // A comma at the very end: one more field, with nothing in it.
    if (at_ >= text_.size()) {
      fields.emplace_back();
      return true;
    }
  }
}

}  // namespace clew::cloudwatch_logs
