#include "protocols/xray/filter_comparison.h"

namespace clew::xray {

bool decide_boolean(const FilterExpression& comparison, bool value) {
  switch (comparison.op) {
    case FilterOperator::equal:
      return value == std::get<bool>(comparison.value);
    case FilterOperator::not_equal:
      return value != std::get<bool>(comparison.value);
    default:
      return value;
  }
}

bool decide_number(const FilterExpression& comparison, double value) {
  if (comparison.op == FilterOperator::is_set) return true;
  const double* wanted = std::get_if<double>(&comparison.value);
  if (wanted == nullptr) return false;
  switch (comparison.op) {
    case FilterOperator::equal:
      return value == *wanted;
    case FilterOperator::not_equal:
      return value != *wanted;
    case FilterOperator::less:
      return value < *wanted;
    case FilterOperator::less_or_equal:
      return value <= *wanted;
    case FilterOperator::greater:
      return value > *wanted;
    case FilterOperator::greater_or_equal:
      return value >= *wanted;
    default:
      return false;
  }
}

bool decide_text(const FilterExpression& comparison, std::string_view value) {
  if (comparison.op == FilterOperator::is_set) return true;
  const auto* wanted = std::get_if<std::string>(&comparison.value);
  if (wanted == nullptr) return false;
  switch (comparison.op) {
    case FilterOperator::equal:
      return value == *wanted;
    case FilterOperator::not_equal:
      return value != *wanted;
    case FilterOperator::contains:
      return value.find(*wanted) != std::string_view::npos;
    case FilterOperator::begins_with:
      return value.starts_with(*wanted);
    case FilterOperator::ends_with:
      return value.ends_with(*wanted);
    default:
      return false;
  }
}

}  // namespace clew::xray
