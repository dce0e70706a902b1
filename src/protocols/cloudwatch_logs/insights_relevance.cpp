// The command relevantfields: in which fields the rows that meet a condition differ most from the others.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/insights_pipeline.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostFields = 200;
constexpr size_t kRowsLookedAtForFields = 10'000;
constexpr size_t kMostContributors = 5;
constexpr double kNumericShare = 0.9;

void find_fields(const Expression& expression, std::set<std::string>& found) {
  if (expression.kind == Expression::Kind::field) found.insert(expression.name);
  for (const Expression& child : expression.children) find_fields(child, found);
}

struct Sides {
  std::vector<double> numbers[2];                       // of the others, of those that meet the condition
  std::map<std::string, std::array<size_t, 2>> values;  // how many of either have it
  std::array<size_t, 2> present{};
};

double median_of(std::vector<double>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  const size_t middle = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

// The largest distance between the two distributions, which are in order.
double distance_between(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double next = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= next) ++i;
    while (j < b.size() && b[j] <= next) ++j;
    const double of_a = static_cast<double>(i) / static_cast<double>(a.size());
    const double of_b = static_cast<double>(j) / static_cast<double>(b.size());
    largest = std::max(largest, std::abs(of_a - of_b));
  }
  return largest;
}

struct Relevance {
  std::string field;
  double score = 0;
  std::string contributors;
  std::optional<double> median_within, median_outside;
};

Relevance relevance_of(std::string field, Sides& sides, const std::array<size_t, 2>& rows) {
  Relevance result{.field = std::move(field)};
  const size_t present = sides.present[0] + sides.present[1];
  const size_t numeric = sides.numbers[0].size() + sides.numbers[1].size();
  const bool is_numeric = !sides.numbers[0].empty() && !sides.numbers[1].empty() &&
                          static_cast<double>(numeric) >= kNumericShare * static_cast<double>(present);
  if (is_numeric) {
    result.median_outside = median_of(sides.numbers[0]);
    result.median_within = median_of(sides.numbers[1]);
    result.score = distance_between(sides.numbers[0], sides.numbers[1]);
    return result;
  }
  // What has no value is a value too.
  sides.values["(none)"] = {rows[0] - sides.present[0], rows[1] - sides.present[1]};
  struct Shift {
    const std::string* value;
    double outside, within;
    double size() const { return std::abs(within - outside); }
  };
  std::vector<Shift> shifts;
  for (const auto& [value, counts] : sides.values) {
    const auto share = [&](size_t side) {
      return rows[side] == 0 ? 0.0 : static_cast<double>(counts[side]) / static_cast<double>(rows[side]);
    };
    shifts.push_back({&value, share(0), share(1)});
    result.score += shifts.back().size() / 2;
  }
  std::stable_sort(shifts.begin(), shifts.end(),
                   [](const Shift& a, const Shift& b) { return a.size() > b.size(); });
  for (size_t i = 0; i < std::min(shifts.size(), kMostContributors) && shifts[i].size() > 0; ++i)
    result.contributors += fmt::format("{}{}: {:.1f}% → {:.1f}%", i == 0 ? "" : ", ", *shifts[i].value,
                                       shifts[i].outside * 100, shifts[i].within * 100);
  return result;
}

}  // namespace

Status Pipeline::apply(const RelevantFieldsCommand& command) {
  std::set<std::string> names(command.fields.begin(), command.fields.end());
  if (names.empty()) {
    std::set<std::string> asked_about;
    find_fields(command.condition, asked_about);
    for (size_t i = 0; i < std::min(rows_.size(), kRowsLookedAtForFields); ++i) {
      for (const auto& [name, value] : rows_[i].given())
        if (names.size() < kMostFields) names.insert(name);
      if (rows_[i].event() == nullptr) continue;
      for (const auto& [name, value] : fields_of(*rows_[i].event()))
        if (names.size() < kMostFields && !name.starts_with('@')) names.insert(name);
    }
    if (!gathered_) names.insert({"@logStream", "@log"});
    // Of course those differ.
    for (const std::string& name : asked_about) names.erase(name);
  }
  std::map<std::string, Sides> fields;
  std::array<size_t, 2> rows{};
  for (const Row& row : rows_) {
    const size_t side = is_true(evaluate(command.condition, row, scope_)) ? 1 : 0;
    ++rows[side];
    for (const std::string& name : names) {
      const Value value = row.field(name);
      if (is_missing(value)) continue;
      Sides& sides = fields[name];
      ++sides.present[side];
      ++sides.values[to_text(value)][side];
      if (const auto number = to_number(value)) sides.numbers[side].push_back(*number);
    }
  }
  std::vector<Relevance> found;
  for (auto& [name, sides] : fields) found.push_back(relevance_of(name, sides, rows));
  std::stable_sort(found.begin(), found.end(),
                   [](const Relevance& a, const Relevance& b) { return a.score > b.score; });
  rows_.clear();
  for (Relevance& one : found) {
    Row row;
    row.set("@fieldName", std::move(one.field));
    row.set("@relevanceScore", one.score);
    if (!one.contributors.empty()) row.set("@topRelevanceContributors", std::move(one.contributors));
    if (one.median_within) row.set("@conditionalMedian", *one.median_within);
    if (one.median_outside) row.set("@baselineMedian", *one.median_outside);
    rows_.push_back(std::move(row));
  }
  gathered_ = true;
  displayed_.reset();
  fields_ = {"@fieldName", "@relevanceScore", "@topRelevanceContributors", "@conditionalMedian",
             "@baselineMedian"};
  return {};
}

}  // namespace clew::cloudwatch_logs::insights
