// The commands parse and json, on rows.
#include <algorithm>
#include <cctype>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/csv.h"
#include "protocols/cloudwatch_logs/insights_pipeline.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostPairs = 200;
constexpr size_t kMostMatchesOfText = 1'000;

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

// a=1 b="two words" c: what has no "=" is there without a value.
JsonValue logfmt_in(std::string_view text) {
  JsonValue map{JsonValue::Object()};
  for (size_t at = 0, pairs = 0; pairs < kMostPairs; ++pairs) {
    while (at < text.size() && is_blank(text[at])) ++at;
    const size_t begin = at;
    while (at < text.size() && !is_blank(text[at]) && text[at] != '=') ++at;
    if (at == text.size() && begin == at) return map;
    const std::string_view key = text.substr(begin, at - begin);
    std::string value;
    const bool has_value = at < text.size() && text[at] == '=';
    if (has_value && ++at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      if (at < text.size()) ++at;
    } else if (has_value) {
      while (at < text.size() && !is_blank(text[at])) value += text[at++];
    }
    if (!key.empty() && has_value) map[key] = JsonValue(std::move(value));
  }
  return map;
}

void set_columns(Row& row, const std::string& text, const std::vector<std::string>& names) {
  std::vector<std::string> fields;
  CsvReader(text).next(fields);
  for (size_t i = 0; i < std::min(names.size(), fields.size()); ++i) row.set(names[i], std::move(fields[i]));
}

}  // namespace

Status Pipeline::apply(const ParseCommand& command) {
  for (const std::string& name : command.names)
    if (!name.empty()) show_beside(name);
  if (command.mode == ParseCommand::Mode::every_match) return parse_every_match(command);
  if (command.mode != ParseCommand::Mode::expression) {
    for (Row& row : rows_) {
      const Value value = evaluate(command.subject, row, scope_);
      if (is_missing(value)) continue;
      if (command.mode == ParseCommand::Mode::csv)
        set_columns(row, to_text(value), command.names);
      else
        row.set(command.names.front(), logfmt_in(to_text(value)));
    }
    return {};
  }
  const auto groups = static_cast<size_t>(command.expression->NumberOfCapturingGroups());
  std::vector<re2::StringPiece> found(groups + 1);
  for (Row& row : rows_) {
    const std::string text = to_text(evaluate(command.subject, row, scope_));
    if (!command.expression->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                                   static_cast<int>(found.size())))
      continue;
    for (size_t i = 0; i < command.names.size() && i < groups; ++i) {
      if (!command.names[i].empty() && found[i + 1].data() != nullptr)
        row.set(command.names[i], std::string(found[i + 1].data(), found[i + 1].size()));
    }
  }
  return {};
}

Status Pipeline::parse_every_match(const ParseCommand& command) {
  const auto groups = static_cast<size_t>(command.expression->NumberOfCapturingGroups());
  std::vector<re2::StringPiece> found(groups + 1);
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    const std::string text = to_text(evaluate(command.subject, row, scope_));
    size_t matches = 0;
    for (size_t at = 0; at <= text.size() && matches < kMostMatchesOfText;) {
      if (!command.expression->Match(text, at, text.size(), re2::RE2::UNANCHORED, found.data(),
                                     static_cast<int>(found.size())))
        break;
      if (rows.size() == kMostRowsMade)
        return {ErrorKind::exhausted, "parse … multi makes more than 200000 rows: filter before it"};
      Row made = row;
      for (size_t i = 0; i < command.names.size() && i < groups; ++i) {
        if (!command.names[i].empty() && found[i + 1].data() != nullptr)
          made.set(command.names[i], std::string(found[i + 1].data(), found[i + 1].size()));
      }
      rows.push_back(std::move(made));
      ++matches;
      const auto end = static_cast<size_t>(found[0].data() - text.data()) + found[0].size();
      at = found[0].empty() ? end + 1 : end;
    }
    if (matches == 0) rows.push_back(row);
  }
  rows_ = std::move(rows);
  return {};
}

Status Pipeline::apply(const JsonCommand& command) {
  show_beside(command.name);
  for (Row& row : rows_) {
    Value value = evaluate(command.subject, row, scope_);
    if (const auto* text = std::get_if<std::string>(&value)) {
      const size_t begin = text->find_first_of("{[");
      const Result<JsonValue> parsed = begin == std::string::npos
                                           ? Result<JsonValue>(JsonValue())
                                           : parse_json(std::string_view(*text).substr(begin));
      value = parsed.ok() ? Value(*parsed) : Value();
    }
    const auto* json = std::get_if<JsonValue>(&value);
    const JsonValue* member = json == nullptr ? nullptr : member_at(*json, command.path);
    if (member != nullptr && !is_missing(value_of(*member))) row.set(command.name, value_of(*member));
  }
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
