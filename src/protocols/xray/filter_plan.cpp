#include "protocols/xray/filter_plan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "protocols/xray/member_homes.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {
namespace {

using query::all_conditions;
using query::all_of;
using query::any_condition;
using query::any_of;
using query::Filter;
using query::no_condition;
using query::none_of;
using query::Operator;
using query::some_span;
using query::TraceCondition;
using Kind = FilterExpression::Kind;

// Of rows.
struct RowBounds {
  Filter certain, possible;
};
// Of traces.
struct Bounds {
  TraceCondition certain, possible;
};

Filter always() {
  return all_of({});
}
Filter never() {
  return any_of({});
}
RowBounds exactly(Filter filter) {
  return {filter, filter};
}
Bounds exactly(TraceCondition condition) {
  return {condition, condition};
}
Bounds unknown() {
  return {any_condition({}), all_conditions({})};
}

query::ColumnName attribute_column(std::string_view name) {
  return {std::string(name), store::Scope::attribute};
}
Filter compare(std::string_view name, Operator op, query::Value value) {
  return query::comparison(attribute_column(name), op, {std::move(value)});
}
Filter has(std::string_view name) {
  return query::comparison(attribute_column(name), Operator::exists, {});
}
Filter lacks(std::string_view name) {
  return query::comparison(attribute_column(name), Operator::does_not_exist, {});
}
Filter is_true(std::string_view name) {
  return compare(name, Operator::equal, true);
}
Filter intrinsic(std::string_view name, Operator op, std::vector<query::Value> values) {
  return query::comparison({std::string(name), store::Scope::intrinsic}, op, std::move(values));
}
Filter is_kind(std::string_view kind) {
  return intrinsic(names::kSpanKind, Operator::equal, {std::string(kind)});
}

Filter came_as_document() {
  return has(attribute::kForm);
}
Filter came_otherwise() {
  return lacks(attribute::kForm);
}
Filter is_root() {
  return intrinsic(names::kParentId, Operator::does_not_exist, {});
}
Filter is_segment() {
  return any_of({compare(attribute::kForm, Operator::equal, std::string("segment")),
                 all_of({came_otherwise(), any_of({is_root(), is_kind("server")})})});
}
// Calls, which segments may be inferred from, and which know their callee by some name.
Filter is_call() {
  return any_of({is_kind("client"), is_kind("producer"), has("aws.xray.namespace"), has("aws.service"),
                 compare("rpc.system", Operator::equal, std::string("aws-api"))});
}

// A value in the first of several columns that has one.
template <typename Make>
Filter in_first_of(std::initializer_list<std::string_view> columns, Make&& make) {
  std::vector<Filter> ways, absent;
  for (const std::string_view column : columns) {
    std::vector<Filter> way = absent;
    way.push_back(make(column));
    ways.push_back(all_of(std::move(way)));
    absent.push_back(lacks(column));
  }
  return any_of(std::move(ways));
}
Filter http_status_between(int64_t least, int64_t most) {
  return in_first_of({"http.response.status_code", "http.status_code"}, [&](std::string_view column) {
    return all_of(
        {compare(column, Operator::greater_or_equal, least), compare(column, Operator::less_or_equal, most)});
  });
}

Filter is_error() {
  return any_of({all_of({came_as_document(), is_true("aws.xray.error")}),
                 all_of({came_otherwise(), http_status_between(400, 499)})});
}
Filter is_throttle() {
  return any_of({all_of({came_as_document(), is_true("aws.xray.throttle")}),
                 all_of({came_otherwise(), http_status_between(429, 429)})});
}
Filter is_fault() {
  const Filter failed = intrinsic(names::kStatusCode, Operator::equal, {int64_t{2}});
  return any_of(
      {all_of({came_as_document(), is_true("aws.xray.fault")}),
       all_of({came_otherwise(), any_of({http_status_between(500, INT64_MAX),
                                         all_of({failed, none_of({http_status_between(400, 499)})})})})});
}

Filter with_truth(const FilterExpression& comparison, Filter filter) {
  bool wanted = true;
  if (comparison.op == FilterOperator::equal) wanted = std::get<bool>(comparison.value);
  if (comparison.op == FilterOperator::not_equal) wanted = !std::get<bool>(comparison.value);
  return wanted ? filter : none_of({std::move(filter)});
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

// Documents have their times as numbers whose last bits are below a microsecond: what is nearer counts as
// equal.
constexpr int64_t kEqualWithin = 500;
struct DurationRange {
  int64_t least = INT64_MIN, most = INT64_MAX;
  bool inside = true;  // otherwise the durations outside of it are meant
};
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
TraceCondition trace_takes_time(const FilterExpression& comparison) {
  const DurationRange range = duration_range(comparison);
  TraceCondition inside = all_conditions({query::duration_of_trace(Operator::greater_or_equal, {range.least}),
                                          query::duration_of_trace(Operator::less_or_equal, {range.most})});
  return range.inside ? inside : no_condition({std::move(inside)});
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

// What a row must satisfy, said of a segment or a call itself.
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

// Columns that name the callee of a call, in documents or otherwise.
constexpr std::array<std::string_view, 19> kCalleeColumns = {"peer.service",
                                                             "aws.remote.service",
                                                             "service.peer.name",
                                                             "aws.service",
                                                             "rpc.service",
                                                             "server.address",
                                                             "http.host",
                                                             "net.peer.name",
                                                             "db.namespace",
                                                             "db.name",
                                                             "aws.table_name",
                                                             "aws.dynamodb.table_names",
                                                             "aws.queue_url",
                                                             "aws.sqs.queue.url",
                                                             "aws.s3.bucket",
                                                             "aws.sns.topic.arn",
                                                             "aws.lambda.function_name",
                                                             "aws.kinesis.stream_name",
                                                             "aws.local.service"};

// Spans that may know a node by this name: names are put together of several columns, and cut.
Filter mentions(const std::string& name) {
  const std::string part = name.substr(name.find_last_of('@') + 1);
  std::string lower = part;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::vector<Filter> ways;
  for (const std::string& text : {part, lower}) {
    ways.push_back(intrinsic(names::kName, Operator::contains, {text}));
    for (const std::string_view column : kCalleeColumns)
      ways.push_back(compare(column, Operator::contains, text));
    if (lower == part) break;
  }
  return any_of(std::move(ways));
}

Filter is_of_service(Operator op, const std::string& name) {
  return query::comparison(query::ColumnName{"service.name", {}}, op, std::vector<query::Value>{name});
}

// Segments that `selector` selects, and calls that a selected segment may be inferred from or known by.
struct NodeBounds {
  RowBounds segment;
  Filter possible_call;
};
NodeBounds nodes(const NodeSelector& selector) {
  std::vector<Filter> certain{is_segment()}, possible{is_segment()}, call{is_call()};
  if (selector.name) {
    const Filter by_service = is_of_service(Operator::equal, *selector.name);
    certain.push_back(all_of({by_service, lacks("aws.local.service")}));
    possible.push_back(any_of({by_service, mentions(*selector.name)}));
    call.push_back(mentions(*selector.name));
  }
  if (selector.type) {
    const Filter by_origin = compare("aws.xray.origin", Operator::equal, *selector.type);
    certain.push_back(all_of({came_as_document(), by_origin}));
    possible.push_back(any_of({came_otherwise(), by_origin}));
  }
  if (selector.account_id) {
    const Filter by_account = compare("aws.account_id", Operator::equal, *selector.account_id);
    certain.push_back(all_of({came_as_document(), by_account}));
    possible.push_back(any_of({came_otherwise(), by_account}));
  }
  return {{all_of(std::move(certain)), all_of(std::move(possible))}, all_of(std::move(call))};
}

class Planner {
 public:
  FilterPlan plan(const FilterExpression& expression) {
    Bounds bounds = of_trace(expression);
    // Where the root has not arrived, what stands for it is chosen among segments.
    if (asked_for_root_) leave_open(bounds, no_condition({some_span(is_root())}));
    // Of a segment under way the completed one may be there too, as another row.
    leave_open(bounds, some_span(is_true(attribute::kInProgress)));
    // More than the engine decides at once: then every trace is looked at whole.
    if (filters_in(bounds.possible) + filters_in(bounds.certain) > query::TraceQuestion::kMostFilters)
      bounds = unknown();
    return {.possible = std::move(bounds.possible), .certain = std::move(bounds.certain)};
  }

 private:
  static size_t filters_in(const TraceCondition& condition) {
    size_t count = 0;
    if (condition.kind == TraceCondition::Kind::span || condition.kind == TraceCondition::Kind::root)
      count = 1;
    if (condition.kind == TraceCondition::Kind::child || condition.kind == TraceCondition::Kind::childless)
      count = 2;
    for (const TraceCondition& child : condition.children) count += filters_in(child);
    return count;
  }

  static void leave_open(Bounds& bounds, const TraceCondition& where) {
    bounds.possible = any_condition({std::move(bounds.possible), where});
    bounds.certain = all_conditions({std::move(bounds.certain), no_condition({where})});
  }

  Bounds of_trace(const FilterExpression& expression) {
    switch (expression.kind) {
      case Kind::all:
      case Kind::any:
      case Kind::none:
        return combined(expression);
      case Kind::comparison:
        return comparison(expression);
      case Kind::service:
        return service(expression);
      case Kind::edge:
        return edge(expression);
      case Kind::cause:
        if (expression.cause == CauseKind::response_time) return unknown();
        return {any_condition({}), some_span(expression.cause == CauseKind::fault ? is_fault() : is_error())};
      default:
        return unknown();
    }
  }

  Bounds combined(const FilterExpression& expression) {
    std::vector<TraceCondition> certain, possible;
    for (const FilterExpression& child : expression.children) {
      Bounds bounds = of_trace(child);
      certain.push_back(std::move(bounds.certain));
      possible.push_back(std::move(bounds.possible));
    }
    if (expression.kind == Kind::all)
      return {all_conditions(std::move(certain)), all_conditions(std::move(possible))};
    if (expression.kind == Kind::any)
      return {any_condition(std::move(certain)), any_condition(std::move(possible))};
    return {no_condition(std::move(possible)), no_condition(std::move(certain))};
  }

  // The same for what is said of one row. `leaf` decides a comparison.
  template <typename Leaf>
  static RowBounds of_row(const FilterExpression& expression, Leaf&& leaf) {
    if (expression.kind == Kind::comparison) return leaf(expression);
    std::vector<Filter> certain, possible;
    for (const FilterExpression& child : expression.children) {
      RowBounds bounds = of_row(child, leaf);
      certain.push_back(std::move(bounds.certain));
      possible.push_back(std::move(bounds.possible));
    }
    if (expression.kind == Kind::all) return {all_of(std::move(certain)), all_of(std::move(possible))};
    if (expression.kind == Kind::any) return {any_of(std::move(certain)), any_of(std::move(possible))};
    return {none_of(std::move(possible)), none_of(std::move(certain))};
  }

  Bounds comparison(const FilterExpression& expression) {
    switch (expression.keyword) {
      case FilterKeyword::duration:
        return exactly(trace_takes_time(expression));
      case FilterKeyword::partial: {
        const TraceCondition missing =
            some_span(any_of({is_true("aws.xray.traced"),
                              compare(attribute::kRemainder, Operator::contains, std::string("traced"))}));
        return with_truth_of_trace(expression, {any_condition({}), missing});
      }
      case FilterKeyword::inferred:
        return with_truth_of_trace(expression, {any_condition({}), some_span(is_call())});
      case FilterKeyword::name:
        return named(expression);
      case FilterKeyword::type:
        return unknown();
      case FilterKeyword::annotation: {
        RowBounds bounds = annotation(expression);
        return {some_span(std::move(bounds.certain)), some_span(std::move(bounds.possible))};
      }
      case FilterKeyword::user:
      case FilterKeyword::availability_zone:
      case FilterKeyword::instance_id:
      case FilterKeyword::resource_arn:
      case FilterKeyword::account_id: {
        // Inferred segments have those of their call.
        RowBounds bounds = about_row(expression);
        return {some_span(all_of({is_segment(), std::move(bounds.certain)})),
                some_span(std::move(bounds.possible))};
      }
      default: {
        asked_for_root_ = true;
        RowBounds bounds = about_row(expression);
        return {query::root_span(std::move(bounds.certain)), query::root_span(std::move(bounds.possible))};
      }
    }
  }

  static Bounds with_truth_of_trace(const FilterExpression& expression, Bounds bounds) {
    bool wanted = true;
    if (expression.op == FilterOperator::equal) wanted = std::get<bool>(expression.value);
    if (expression.op == FilterOperator::not_equal) wanted = !std::get<bool>(expression.value);
    if (wanted) return bounds;
    return {no_condition({std::move(bounds.possible)}), no_condition({std::move(bounds.certain)})};
  }

  static Bounds named(const FilterExpression& expression) {
    if (expression.op != FilterOperator::equal) return unknown();
    const NodeBounds bounds =
        nodes({.name = std::get<std::string>(expression.value), .type = {}, .account_id = {}});
    return {some_span(bounds.segment.certain),
            some_span(any_of({bounds.segment.possible, bounds.possible_call}))};
  }

  // Of a segment: subsegments, the root and inferred segments are more than one row knows of.
  static RowBounds about_segment(const FilterExpression& comparison) {
    switch (comparison.keyword) {
      case FilterKeyword::annotation:
      case FilterKeyword::duration:
      case FilterKeyword::root:
      case FilterKeyword::inferred:
      case FilterKeyword::name:
      case FilterKeyword::type:
        return {never(), always()};
      default:
        return about_row(comparison);
    }
  }

  static Bounds service(const FilterExpression& expression) {
    NodeBounds bounds = nodes(expression.selectors[0]);
    Filter certain = bounds.segment.certain,
           possible = any_of({bounds.segment.possible, bounds.possible_call});
    if (!expression.children.empty()) {
      RowBounds condition = of_row(expression.children[0], about_segment);
      certain = all_of({std::move(certain), std::move(condition.certain)});
      possible = all_of({std::move(possible), std::move(condition.possible)});
    }
    return {some_span(std::move(certain)), some_span(std::move(possible))};
  }

  static Bounds edge(const FilterExpression& expression) {
    const auto& [from, to] = expression.selectors;
    std::vector<TraceCondition> possible;
    const NodeBounds callee = nodes(to);
    possible.push_back(some_span(any_of({callee.segment.possible, callee.possible_call})));
    if (from.name)
      possible.push_back(
          some_span(any_of({is_of_service(Operator::equal, *from.name), mentions(*from.name)})));
    Bounds bounds{any_condition({}), all_conditions(std::move(possible))};
    if (!from.name || from.type || from.account_id) return bounds;
    // Called from a subsegment, which measured it.
    std::vector<Filter> caller{is_of_service(Operator::equal, *from.name), none_of({is_segment()}),
                               lacks("aws.local.service"), came_as_document()};
    if (!expression.children.empty()) caller.push_back(of_row(expression.children[0], about_call).certain);
    bounds.certain = query::some_child(callee.segment.certain, all_of(std::move(caller)));
    return bounds;
  }

  static RowBounds about_call(const FilterExpression& comparison) {
    return comparison.keyword == FilterKeyword::duration ? exactly(takes_time(comparison))
                                                         : about_row(comparison);
  }

  bool asked_for_root_ = false;
};

}  // namespace

FilterPlan plan_of(const FilterExpression& expression) {
  return Planner().plan(expression);
}

}  // namespace clew::xray
