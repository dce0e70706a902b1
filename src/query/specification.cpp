#include "query/specification.h"

#include <algorithm>
#include <cctype>
#include <simdjson.h>

#include <fmt/format.h>

#include "query/calculated_field.h"
#include "query/expressions/expression.h"
#include "query/specification_faults.h"

namespace clew::query {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr size_t kMostItems = 100;
constexpr int64_t kDefaultRangeSeconds = 7200;

Status wrong(std::string_view field, std::string_view message) {
  return {ErrorKind::bad_input, fmt::format("{}: {}", field, message)};
}

std::optional<element> member(element object, std::string_view name) {
  element found;
  if (object.at_key(name).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

Result<std::string> text_in(element value, std::string_view field) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return wrong(field, "must be a string");
  return std::string(text);
}

Result<double> number_in_json(element value, std::string_view field) {
  double number;
  if (value.get_double().get(number) != simdjson::SUCCESS) return wrong(field, "must be a number");
  return number;
}

Result<int64_t> integer_in(element value, std::string_view field) {
  CLEW_ASSIGN(double number, number_in_json(value, field));
  if (number != static_cast<double>(static_cast<int64_t>(std::clamp(number, -1e15, 1e15))))
    return wrong(field, "must be a whole number");
  return static_cast<int64_t>(number);
}

// The items of an array, each with its name for errors: "filters[1]".
struct Item {
  element value;
  std::string field;
};
Result<std::vector<Item>> items_in(element object, std::string_view name, std::string_view within = "") {
  std::vector<Item> items;
  std::optional<element> list = member(object, name);
  if (!list) return items;
  std::string field = fmt::format("{}{}", within, name);
  simdjson::dom::array array;
  if (list->get_array().get(array) != simdjson::SUCCESS) return wrong(field, "must be an array");
  for (element item : array) {
    if (items.size() == kMostItems) return wrong(field, fmt::format("has more than {} items", kMostItems));
    items.push_back({item, fmt::format("{}[{}]", field, items.size())});
  }
  return items;
}

Result<Value> literal_in(element value, std::string_view field) {
  switch (value.type()) {
    case element_type::STRING:
      return Value(std::string(value.get_string().value_unsafe()));
    case element_type::INT64:
      return Value(value.get_int64().value_unsafe());
    case element_type::UINT64:
      return Value(static_cast<double>(value.get_uint64().value_unsafe()));
    case element_type::DOUBLE:
      return Value(value.get_double().value_unsafe());
    case element_type::BOOL:
      return Value(value.get_bool().value_unsafe());
    default:
      return wrong(field, "must be a string, a number or a boolean");
  }
}

class SpecificationReader {
 public:
  SpecificationReader(element root, UnixNanos reference, std::span<const CalculatedField> saved)
      : root_(root), reference_(reference), saved_(saved) {}

  Result<Plan> read() {
    CLEW_TRY(read_fields());
    CLEW_TRY(read_calculations());
    CLEW_ASSIGN(plan_.filter, read_filters(root_, "filters", "filter_combination", ""));
    CLEW_TRY(read_breakdowns());
    CLEW_TRY(read_orders());
    CLEW_TRY(read_havings());
    CLEW_TRY(read_limit());
    CLEW_TRY(read_time_range());
    CLEW_TRY(read_granularity());
    CLEW_TRY(read_comparison());
    CLEW_TRY(find_fault(plan_, calculations_));
    CLEW_TRY(validate(plan_));
    return std::move(plan_);
  }

 private:
  Status read_fields() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "calculated_fields"));
    for (const Item& item : items) {
      if (!item.value.is_object()) return wrong(item.field, "must be an object");
      CalculatedField field;
      for (const auto& [name, into] :
           {std::pair("name", &field.name), std::pair("expression", &field.expression)}) {
        std::optional<element> text = member(item.value, name);
        if (!text) return wrong(fmt::format("{}.{}", item.field, name), "is missing");
        CLEW_ASSIGN(*into, text_in(*text, fmt::format("{}.{}", item.field, name)));
      }
      if (field.name.empty()) return wrong(item.field + ".name", "is empty");
      if (find_field({field.name, {}}, plan_.fields) != nullptr)
        return wrong(item.field + ".name", fmt::format("there is another field {}", field.name));
      if (auto parsed = parse_expression(field.expression); !parsed.ok())
        return wrong(item.field + ".expression", parsed.status().message());
      plan_.fields.push_back(std::move(field));
    }
    const size_t own = plan_.fields.size();
    plan_.fields.insert(plan_.fields.end(), saved_.begin(), saved_.end());
    for (size_t i = 0; i < own; ++i) {
      if (auto compiled = compile_field(plan_.fields[i], plan_.fields); !compiled.ok())
        return wrong(items[i].field + ".expression", compiled.status().message());
    }
    return {};
  }

  Status read_calculations() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "calculations"));
    for (const Item& item : items) {
      CLEW_ASSIGN(Calculation calculation, read_calculation(item));
      plan_.calculations.push_back(std::move(calculation));
    }
    if (plan_.calculations.empty()) plan_.calculations.push_back({.column = {}, .alias = {}, .filter = {}});
    calculations_ = plan_.calculations.size();
    CLEW_TRY(read_formulas());
    for (size_t i = 0; i < plan_.calculations.size(); ++i) {
      const std::string& alias = plan_.calculations[i].alias;
      if (alias.empty() || find_calculation_of({}, ColumnName{alias, {}}) == i) continue;
      const size_t formula = i - std::min(i, items.size());
      return wrong(i < items.size() ? fmt::format("calculations[{}].name", i)
                                    : fmt::format("formulas[{}].name", formula),
                   fmt::format("there is another calculation {}", alias));
    }
    return {};
  }

  Status read_formulas() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "formulas"));
    for (const Item& item : items) {
      if (!item.value.is_object()) return wrong(item.field, "must be an object");
      Calculation formula{.kind = CalculationKind::formula, .column = {}, .alias = {}, .filter = {}};
      for (const auto& [name, into] :
           {std::pair("name", &formula.alias), std::pair("expression", &formula.expression)}) {
        std::optional<element> text = member(item.value, name);
        if (!text) return wrong(fmt::format("{}.{}", item.field, name), "is missing");
        CLEW_ASSIGN(*into, text_in(*text, fmt::format("{}.{}", item.field, name)));
      }
      if (formula.alias.empty()) return wrong(item.field + ".name", "is empty");
      if (auto parsed = parse_expression(formula.expression); !parsed.ok())
        return wrong(item.field + ".expression", parsed.status().message());
      plan_.calculations.push_back(std::move(formula));
    }
    return {};
  }

  Result<CalculationName> read_calculation_name(element object, std::string_view key,
                                                const std::string& within) const {
    std::string field = fmt::format("{}.{}", within, key);
    std::optional<element> op = member(object, key);
    if (!op) return wrong(field, "is missing");
    CLEW_ASSIGN(std::string text, text_in(*op, field));
    if (auto found = find_calculation(text)) return *found;
    std::string known;
    for (const CalculationName& name : all_calculations()) known += fmt::format(" {}", name.name);
    return wrong(field, fmt::format("\"{}\" is not a calculation; there are{}", text, known));
  }

  Result<std::optional<ColumnName>> read_column(element object, const std::string& within) const {
    std::optional<element> column = member(object, "column");
    if (!column) return std::optional<ColumnName>();
    CLEW_ASSIGN(std::string name, text_in(*column, within + ".column"));
    if (name.empty()) return wrong(within + ".column", "is empty");
    return std::optional(column_with_relation(name));
  }

  Result<Calculation> read_calculation(const Item& item) const {
    if (!item.value.is_object()) return wrong(item.field, "must be an object");
    CLEW_ASSIGN(CalculationName name, read_calculation_name(item.value, "op", item.field));
    Calculation calculation{
        .kind = name.kind, .quantile = name.quantile, .column = {}, .alias = {}, .filter = {}};
    CLEW_ASSIGN(calculation.column, read_column(item.value, item.field));
    if (calculation.column && name.operand == CalculationOperand::none)
      return wrong(item.field + ".column", fmt::format("{} takes no column", name.name));
    if (!calculation.column && name.operand != CalculationOperand::none)
      return wrong(item.field + ".column", fmt::format("{} needs a column", name.name));
    if (auto alias = member(item.value, "name")) {
      CLEW_ASSIGN(calculation.alias, text_in(*alias, item.field + ".name"));
    }
    CLEW_ASSIGN(calculation.filter,
                read_filters(item.value, "filters", "filter_combination", item.field + "."));
    if (!calculation.filter.matches_everything() && calculation.alias.empty())
      return wrong(item.field + ".name", "is needed for a calculation with filters");
    return calculation;
  }

  Result<Filter> read_filters(element object, std::string_view key, std::string_view combination,
                              const std::string& within) const {
    CLEW_ASSIGN(std::vector<Item> items, items_in(object, key, within));
    std::vector<Filter> filters;
    for (const Item& item : items) {
      CLEW_ASSIGN(Filter filter, read_filter(item));
      filters.push_back(std::move(filter));
    }
    bool any = false;
    if (auto word = member(object, combination)) {
      CLEW_ASSIGN(std::string text, text_in(*word, fmt::format("{}{}", within, combination)));
      if (text != "AND" && text != "OR")
        return wrong(fmt::format("{}{}", within, combination),
                     fmt::format("must be AND or OR, got \"{}\"", text));
      any = text == "OR";
    }
    return any && !filters.empty() ? any_of(std::move(filters)) : all_of(std::move(filters));
  }

  Result<Filter> read_filter(const Item& item) const {
    if (!item.value.is_object()) return wrong(item.field, "must be an object");
    CLEW_ASSIGN(std::optional<ColumnName> column, read_column(item.value, item.field));
    if (!column) return wrong(item.field + ".column", "is missing");
    CLEW_ASSIGN(Operator op, read_operator(item.value, item.field));
    std::optional<element> value = member(item.value, "value");
    std::string field = item.field + ".value";
    std::vector<Value> values;
    const OperatorInfo& info = info_of(op);
    if (info.operands == Operands::none) {
      if (value) return wrong(field, fmt::format("{} takes no value", info.name));
    } else if (!value) {
      return wrong(field, "is missing");
    } else if (info.operands == Operands::one) {
      CLEW_ASSIGN(Value literal, literal_in(*value, field));
      values.push_back(std::move(literal));
    } else {
      CLEW_ASSIGN(std::vector<Item> items, items_in(item.value, "value", item.field + "."));
      if (items.empty()) return wrong(field, fmt::format("{} needs at least one value", info.name));
      for (const Item& each : items) {
        CLEW_ASSIGN(Value literal, literal_in(each.value, each.field));
        values.push_back(std::move(literal));
      }
    }
    return comparison(std::move(*column), op, std::move(values));
  }

  Result<Operator> read_operator(element object, const std::string& within) const {
    std::optional<element> op = member(object, "op");
    if (!op) return wrong(within + ".op", "is missing");
    CLEW_ASSIGN(std::string text, text_in(*op, within + ".op"));
    std::string known;
    for (const OperatorInfo& info : all_operators()) {
      if (info.name == text) return info.op;
      known += fmt::format(" {}", info.name);
    }
    return wrong(within + ".op", fmt::format("\"{}\" is not an operator; there are{}", text, known));
  }

  Status read_breakdowns() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "breakdowns"));
    for (const Item& item : items) {
      CLEW_ASSIGN(std::string name, text_in(item.value, item.field));
      if (name.empty()) return wrong(item.field, "is empty");
      if (name == "timestamp") return wrong(item.field, "a breakdown by time is the granularity");
      plan_.group_by.push_back(column_with_relation(name));
    }
    return {};
  }

  // A calculation by op and column, or by its name given as the column.
  std::optional<size_t> find_calculation_of(const std::optional<CalculationName>& op,
                                            const std::optional<ColumnName>& column) const {
    for (size_t i = 0; i < plan_.calculations.size(); ++i) {
      const Calculation& calculation = plan_.calculations[i];
      bool same_op = op && calculation.kind == op->kind && calculation.quantile == op->quantile &&
                     calculation.column == column;
      bool same_name = !op && column && calculation.alias == column->name;
      if (same_op || same_name) return i;
    }
    return std::nullopt;
  }

  Status read_orders() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "orders"));
    for (const Item& item : items) {
      if (!item.value.is_object()) return wrong(item.field, "must be an object");
      std::optional<CalculationName> op;
      if (member(item.value, "op")) {
        CLEW_ASSIGN(op, read_calculation_name(item.value, "op", item.field));
      }
      CLEW_ASSIGN(std::optional<ColumnName> column, read_column(item.value, item.field));
      Order order;
      if (auto direction = member(item.value, "order")) {
        CLEW_ASSIGN(std::string text, text_in(*direction, item.field + ".order"));
        if (text != "ascending" && text != "descending")
          return wrong(item.field + ".order",
                       fmt::format("must be ascending or descending, got \"{}\"", text));
        order.direction = text == "descending" ? Direction::descending : Direction::ascending;
      }
      std::optional<size_t> calculation = find_calculation_of(op, column);
      auto group = std::find(plan_.group_by.begin(), plan_.group_by.end(), column.value_or(ColumnName{}));
      if (calculation) {
        order.position = *calculation;
      } else if (!op && group != plan_.group_by.end()) {
        order.by = Order::By::group_column;
        order.position = static_cast<size_t>(group - plan_.group_by.begin());
      } else {
        return wrong(item.field, "must be among the calculations or the breakdowns");
      }
      plan_.orders.push_back(order);
    }
    return {};
  }

  Status read_havings() {
    CLEW_ASSIGN(std::vector<Item> items, items_in(root_, "havings"));
    for (const Item& item : items) {
      if (!item.value.is_object()) return wrong(item.field, "must be an object");
      // A calculation with a name, and a formula, may be meant by that alone.
      std::optional<CalculationName> op;
      if (member(item.value, "calculate_op") || !member(item.value, "column")) {
        CLEW_ASSIGN(op, read_calculation_name(item.value, "calculate_op", item.field));
      }
      CLEW_ASSIGN(std::optional<ColumnName> column, read_column(item.value, item.field));
      std::optional<size_t> calculation = find_calculation_of(op, column);
      if (!calculation) return wrong(item.field, "must be among the calculations");
      CLEW_ASSIGN(Operator comparison_op, read_operator(item.value, item.field));
      std::optional<element> value = member(item.value, "value");
      if (!value) return wrong(item.field + ".value", "is missing");
      CLEW_ASSIGN(double number, number_in_json(*value, item.field + ".value"));
      plan_.having.push_back({.calculation = *calculation, .op = comparison_op, .value = number});
    }
    return {};
  }

  Status read_limit() {
    plan_.limit = 100;
    std::optional<element> limit = member(root_, "limit");
    if (!limit) return {};
    CLEW_ASSIGN(int64_t number, integer_in(*limit, "limit"));
    if (number < 1 || number > static_cast<int64_t>(kMostRows))
      return wrong("limit", fmt::format("must be from 1 to {}, got {}", kMostRows, number));
    plan_.limit = static_cast<size_t>(number);
    return {};
  }

  Result<std::optional<int64_t>> read_seconds(std::string_view name) const {
    std::optional<element> value = member(root_, name);
    if (!value) return std::optional<int64_t>();
    CLEW_ASSIGN(int64_t number, integer_in(*value, name));
    if (number < 0 || number > INT64_MAX / 1'000'000'000)
      return wrong(name, fmt::format("{} is out of range", number));
    return std::optional(number);
  }

  Status read_time_range() {
    CLEW_ASSIGN(std::optional<int64_t> length, read_seconds("time_range"));
    CLEW_ASSIGN(std::optional<int64_t> start, read_seconds("start_time"));
    CLEW_ASSIGN(std::optional<int64_t> end, read_seconds("end_time"));
    if (length && *length == 0) return wrong("time_range", "must be at least 1");
    if (length && start && end)
      return wrong("time_range", "give at most two of time_range, start_time and end_time");
    Nanoseconds width = seconds(length.value_or(kDefaultRangeSeconds));
    if (start) plan_.range.from = {seconds(*start).count};
    if (end) plan_.range.to = {seconds(*end).count};
    if (start && !end)
      plan_.range.to =
          length ? plan_.range.from + width : std::max(reference_, plan_.range.from + seconds(1));
    if (!start) {
      if (!end) plan_.range.to = reference_;
      plan_.range.from = plan_.range.to - width;
    }
    if (plan_.range.to <= plan_.range.from) return wrong("end_time", "must be after start_time");
    return {};
  }

  Status read_granularity() {
    CLEW_ASSIGN(std::optional<int64_t> granularity, read_seconds("granularity"));
    if (granularity && *granularity > 0) plan_.granularity = seconds(*granularity);
    const bool has_rates = std::any_of(plan_.calculations.begin(), plan_.calculations.end(),
                                       [](const Calculation& one) { return is_rate(one.kind); });
    // A change over time needs steps of it.
    if (has_rates && !plan_.granularity)
      plan_.granularity = {std::max<int64_t>((plan_.range.to - plan_.range.from).count / 120, 1'000'000'000)};
    return {};
  }

  Status read_comparison() {
    constexpr std::string_view kField = "compare_time_offset_seconds";
    CLEW_ASSIGN(std::optional<int64_t> offset, read_seconds(kField));
    if (!offset || *offset == 0) return {};
    constexpr int64_t kOffsets[] = {1800, 3600, 7200, 28'800, 86'400, 604'800, 2'419'200, 15'724'800};
    const Nanoseconds length = plan_.range.to - plan_.range.from;
    const bool known = std::find(std::begin(kOffsets), std::end(kOffsets), *offset) != std::end(kOffsets);
    if (!known && seconds(*offset) != length)
      return wrong(kField,
                   fmt::format("must be one of 1800 3600 7200 28800 86400 604800 2419200 15724800 or the "
                               "time range, got {}",
                               *offset));
    if (seconds(*offset) < length) return wrong(kField, "must not be shorter than the time range");
    plan_.compare_offset = seconds(*offset);
    return {};
  }

  element root_;
  UnixNanos reference_;
  std::span<const CalculatedField> saved_;
  Plan plan_;
  size_t calculations_ = 0;  // beside the formulas
};

}  // namespace

Result<Plan> plan_of_specification(std::string_view json, UnixNanos reference,
                                   std::span<const CalculatedField> saved) {
  simdjson::dom::parser parser;
  element root;
  simdjson::padded_string padded(json);
  if (auto error = parser.parse(padded).get(root); error != simdjson::SUCCESS)
    return Status(ErrorKind::bad_input, fmt::format("not JSON: {}", simdjson::error_message(error)));
  if (!root.is_object()) return Status(ErrorKind::bad_input, "a query specification must be a JSON object");
  return SpecificationReader(root, reference, saved).read();
}

}  // namespace clew::query
