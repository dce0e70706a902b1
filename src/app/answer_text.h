// An answer of the query API as text for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::app {

struct AnswerText {
  std::string table;               // with spark lines where the answer has a series
  std::vector<std::string> notes;  // what the person asking should know
  std::string cost;                // "3 rows from 1200 scanned, 12 ms"
};

// `json`: schema Answer of docs/api/openapi.yaml.
Result<AnswerText> answer_as_text(std::string_view json);

// An answer outside 2xx (schema Error), as a Status whose message points into `question` where the answer
// says where.
Status error_of_answer(int http_status, std::string_view json, std::string_view question);

}  // namespace clew::app
