// Runs tests/query/*.test; its README.md tells the form.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/specification.h"
#include "query/testing/naive_evaluator.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;

constexpr int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z

std::string id_bytes(const std::string& number, size_t size) {
  std::string bytes(size, '\0');
  bytes.back() = static_cast<char>(std::stoi(number));
  return bytes;
}

StoredValue literal_of(const std::string& text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  if (text == "true" || text == "false") return text == "true";
  std::istringstream integer(text), real(text);
  int64_t whole;
  double number;
  if (integer >> whole && integer.eof()) return whole;
  if (real >> number && real.eof()) return number;
  return text;
}

Cell cell_of(const std::string& field) {
  size_t equals = field.find('=');
  std::string name = field.substr(0, equals),
              value = equals == std::string::npos ? "" : field.substr(equals + 1);
  auto named = [](std::string_view column, ColumnType type, StoredValue stored) {
    return intrinsic(std::string(column), type, std::move(stored));
  };
  if (name == "time") return at_time(kStart + parse_duration(value).value().count);
  if (name == "duration")
    return named(names::kDuration, ColumnType::duration, parse_duration(value).value().count);
  if (name == "trace") return named(names::kTraceId, ColumnType::trace_id, id_bytes(value, 16));
  if (name == "span") return named(names::kSpanId, ColumnType::span_id, id_bytes(value, 8));
  if (name == "parent") return named(names::kParentId, ColumnType::span_id, id_bytes(value, 8));
  if (name == "kind") return named(names::kSpanKind, ColumnType::string, value);
  if (name == "name") return named(names::kName, ColumnType::string, value);
  if (name == "annotation") return named(names::kAnnotationType, ColumnType::string, value);
  if (name == "rate")
    return named(names::kSampleRate, ColumnType::int64, static_cast<int64_t>(std::stoll(value)));
  if (name == "error") return named(names::kError, ColumnType::boolean, true);
  if (name.starts_with("resource:")) return resource(name.substr(9), literal_of(value));
  return attribute(name, literal_of(value));
}

struct Question {
  size_t line = 0;
  bool is_specification = false;
  std::string text;
  std::vector<std::string> answer;
};

struct Suite {
  std::vector<TableRow> rows;
  std::vector<Question> questions;
};

Suite read_suite(const std::filesystem::path& path) {
  Suite suite;
  std::ifstream file(path);
  std::string line;
  bool in_answer = false;
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) {
      in_answer = false;
    } else if (in_answer) {
      suite.questions.back().answer.push_back(line);
    } else if (line == "----") {
      in_answer = true;
    } else if (line.starts_with("query ")) {
      suite.questions.push_back({number, false, line.substr(6), {}});
    } else if (line.starts_with("specification ")) {
      suite.questions.push_back({number, true, line.substr(14), {}});
    } else {
      EXPECT_TRUE(line.starts_with("row ")) << path << ":" << number;
      std::istringstream fields(line.substr(4));
      TableRow row;
      for (std::string field; fields >> field;) row.push_back(cell_of(field));
      suite.rows.push_back(std::move(row));
    }
  }
  return suite;
}

// Cells with two spaces between them, whatever the alignment.
std::string squeezed(const std::string& line) {
  std::string out;
  for (size_t at = 0; at < line.size();) {
    size_t end = std::min(line.find("  ", at), line.size());
    out += (out.empty() ? "" : "  ") + line.substr(at, end - at);
    at = std::min(line.find_first_not_of(' ', end), line.size());
  }
  return out;
}

std::vector<std::string> lines_of(const ResultTable& table) {
  std::vector<std::string> lines;
  std::istringstream text(to_text(table));
  for (std::string line; std::getline(text, line);) lines.push_back(squeezed(line));
  for (const auto& [title, values] :
       {std::pair("-- totals", &table.totals), std::pair("-- others", &table.others)}) {
    if (values->empty()) continue;
    lines.push_back(title);
    std::string line;
    for (const Value& value : *values) line += (line.empty() ? "" : "  ") + to_text(value);
    lines.push_back(line);
  }
  if (table.series.size() > 0) lines.push_back("-- series");
  for (size_t i = 0; i < table.series.size(); ++i) {
    std::string line = to_rfc3339(table.series.times[i]);
    for (const ResultColumn& column : table.columns) {
      if (column.role == ColumnRole::group) line += "  " + to_text(column.values[table.series.rows[i]]);
    }
    for (const ResultColumn& column : table.series.calculations) line += "  " + to_text(column.values[i]);
    lines.push_back(line);
  }
  return lines;
}

// A specification's range is the two hours around the start, unless it says otherwise.
Result<Plan> plan_of(const Question& question) {
  return question.is_specification ? plan_of_specification(question.text, UnixNanos{kStart} + hours(1))
                                   : plan_of_short_form(question.text, UnixNanos{kStart});
}

// What `answer` says to the plan, and to the one of the period that it compares with.
template <typename Ask>
std::vector<std::string> lines_of_all(const Plan& plan, const ResultTable& table, const Ask& answer) {
  std::vector<std::string> lines = lines_of(table);
  if (!plan.compare_offset) return lines;
  lines.push_back("-- earlier");
  const std::vector<std::string> before = lines_of(answer(earlier(plan)));
  lines.insert(lines.end(), before.begin(), before.end());
  return lines;
}

void ask(const Question& question, const Suite& suite, const store::Snapshot& snapshot) {
  Result<Plan> plan = plan_of(question);
  Result<ResultTable> table = plan.ok() ? run(*plan, snapshot) : Result<ResultTable>(plan.status());
  if (!question.answer.empty() && question.answer[0] == "error") {
    ASSERT_FALSE(table.ok());
    EXPECT_NE(table.status().message().find(question.answer.at(1)), std::string::npos)
        << table.status().message();
    return;
  }
  ASSERT_TRUE(table.ok()) << table.status().message();
  std::vector<std::string> expected;
  for (const std::string& line : question.answer) expected.push_back(squeezed(line));
  const auto really = [&](const Plan& asked) { return run(asked, snapshot).value(); };
  EXPECT_EQ(lines_of_all(*plan, *table, really), expected);
  const auto naively = [&](const Plan& asked) { return naive_run(asked, suite.rows); };
  EXPECT_EQ(lines_of_all(*plan, naively(*plan), naively), expected) << "the naive evaluator";
}

// Writes what the naive evaluator answers under the questions that have no answer yet.
void write_answers(const std::filesystem::path& path, const Suite& suite) {
  std::ifstream file(path);
  std::ostringstream out;
  size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    out << line << "\n";
    if (line != "----") continue;
    for (const Question& question : suite.questions) {
      const Result<Plan> plan = plan_of(question);
      if (question.line != number - 1 || !question.answer.empty() || !plan.ok()) continue;
      for (const std::string& answer : lines_of(naive_run(*plan, suite.rows))) out << answer << "\n";
    }
  }
  std::ofstream(path) << out.str();
}

TEST(TextSuite, every_question_has_its_answer_however_the_rows_are_cut) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("tests/query")) {
    if (entry.path().extension() == ".test") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  ASSERT_FALSE(paths.empty()) << "run this from the root of the source tree";
  for (const auto& path : paths) {
    Suite suite = read_suite(path);
    if (std::getenv("CLEW_WRITE_ANSWERS") != nullptr) {
      write_answers(path, suite);
      suite = read_suite(path);
    }
    ASSERT_FALSE(suite.questions.empty()) << path;
    for (const Layout& layout : {Layout{}, Layout{.granule_rows = 1, .segment_granules = 1},
                                 Layout{.granule_rows = 2, .strings = StringLayout::granule_dictionary},
                                 Layout{.granule_rows = 3, .strings = StringLayout::plain},
                                 Layout{.strings = StringLayout::adjacent_plain}}) {
      store::Snapshot snapshot = snapshot_of(suite.rows, layout);
      for (const Question& question : suite.questions) {
        SCOPED_TRACE(path.string() + ":" + std::to_string(question.line) + " " + question.text);
        ask(question, suite, snapshot);
      }
    }
  }
}

}  // namespace
}  // namespace clew::query::testing
