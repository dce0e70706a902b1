#include "protocols/xray/filter_plan.h"

#include "protocols/xray/comparison_plan.h"
#include "protocols/xray/member_homes.h"
#include "protocols/xray/node_plan.h"
#include "protocols/xray/span_conditions.h"

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

struct Bounds {
  TraceCondition certain, possible;
};

Bounds unknown() {
  return {any_condition({}), all_conditions({})};
}

TraceCondition trace_takes_time(const FilterExpression& comparison) {
  const DurationRange range = duration_range(comparison);
  TraceCondition inside = all_conditions({query::duration_of_trace(Operator::greater_or_equal, {range.least}),
                                          query::duration_of_trace(Operator::less_or_equal, {range.most})});
  return range.inside ? inside : no_condition({std::move(inside)});
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
      case FilterKeyword::duration: {
        const TraceCondition takes = trace_takes_time(expression);
        return {takes, takes};
      }
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
    if (wants_truth(expression)) return bounds;
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
    if (from.name) possible.push_back(some_span(any_of({is_of_service(*from.name), mentions(*from.name)})));
    Bounds bounds{any_condition({}), all_conditions(std::move(possible))};
    if (!from.name || from.type || from.account_id) return bounds;
    // Called from a subsegment, which measured it.
    std::vector<Filter> caller{is_of_service(*from.name), none_of({is_segment()}), lacks("aws.local.service"),
                               came_as_document()};
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
