#include "protocols/xray/comparison_plan.h"

#include <algorithm>
#include <cmath>

#include "protocols/xray/member_homes.h"
#include "protocols/xray/span_conditions.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {

using query::all_of;
using query::any_of;
using query::Filter;
using query::none_of;
using query::Operator;

namespace {

// Documents have their times as numbers whose last bits are below a microsecond: what is nearer counts as
// equal.
constexpr int64_t kEqualWithin = 500;

Filter with_truth(const FilterExpression& comparison, Filter filter) {
  return wants_truth(comparison) ? filter : none_of({std::move(filter)});
}

Operator operator_of(FilterOperator op) {
  switch (op) {
    case FilterOperator::is_set:
      return Operator::exists;
    case FilterOperator::equal:
      return Operator::equal;
    case FilterOperator::not_equal:
      return Operator::not_equal;
    case FilterOperator::less:
      return Operator::less;
    case FilterOperator::less_or_equal:
      return Operator::less_or_equal;
    case FilterOperator::greater:
      return Operator::greater;
    case FilterOperator::greater_or_equal:
      return Operator::greater_or_equal;
    case FilterOperator::contains:
      return Operator::contains;
    case FilterOperator::begins_with:
      return Operator::starts_with;
    case FilterOperator::ends_with:
      return Operator::ends_with;
  }
  return Operator::exists;
}

// A value of the type asked for that satisfies the comparison.
Filter compare_typed(const FilterExpression& comparison, const query::ColumnName& column) {
  const auto ask = [&](Operator op, query::Value value) {
    return query::comparison(column, op, {std::move(value)});
  };
  if (comparison.op == FilterOperator::is_set) return query::comparison(column, Operator::exists, {});
  if (const bool* truth = std::get_if<bool>(&comparison.value))
    return ask(Operator::equal, comparison.op == FilterOperator::equal ? *truth : !*truth);
  if (const double* number = std::get_if<double>(&comparison.value)) {
    if (comparison.op == FilterOperator::not_equal)
      return any_of({ask(Operator::less, *number), ask(Operator::greater, *number)});
    return ask(operator_of(comparison.op), *number);
  }
  const std::string& text = std::get<std::string>(comparison.value);
  const Filter is_text = ask(Operator::starts_with, std::string());
  if (comparison.op == FilterOperator::not_equal) return all_of({is_text, ask(Operator::not_equal, text)});
  if (text.empty() && comparison.op != FilterOperator::equal) return is_text;
  return ask(operator_of(comparison.op), text);
}

// A text member, of documents at home in the first column, of other spans in the first that is there.
RowBounds text_member(const FilterExpression& comparison, std::initializer_list<std::string_view> columns) {
  return exactly(in_first_of(
      columns, [&](std::string_view column) { return compare_typed(comparison, attribute_column(column)); }));
}

RowBounds url_member(const FilterExpression& comparison) {
  RowBounds bounds = text_member(comparison, {"url.full", "http.url"});
  // Otherwise it is put together.
  const Filter put_together =
      all_of({came_otherwise(), lacks("url.full"), lacks("http.url"),
              any_of({has("url.path"), has("http.target"), has("http.route"), has("server.address"),
                      has("http.host"), has("net.host.name")})});
  bounds.possible = any_of({bounds.possible, put_together});
  return bounds;
}

// What segments have and other spans do not, kept on the resource.
RowBounds resource_member(const FilterExpression& comparison, std::string_view column,
                          std::string_view member) {
  const Filter found = compare_typed(comparison, {std::string(column), store::Scope::resource});
  const Filter left_over = compare(attribute::kRemainder, Operator::contains, std::string(member));
  return {all_of({compare(attribute::kForm, Operator::equal, std::string("segment")), found}),
          any_of({all_of({is_segment(), found}), left_over})};
}

}  // namespace

RowBounds exactly(Filter filter) {
  return {filter, filter};
}

bool wants_truth(const FilterExpression& comparison) {
  if (comparison.op == FilterOperator::equal) return std::get<bool>(comparison.value);
  if (comparison.op == FilterOperator::not_equal) return !std::get<bool>(comparison.value);
  return true;
}

DurationRange duration_range(const FilterExpression& comparison) {
  if (comparison.op == FilterOperator::is_set) return {};
  const double nanoseconds = std::clamp(std::get<double>(comparison.value) * 1e9, -9e18, 9e18);
  const auto at = static_cast<int64_t>(std::llround(nanoseconds));
  switch (comparison.op) {
    case FilterOperator::equal:
      return {at - kEqualWithin, at + kEqualWithin, true};
    case FilterOperator::not_equal:
      return {at - kEqualWithin, at + kEqualWithin, false};
    case FilterOperator::less:
      return {INT64_MIN, at - kEqualWithin - 1, true};
    case FilterOperator::less_or_equal:
      return {INT64_MIN, at + kEqualWithin, true};
    case FilterOperator::greater:
      return {at + kEqualWithin + 1, INT64_MAX, true};
    default:
      return {at - kEqualWithin, INT64_MAX, true};
  }
}
Filter takes_time(const FilterExpression& comparison) {
  const DurationRange range = duration_range(comparison);
  Filter inside = all_of({intrinsic(names::kDuration, Operator::greater_or_equal, {range.least}),
                          intrinsic(names::kDuration, Operator::less_or_equal, {range.most})});
  return range.inside ? inside : none_of({std::move(inside)});
}
RowBounds annotation(const FilterExpression& comparison) {
  const std::string& key = comparison.annotation;
  Filter found = compare_typed(comparison, attribute_column(key));
  if (comparison.op == FilterOperator::is_set)
    found = all_of({std::move(found), none_of({compare(key, Operator::equal, false)})});
  const Filter left_over = compare(attribute::kRemainder, Operator::contains, key);
  RowBounds bounds{found, any_of({found, left_over})};
  // Attributes that are kept in other members, under this name or an older one, are no annotations.
  constexpr std::string_view kFamilies[] = {"http.", "url.", "db.",    "aws.",     "user",
                                            "net.",  "rpc.", "client", "enduser.", "server."};
  const bool may_be_member = is_reserved_attribute(key) ||
                             std::any_of(std::begin(kFamilies), std::end(kFamilies),
                                         [&](std::string_view family) { return key.starts_with(family); });
  bounds.certain =
      may_be_member ? never() : all_of({found, any_of({came_as_document(), lacks(attribute::kAnnotations)})});
  return bounds;
}

RowBounds about_row(const FilterExpression& comparison) {
  switch (comparison.keyword) {
    case FilterKeyword::fault:
      return exactly(with_truth(comparison, is_fault()));
    case FilterKeyword::error:
      return exactly(with_truth(comparison, is_error()));
    case FilterKeyword::throttle:
      return exactly(with_truth(comparison, is_throttle()));
    case FilterKeyword::ok:
      return exactly(with_truth(comparison, none_of({is_fault(), is_error(), is_throttle()})));
    case FilterKeyword::response_time:
      return exactly(takes_time(comparison));
    case FilterKeyword::http_status:
      return exactly(in_first_of(
          {"http.response.status_code", "http.status_code"},
          [&](std::string_view column) { return compare_typed(comparison, attribute_column(column)); }));
    case FilterKeyword::http_url:
      return url_member(comparison);
    case FilterKeyword::http_method:
      return text_member(comparison, {"http.request.method", "http.method"});
    case FilterKeyword::http_user_agent:
      return text_member(comparison, {"user_agent.original", "http.user_agent"});
    case FilterKeyword::http_client_ip:
      return text_member(comparison,
                         {"client.address", "http.client_ip", "net.sock.peer.addr", "net.peer.ip"});
    case FilterKeyword::user:
      return text_member(comparison, {"enduser.id", "user.id"});
    case FilterKeyword::resource_arn:
      return text_member(comparison, {"aws.xray.resource_arn"});
    case FilterKeyword::account_id: {
      RowBounds bounds = text_member(comparison, {"aws.account_id"});
      bounds.certain = all_of({came_as_document(), bounds.certain});
      return bounds;
    }
    case FilterKeyword::availability_zone:
      return resource_member(comparison, "cloud.availability_zone", "availability_zone");
    case FilterKeyword::instance_id:
      return resource_member(comparison, "host.id", "instance_id");
    case FilterKeyword::annotation:
      return annotation(comparison);
    default:
      return {never(), always()};
  }
}

}  // namespace clew::xray
