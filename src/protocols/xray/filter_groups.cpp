// Groups inside of filter expressions.
#include <set>

#include <fmt/format.h>

#include "protocols/xray/filter_expression.h"

namespace clew::xray {
namespace {

class Resolution {
 public:
  explicit Resolution(const GroupLookup& expression_of) : expression_of_(expression_of) {}

  Status resolve(FilterExpression& expression) {
    if (expression.kind != FilterExpression::Kind::group) {
      for (FilterExpression& child : expression.children) CLEW_TRY(resolve(child));
      return {};
    }
    const std::string name = std::get<std::string>(expression.value);
    const std::optional<std::string> text = expression_of_(name, expression.by_arn);
    if (!text)
      return {ErrorKind::bad_input, fmt::format("Invalid filter expression: there is no group {}", name)};
    if (text->empty()) {
      expression = {};
      return {};
    }
    if (!open_.insert(name).second)
      return {ErrorKind::bad_input,
              fmt::format("Invalid filter expression: group {} refers to itself", name)};
    // Each group may name several others, and these again.
    if (++resolved_ > kMostGroups)
      return {ErrorKind::bad_input,
              fmt::format("Invalid filter expression: more than {} groups", kMostGroups)};
    Result<FilterExpression> of_group = parse_filter_expression(*text);
    if (!of_group.ok()) return std::move(of_group).status().within("group " + name);
    CLEW_TRY(resolve(*of_group));
    open_.erase(name);
    expression = std::move(*of_group);
    return {};
  }

 private:
  static constexpr int kMostGroups = 16;
  const GroupLookup& expression_of_;
  std::set<std::string> open_;
  int resolved_ = 0;
};

}  // namespace

Status resolve_groups(FilterExpression& expression, const GroupLookup& expression_of) {
  return Resolution(expression_of).resolve(expression);
}

}  // namespace clew::xray
