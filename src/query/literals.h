// Literals: the values of one comparison, prepared for each type of column they may meet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/plan.h"
#include "store/segment.h"

namespace re2 {
class RE2;
}

namespace clew::query {

// Both ends belong to it. Every comparison of numbers is membership in such ranges, so there is one loop for
// all.
struct IntegerRange {
  int64_t low, high;
};
struct RealRange {
  double low, high;
};

// Of a comparison whose operator is positive: negative ones are turned around by the filter.
class Literals {
 public:
  // bad_input for a regular expression that does not parse.
  static Result<Literals> prepare(Operator positive, const std::vector<Value>& values);

  // A value matches when it is in one of the ranges. Of int64, time and duration columns:
  const std::vector<IntegerRange>& integer_ranges(store::ColumnType type) const;
  const std::vector<RealRange>& real_ranges() const { return reals_; }
  bool matches(bool value) const { return value ? matches_true_ : matches_false_; }
  // Of all stringlike columns.
  bool matches(std::string_view value, store::ColumnType type) const;
  // The single string that must be contained, when that is all there is to it; else empty.
  std::string_view substring() const;

  Operator op() const { return op_; }
  // The texts that equality looks for in a column of this type.
  const std::vector<std::string>& wanted(store::ColumnType type) const;

 private:
  void add_number(const Value& value);
  void add_text(const std::string& text);
  bool matches_text(std::string_view value) const;

  Operator op_ = Operator::exists;
  std::vector<IntegerRange> integers_, times_, durations_;
  std::vector<RealRange> reals_;
  bool matches_true_ = false, matches_false_ = false;
  std::vector<std::string> texts_, trace_ids_, span_ids_;
  std::shared_ptr<const re2::RE2> pattern_;
};

}  // namespace clew::query
