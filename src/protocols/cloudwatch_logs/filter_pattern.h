// FilterPattern: the pattern language of FilterLogEvents, metric filters, subscription filters and live
// tails. Terms and phrases of plain text, conditions on JSON, conditions on columns between blanks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "query/plan.h"

namespace clew::cloudwatch_logs {

class PatternExpression;  // a compiled regular expression

struct PatternTerm {
  enum class Kind : uint8_t { required, optional, excluded };
  Kind kind = Kind::required;
  std::string text;
  std::shared_ptr<const PatternExpression> expression;  // instead of the text
};

struct PatternComparison {
  enum class Op : uint8_t {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    is_null,
    is_true,
    is_false,
    not_exists
  };
  Op op = Op::equal;
  std::string text;              // as it stands in the pattern, without its quotes
  std::optional<double> number;  // when it stands as one
  std::shared_ptr<const PatternExpression> expression;
};

// One step of "$.a[0].*".
struct SelectorStep {
  enum class Kind : uint8_t { member, element, any };
  Kind kind = Kind::member;
  std::string name;
  size_t index = 0;
};

struct PatternCondition {
  enum class Kind : uint8_t { comparison, all, any };
  Kind kind = Kind::comparison;
  std::vector<PatternCondition> children;  // all, any
  std::vector<SelectorStep> selector;      // of JSON
  PatternComparison comparison;
};

struct PatternColumn {
  std::string name;   // empty: it has none
  bool rest = false;  // "..."
  std::optional<PatternCondition> condition;
};

class FilterPattern {
 public:
  // bad_input with AWS's text.
  static Result<FilterPattern> parse(std::string_view text);

  bool matches(std::string_view message) const;
  // Of a message that matches: "$name" or "$4" of columns; nothing for the other kinds of patterns.
  std::map<std::string, std::string> extracted(std::string_view message) const;
  // A condition on the stored rows that holds for all that match, so that the store reads few others.
  query::Filter bound() const;
  bool has_expressions() const { return expressions_ > 0; }
  bool is_json() const { return json_.has_value(); }
  bool has_column(std::string_view name) const;

 private:
  friend class FilterPatternParser;

  std::vector<PatternTerm> terms_;
  std::optional<PatternCondition> json_;
  std::optional<std::vector<PatternColumn>> columns_;
  size_t expressions_ = 0;
};

// The value that "$.a.b" has in a message, as it is written there; nothing when it has no single one.
// bad_input when it is no selector.
Result<std::vector<SelectorStep>> parse_selector(std::string_view text);
std::optional<std::string> value_at(std::string_view message, const std::vector<SelectorStep>& selector);

// The columns of a line: runs between blanks, "…" and […] as one.
std::vector<std::string_view> columns_of(std::string_view message, size_t most = SIZE_MAX);

}  // namespace clew::cloudwatch_logs
