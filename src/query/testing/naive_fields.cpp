#include "query/testing/naive_fields.h"

#include <optional>
#include <string>

#include "query/calculated_field.h"
#include "query/testing/naive_rows.h"

namespace clew::query::testing {
namespace {

// Stands behind the name of a column that is hidden.
constexpr char kHidden = '\x01';

Scalar scalar_of(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return Scalar::of(*boolean);
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::of(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::of(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return Scalar::of(std::string_view(*text));
  if (const auto* at = std::get_if<UnixNanos>(&value)) return Scalar::of_time(at->count);
  return {};
}

std::optional<Cell> cell_of(const std::string& name, const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::null:
      return std::nullopt;
    case Scalar::Kind::boolean:
      return attribute(name, scalar.boolean);
    case Scalar::Kind::integer:
      return attribute(name, scalar.integer);
    case Scalar::Kind::real:
      return attribute(name, scalar.real);
    case Scalar::Kind::text:
      return attribute(name, std::string(scalar.view()));
    case Scalar::Kind::time:
      return Cell{{store::Scope::attribute, store::ColumnType::time, name}, scalar.integer};
  }
  return std::nullopt;
}

void name_hidden(Filter& filter, const std::vector<CalculatedField>& fields) {
  if (filter.kind == Filter::Kind::comparison && filter.column.scope &&
      find_field({filter.column.name, {}}, fields) != nullptr)
    filter.column.name += kHidden;
  for (Filter& child : filter.children) name_hidden(child, fields);
}

}  // namespace

Plan with_hidden_names(Plan plan) {
  name_hidden(plan.filter, plan.fields);
  for (Calculation& calculation : plan.calculations) name_hidden(calculation.filter, plan.fields);
  return plan;
}

std::vector<TableRow> with_fields(const Plan& plan, const std::vector<TableRow>& rows) {
  std::vector<TableRow> extended = rows;
  for (const CalculatedField& field : plan.fields) {
    const auto compiled = compile_field(field, plan.fields);
    if (!compiled.ok()) continue;
    for (size_t i = 0; i < rows.size(); ++i) {
      std::vector<Value> values;
      std::vector<Scalars> inputs;
      for (const ColumnName& input : compiled->inputs)
        values.push_back(naive_value(input, rows[i], plan.signal));
      for (const Value& value : values) inputs.push_back({{scalar_of(value)}, false});
      TextArena arena;
      const Scalars result = evaluate(compiled->root, 1, inputs, arena);
      for (Cell& cell : extended[i]) {
        if (cell.column.name == field.name) cell.column.name += kHidden;
      }
      if (auto cell = cell_of(field.name, result.of(0))) extended[i].push_back(std::move(*cell));
    }
  }
  return extended;
}

bool is_hidden(const Cell& cell) {
  return cell.column.name.ends_with(kHidden);
}

}  // namespace clew::query::testing
