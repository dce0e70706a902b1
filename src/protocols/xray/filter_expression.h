// FilterExpression: X-Ray's language for choosing traces, read and checked. docs/compat/xray.md has the
// grammar and what each part means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"

namespace clew::xray {

// What a condition speaks of.
enum class FilterScope : uint8_t { trace, service, edge, cause_service, cause_entity, cause_exception };

enum class FilterKeyword : uint8_t {
  ok,
  error,
  throttle,
  fault,
  partial,
  inferred,
  root,
  first,
  last,
  remote,
  response_time,
  duration,
  http_status,
  index,
  coverage,
  http_url,
  http_method,
  http_user_agent,
  http_client_ip,
  user,
  name,
  type,
  message,
  availability_zone,
  instance_id,
  resource_arn,
  account_id,
  annotation,
};

enum class FilterValueKind : uint8_t { boolean, number, string, any };

enum class FilterOperator : uint8_t {
  is_set,  // the bare keyword: true, for booleans; otherwise: has a value
  equal,
  not_equal,  // has a value that differs
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  contains,
  begins_with,
  ends_with,
};

using FilterValue = std::variant<bool, double, std::string>;

// Absent members match anything.
struct NodeSelector {
  std::optional<std::string> name, type, account_id;
  bool operator==(const NodeSelector&) const = default;
};

enum class CauseKind : uint8_t { fault, error, response_time };

struct FilterExpression {
  enum class Kind : uint8_t {
    all,         // every child holds; without children: true
    any,         // some child holds
    none,        // no child holds
    comparison,  // keyword, annotation, op, value
    service,     // some node that `selectors[0]` selects satisfies the child, if there is one
    edge,        // some call from selectors[0] to selectors[1] satisfies the child
    group,       // is in the group named, or (by_arn) with the ARN, in `value`; replaced by resolve_groups()
    cause,       // some part (scope) of a root cause of the kind satisfies the child
    cause_equals,  // some root cause equals one of those described in `causes`
  };
  Kind kind = Kind::all;
  std::vector<FilterExpression> children;

  FilterKeyword keyword = FilterKeyword::ok;
  std::string annotation;
  FilterOperator op = FilterOperator::is_set;
  FilterValue value = true;

  NodeSelector selectors[2];
  bool by_arn = false;
  CauseKind cause = CauseKind::fault;
  FilterScope scope = FilterScope::trace;  // of a cause: which part
  JsonValue causes;                        // an array
};

constexpr size_t kLongestFilterExpression = 8192;
constexpr size_t kDeepestFilterExpression = 40;
constexpr size_t kMostFilterTerms = 60;

// bad_input: what is wrong, and in which column (from 1, in characters).
Result<FilterExpression> parse_filter_expression(std::string_view text);
// For GetTimeSeriesServiceStatistics: only id(), service() and edge(), and no annotations.
Status check_entity_selector(const FilterExpression& expression);

// Puts the expressions of groups in the place of their names. `expression_of` is given a name, or an ARN, and
// answers with the group's expression (empty: every trace) or nothing; groups may name groups.
using GroupLookup = std::function<std::optional<std::string>(const std::string& name, bool is_arn)>;
Status resolve_groups(FilterExpression& expression, const GroupLookup& expression_of);

struct FilterKeywordInfo {
  FilterKeyword keyword;
  std::string_view name;
  FilterValueKind kind;
  uint8_t scopes;  // a bit for each FilterScope
};
const FilterKeywordInfo& info_of(FilterKeyword keyword);
// By name, whatever its case.
const FilterKeywordInfo* find_keyword(std::string_view name);
std::vector<std::string_view> keyword_names(FilterScope scope);

}  // namespace clew::xray
