#include "app/answer_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <simdjson.h>

#include <fmt/format.h>

#include "app/spark_line.h"
#include "app/text_table.h"
#include "base/time.h"

namespace clew::app {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kSparkColumns = 40;

struct Column {
  std::string name;
  std::string type;
  std::string role;
};

std::string text_of(const object& from, const char* key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

int64_t integer_of(const object& from, const char* key) {
  int64_t number = 0;
  if (from[key].get(number) == simdjson::SUCCESS) return number;
  const std::string text = text_of(from, key);  // nanoseconds come as strings
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// As many digits as a person reads, and never an exponent below 10^15.
std::string number_for_people(double value) {
  if (!std::isfinite(value) || std::fabs(value) >= 1e15) return fmt::format("{}", value);
  const double size = std::fabs(value);
  const int digits = size >= 1000 ? 1 : size >= 1 || size == 0 ? 3 : 6;
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string cell_of(const element& value, const Column& column) {
  if (value.is_null()) return "";
  std::string_view text;
  const bool is_text = value.get(text) == simdjson::SUCCESS;
  int64_t whole = 0;
  const bool is_whole = value.get(whole) == simdjson::SUCCESS;
  if (column.type == "time" && is_text) {
    int64_t nanoseconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), nanoseconds);
    return to_rfc3339({nanoseconds});
  }
  if (column.type == "duration" && is_whole) return to_human(Nanoseconds{whole});
  if (is_text) return std::string(text);
  if (is_whole) return std::to_string(whole);
  double number = 0;
  if (value.is_double() && value.get(number) == simdjson::SUCCESS) return number_for_people(number);
  return simdjson::minify(value);
}

bool is_number(const Column& column) {
  return column.type == "int64" || column.type == "float64" || column.type == "duration" ||
         column.role == "calculation";
}

// "30 s" rather than "30.0 s", "10 min" rather than "10 min 0 s": steps are round.
std::string step_for_people(Nanoseconds step) {
  std::string text = to_human(step);
  for (const std::string_view ending : {" 0 s", " 0 min"}) {
    if (text.ends_with(ending)) return text.substr(0, text.size() - ending.size());
  }
  const size_t point = text.find('.'), unit = text.find(' ');
  if (point == std::string::npos || text.find_first_not_of('0', point + 1) != unit) return text;
  return text.substr(0, point) + text.substr(unit);
}

// The first calculation's line for each row; empty when there is nothing to draw.
struct Sparks {
  std::string title;
  std::vector<std::string> lines;
};

Sparks sparks_of(const object& answer, const std::vector<Column>& columns, size_t rows) {
  object series;
  array lines;
  if (answer["series"].get(series) != simdjson::SUCCESS || series["lines"].get(lines) != simdjson::SUCCESS ||
      integer_of(series, "steps") < 2)
    return {};
  const auto first =
      std::find_if(columns.begin(), columns.end(), [](const Column& c) { return c.role == "calculation"; });
  if (first == columns.end()) return {};
  Sparks sparks{
      .title = fmt::format("{} every {}", first->name, step_for_people({integer_of(series, "step_ns")})),
      .lines = {}};
  sparks.lines.resize(rows);
  bool any = false;
  const bool counts = first->name.starts_with("COUNT");
  for (const element& one : lines) {
    object line;
    array values;
    if (one.get(line) != simdjson::SUCCESS || line["values"].get(values) != simdjson::SUCCESS) continue;
    const int64_t row = integer_of(line, "row");
    if (integer_of(line, "column") != first - columns.begin() || row < 0 || static_cast<size_t>(row) >= rows)
      continue;
    std::vector<std::optional<double>> points;
    for (const element& value : values) {
      double number = 0;
      const bool known = value.get(number) == simdjson::SUCCESS;
      // No rows have no percentile, but they do have a count.
      points.push_back(known || counts ? std::optional(number) : std::nullopt);
    }
    sparks.lines[static_cast<size_t>(row)] = spark_line(points, kSparkColumns);
    any = true;
  }
  return any ? sparks : Sparks{};
}

std::string cost_of(const object& answer, size_t rows) {
  object cost;
  double elapsed = 0;
  if (answer["cost"].get(cost) != simdjson::SUCCESS || cost["elapsed_ms"].get(elapsed) != simdjson::SUCCESS)
    return "";
  return fmt::format("{} {}, {} of {} scanned match, {}", rows, rows == 1 ? "row" : "rows",
                     integer_of(cost, "rows_matched"), integer_of(cost, "rows_scanned"),
                     to_human({static_cast<int64_t>(elapsed * 1e6)}));
}

std::vector<std::string> notes_of(const object& answer, size_t rows) {
  std::vector<std::string> notes;
  array told;
  if (answer["notes"].get(told) == simdjson::SUCCESS) {
    for (const element& note : told) {
      std::string_view text;
      if (note.get(text) == simdjson::SUCCESS) notes.emplace_back(text);
    }
  }
  if (const std::string reason = text_of(answer, "partial_reason"); !reason.empty()) notes.push_back(reason);
  if (const auto total = static_cast<size_t>(integer_of(answer, "total_rows")); total > rows)
    notes.push_back(fmt::format("the first {} of {} rows; LIMIT in the question changes that", rows, total));
  object range;
  if (rows == 0 && answer["range"].get(range) == simdjson::SUCCESS)
    notes.push_back(fmt::format("nothing matches between {} and {}; --from 30d looks further back",
                                text_of(range, "from"), text_of(range, "to")));
  return notes;
}

}  // namespace

Result<AnswerText> answer_as_text(std::string_view json) {
  simdjson::dom::parser parser;
  object answer;
  array columns_json, rows_json;
  if (parser.parse(json.data(), json.size()).get(answer) != simdjson::SUCCESS ||
      answer["columns"].get(columns_json) != simdjson::SUCCESS ||
      answer["rows"].get(rows_json) != simdjson::SUCCESS)
    return Status(ErrorKind::internal,
                  fmt::format("the server's answer makes no sense: {}", json.substr(0, 200)));

  std::vector<Column> columns;
  for (const element& one : columns_json) {
    object column;
    if (one.get(column) == simdjson::SUCCESS)
      columns.push_back({text_of(column, "name"), text_of(column, "type"), text_of(column, "role")});
  }
  std::vector<std::vector<std::string>> rows;
  for (const element& one : rows_json) {
    array cells;
    if (one.get(cells) != simdjson::SUCCESS) continue;
    auto& row = rows.emplace_back();
    for (const element& cell : cells) {
      if (row.size() < columns.size()) row.push_back(cell_of(cell, columns[row.size()]));
    }
    row.resize(columns.size());
  }
  std::vector<TextColumn> header;
  for (const Column& column : columns)
    header.push_back({column.name, is_number(column) ? Alignment::right : Alignment::left});
  if (Sparks sparks = sparks_of(answer, columns, rows.size()); !sparks.lines.empty()) {
    header.push_back({std::move(sparks.title)});
    for (size_t i = 0; i < rows.size(); ++i) rows[i].push_back(std::move(sparks.lines[i]));
  }
  return AnswerText{.table = text_table(header, rows),
                    .notes = notes_of(answer, rows.size()),
                    .cost = cost_of(answer, rows.size())};
}

Status error_of_answer(int http_status, std::string_view json, std::string_view question) {
  const ErrorKind kind = http_status == 400 ? ErrorKind::bad_input : ErrorKind::unavailable;
  simdjson::dom::parser parser;
  object error;
  if (parser.parse(json.data(), json.size()).get(error) != simdjson::SUCCESS ||
      text_of(error, "error").empty()) {
    return Status(kind, fmt::format("the server answered {}: {}", http_status,
                                    without_control_characters(json.substr(0, 200))));
  }
  std::string message = text_of(error, "error");
  int64_t position = 0;
  // The sentence may show the place by itself.
  if (error["position"].get(position) == simdjson::SUCCESS && message.find('\n') == std::string::npos &&
      position >= 0 && static_cast<size_t>(position) <= question.size() &&
      question.find('\n') == std::string_view::npos) {
    const size_t columns = columns_of(question.substr(0, static_cast<size_t>(position)));
    message += fmt::format("\n  {}\n  {}^", question, std::string(columns, ' '));
  }
  return Status(kind, std::move(message));
}

}  // namespace clew::app
