#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "query/short_form.h"

namespace clew::query {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + quote;
}

bool is_plain_name(std::string_view name) {
  auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == '/';
  };
  if (name.empty() || !std::isalpha(static_cast<unsigned char>(name[0])) ||
      !std::all_of(name.begin(), name.end(), is_plain))
    return false;
  // A column of a query never is a keyword unless it has the dots or underscores that keywords do not have.
  std::string upper;
  for (char c : name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  constexpr std::string_view kKeywords[] = {
      "WHERE", "GROUP",      "HAVING", "ORDER", "LIMIT", "FROM",   "SINCE",  "UNTIL", "EVERY",
      "WITH",  "UNWEIGHTED", "AND",    "OR",    "NOT",   "TRUE",   "FALSE",  "AS",    "FILTER",
      "ASC",   "DESC",       "ROWS",   "BY",    "IN",    "DEFINE", "COMPARE"};
  return std::find(std::begin(kKeywords), std::end(kKeywords), upper) == std::end(kKeywords);
}

std::string printed(const ColumnName& column) {
  const bool plain = is_plain_name(column.name) &&
                     (column.scope || column_with_relation(column.name).relation == Relation::own);
  std::string name = plain ? column.name : quoted(column.name, '`');
  if (column.relation != Relation::own) return std::string(prefix_of(column.relation)) + name;
  if (!column.scope) return name;
  switch (*column.scope) {
    case store::Scope::attribute:
      return "attribute::" + name;
    case store::Scope::intrinsic:
      return "intrinsic::" + name;
    case store::Scope::instrumentation:
      return "instrumentation::" + name;
    case store::Scope::resource:
      return "resource::" + name;
  }
  return name;
}

std::string printed(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text, '"');
  if (const auto* at = std::get_if<UnixNanos>(&value)) return "@" + to_rfc3339(*at);
  return to_text(value);
}

template <typename Items, typename Print>
std::string joined(const Items& items, std::string_view separator, Print&& print) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += print(item);
  }
  return out;
}

std::string printed(const Filter& filter) {
  auto print_child = [](const Filter& child) { return printed(child); };
  switch (filter.kind) {
    case Filter::Kind::all:
      return filter.children.empty() ? "TRUE" : "(" + joined(filter.children, " AND ", print_child) + ")";
    case Filter::Kind::any:
      return filter.children.empty() ? "FALSE" : "(" + joined(filter.children, " OR ", print_child) + ")";
    case Filter::Kind::none:
      return filter.children.empty() ? "TRUE" : "NOT (" + joined(filter.children, " OR ", print_child) + ")";
    case Filter::Kind::comparison:
      break;
  }
  const OperatorInfo& info = info_of(filter.op);
  std::string out = printed(filter.column) + " " + std::string(info.name);
  std::string values = joined(filter.values, ", ", [](const Value& value) { return printed(value); });
  if (info.operands == Operands::one) return out + " " + values;
  return info.operands == Operands::many ? out + " (" + values + ")" : out;
}

std::string printed_call(const Calculation& calculation) {
  if (calculation.kind == CalculationKind::formula)
    return "FORMULA(" + quoted(calculation.expression, '\'') + ")";
  std::string op = name_of(calculation.kind, calculation.quantile);
  return calculation.column ? op + "(" + printed(*calculation.column) + ")" : op;
}

std::string printed(const Calculation& calculation) {
  std::string out = printed_call(calculation);
  if (!calculation.alias.empty()) out += " AS " + printed(ColumnName{calculation.alias, {}});
  if (std::string filter = printed(calculation.filter); filter != "TRUE") out += " FILTER (" + filter + ")";
  return out;
}

// A name, where it can mean nothing else; else the number of the calculation.
std::string reference_to(const Plan& plan, size_t calculation) {
  const Calculation& wanted = plan.calculations[calculation];
  std::string name = name_of(wanted);
  auto has_name = [&](const Calculation& other) { return name_of(other) == name; };
  bool unique = std::count_if(plan.calculations.begin(), plan.calculations.end(), has_name) == 1;
  if (!unique || !wanted.alias.empty() || (wanted.column && wanted.column->scope))
    return fmt::format("#{}", calculation + 1);
  return printed_call(wanted);
}

std::string printed(const Plan& plan, const Order& order) {
  std::string out = order.by == Order::By::calculation ? reference_to(plan, order.position)
                                                       : printed(plan.group_by[order.position]);
  return out + (order.direction == Direction::descending ? " DESC" : " ASC");
}

}  // namespace

std::string short_form_of(const Plan& plan) {
  auto print_column = [](const ColumnName& column) { return printed(column); };
  std::string out;
  if (plan.rows) {
    out = "ROWS " + (plan.rows->columns.empty() ? "*" : joined(plan.rows->columns, ", ", print_column));
  } else {
    out =
        joined(plan.calculations, ", ", [](const Calculation& calculation) { return printed(calculation); });
  }
  if (std::string filter = printed(plan.filter); filter != "TRUE") out += " WHERE " + filter;
  if (!plan.group_by.empty()) out += " GROUP BY " + joined(plan.group_by, ", ", print_column);
  if (!plan.having.empty()) {
    out += " HAVING " + joined(plan.having, " AND ", [&](const Having& having) {
             return fmt::format("{} {} {}", reference_to(plan, having.calculation), info_of(having.op).name,
                                having.value);
           });
  }
  if (!plan.orders.empty())
    out += " ORDER BY " + joined(plan.orders, ", ", [&](const Order& order) { return printed(plan, order); });
  if (plan.rows && plan.rows->order_by_time == Direction::ascending) out += " ORDER BY time ASC";
  if (plan.limit != Plan{}.limit) out += fmt::format(" LIMIT {}", plan.limit);
  if (plan.signal != Signal::traces) out += fmt::format(" FROM {}", name_of(plan.signal));
  if (plan.range.from.count != INT64_MIN) out += " SINCE " + to_rfc3339(plan.range.from);
  if (plan.range.to.count != INT64_MAX) out += " UNTIL " + to_rfc3339(plan.range.to);
  if (plan.granularity) {
    bool whole_seconds = plan.granularity->count % 1'000'000'000 == 0;
    out += whole_seconds ? fmt::format(" EVERY {}s", plan.granularity->count / 1'000'000'000)
                         : fmt::format(" EVERY {}ns", plan.granularity->count);
    if (plan.buckets == TimeBuckets::rows) out += " ROWS";
  }
  if (plan.weighting == Weighting::stored_rows) out += " UNWEIGHTED";
  if (plan.compare_offset) out += fmt::format(" COMPARE {}ns", plan.compare_offset->count);
  if (!plan.fields.empty()) {
    out += " DEFINE " + joined(plan.fields, ", ", [](const CalculatedField& field) {
             return printed(ColumnName{field.name, {}}) + " AS " + quoted(field.expression, '\'');
           });
  }
  if (plan.totals && plan.others) {
    out += " WITH TOTALS, OTHERS";
  } else if (plan.totals || plan.others) {
    out += plan.totals ? " WITH TOTALS" : " WITH OTHERS";
  }
  return out;
}

}  // namespace clew::query
