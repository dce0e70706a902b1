#include <algorithm>

#include <fmt/format.h>

#include "pipeline/config/complaints.h"
#include "pipeline/ottl/functions.h"
#include "pipeline/ottl/lexer.h"
#include "pipeline/ottl/program.h"

namespace clew::pipeline::ottl {
namespace {

// Of the Collector, and not offered here.
constexpr std::string_view kNotOffered[] = {"CommunityID",
                                            "ExtractGrokPatterns",
                                            "GetXML",
                                            "InsertXML",
                                            "ConvertAttributesToElementsXML",
                                            "ConvertTextToElementsXML",
                                            "Log",
                                            "MurmurHash3",
                                            "ParseSeverity",
                                            "ParseSimplifiedXML",
                                            "ParseXML",
                                            "ProfileID",
                                            "RemoveXML",
                                            "UserAgent",
                                            "UUIDv7",
                                            "XXH3",
                                            "XXH128",
                                            "aggregate_on_attributes",
                                            "aggregate_on_attribute_value",
                                            "convert_summary_count_val_to_sum",
                                            "convert_summary_sum_val_to_sum",
                                            "copy_metric",
                                            "delete_index",
                                            "extract_count_metric",
                                            "extract_sum_metric",
                                            "scale_metric",
                                            "convert_exponential_histogram_to_histogram",
                                            "set_semconv_span_name",
                                            "HasAttrOnDatapoint",
                                            "HasAttrKeyOnDatapoint"};

std::vector<std::span<const FunctionRow>> lists() {
  return {map_editors(),         text_editors(),       text_converters(),
          value_converters(),    time_converters(),    calendar_converters(),
          encoding_converters(), parsing_converters(), metric_editors()};
}

bool is_editor(std::string_view name) {
  return name[0] >= 'a' && name[0] <= 'z';
}

Status unknown_function(const Syntax& call) {
  std::vector<std::string> names;
  for (const auto& list : lists())
    for (const FunctionRow& row : list)
      if (is_editor(row.name) == is_editor(call.text)) names.emplace_back(row.name);
  const bool known =
      std::find(std::begin(kNotOffered), std::end(kNotOffered), call.text) != std::end(kNotOffered);
  return mistake_at(call.column,
                    fmt::format("{} '{}'{}", known ? "clew does not offer the function" : "unknown function",
                                call.text, suggestion(call.text, names)));
}

// The context that a path begins with, and the rest.
struct Named {
  Context context;
  std::string field;
};

Result<Named> named(const Syntax& path, Context context) {
  std::string field;
  const std::optional<Context> prefix = path.words.size() > 1 ? context_named(path.words[0]) : std::nullopt;
  if (prefix) {
    for (size_t i = 1; i < path.words.size(); ++i) field += (i > 1 ? "." : "") + path.words[i];
    if (!stands_in(context, *prefix))
      return mistake_at(path.column, fmt::format("{} is not to be seen from the context {}", path.words[0],
                                                 name_of(context)));
    return Named{*prefix, field};
  }
  for (const std::string& word : path.words) field += (field.empty() ? "" : ".") + word;
  return Named{context, field};
}

Getter arithmetic(char sign, size_t column, Getter left, Getter right) {
  return [=](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(const Value a, left(subject));
    CLEW_ASSIGN(const Value b, right(subject));
    const auto whole = [&](int64_t x, int64_t y) -> Result<int64_t> {
      // Overflow wraps around.
      const auto ux = static_cast<uint64_t>(x), uy = static_cast<uint64_t>(y);
      if (sign == '+') return static_cast<int64_t>(ux + uy);
      if (sign == '-') return static_cast<int64_t>(ux - uy);
      if (sign == '*') return static_cast<int64_t>(ux * uy);
      if (y == 0) return mistake_at(column, "division by zero");
      return y == -1 ? static_cast<int64_t>(0 - ux) : x / y;
    };
    const auto *i = a.as<int64_t>(), *j = b.as<int64_t>();
    if (i != nullptr && j != nullptr) {
      CLEW_ASSIGN(const int64_t result, whole(*i, *j));
      return Value(result);
    }
    const auto *x = a.as<double>(), *y = b.as<double>();
    if ((i != nullptr || x != nullptr) && (j != nullptr || y != nullptr)) {
      const double first = x != nullptr ? *x : static_cast<double>(*i);
      const double second = y != nullptr ? *y : static_cast<double>(*j);
      if (sign == '/' && second == 0) return mistake_at(column, "division by zero");
      return Value(sign == '+'   ? first + second
                   : sign == '-' ? first - second
                   : sign == '*' ? first * second
                                 : first / second);
    }
    const auto *t = a.as<UnixNanos>(), *u = b.as<UnixNanos>();
    const auto *d = a.as<Nanoseconds>(), *e = b.as<Nanoseconds>();
    if (sign == '-' && t != nullptr && u != nullptr) return Value(*t - *u);
    if (t != nullptr && e != nullptr && sign == '+') return Value(*t + *e);
    if (t != nullptr && e != nullptr && sign == '-') return Value(*t - *e);
    if (d != nullptr && u != nullptr && sign == '+') return Value(*u + *d);
    if (d != nullptr && e != nullptr && (sign == '+' || sign == '-')) {
      CLEW_ASSIGN(const int64_t result, whole(d->count, e->count));
      return Value(Nanoseconds{result});
    }
    return mistake_at(column, fmt::format("{} {} {} has no result", a.kind_name(), sign, b.kind_name()));
  };
}

Result<std::vector<Getter>> compile_all(const std::vector<Syntax>& syntax, Context context) {
  std::vector<Getter> getters;
  for (const Syntax& one : syntax) {
    CLEW_ASSIGN(Getter getter, compile_value(one, context));
    getters.push_back(std::move(getter));
  }
  return getters;
}

Result<Getter> compile_call(const Syntax& call, Context context) {
  const FunctionRow* row = function_named(call.text);
  if (row == nullptr) return unknown_function(call);
  Arguments arguments(call, row->parameters, context);
  if (!arguments.status().ok()) return arguments.status();
  Getter getter = row->build(arguments);
  if (!arguments.status().ok()) return arguments.status();
  if (call.keys.empty()) return getter;
  CLEW_ASSIGN(std::vector<Getter> keys, compile_all(call.keys, context));
  return Getter([getter = std::move(getter), keys = std::move(keys)](Subject& subject) -> Result<Value> {
    CLEW_ASSIGN(Value value, getter(subject));
    for (const Getter& one : keys) {
      CLEW_ASSIGN(const Value key, one(subject));
      value = value_under(value, key);
    }
    return value;
  });
}

Result<Condition> compile_test(const Syntax& syntax, Context context) {
  using Kind = Syntax::Kind;
  switch (syntax.kind) {
    case Kind::all_of:
    case Kind::any_of: {
      std::vector<Condition> parts;
      for (const Syntax& child : syntax.children) {
        CLEW_ASSIGN(Condition part, compile_test(child, context));
        parts.push_back(std::move(part));
      }
      // The first that decides: `or` is decided by true, `and` by false.
      return Condition([parts, decides = syntax.kind == Kind::any_of](Subject& subject) -> Result<bool> {
        for (const Condition& part : parts) {
          CLEW_ASSIGN(const bool holds, part(subject));
          if (holds == decides) return holds;
        }
        return !decides;
      });
    }
    case Kind::negation: {
      CLEW_ASSIGN(Condition inner, compile_test(syntax.children[0], context));
      return Condition([inner](Subject& subject) -> Result<bool> {
        CLEW_ASSIGN(const bool holds, inner(subject));
        return !holds;
      });
    }
    case Kind::comparison: {
      CLEW_ASSIGN(Getter left, compile_value(syntax.children[0], context));
      CLEW_ASSIGN(Getter right, compile_value(syntax.children[1], context));
      return Condition([left, right, how = syntax.how](Subject& subject) -> Result<bool> {
        CLEW_ASSIGN(const Value a, left(subject));
        CLEW_ASSIGN(const Value b, right(subject));
        return compare(a, how, b);
      });
    }
    case Kind::literal:
      if (const bool* value = syntax.literal.as<bool>())
        return Condition([value = *value](Subject&) -> Result<bool> { return value; });
      break;
    case Kind::call: {
      CLEW_ASSIGN(Getter getter, compile_value(syntax, context));
      return Condition([getter, column = syntax.column](Subject& subject) -> Result<bool> {
        CLEW_ASSIGN(const Value value, getter(subject));
        if (const bool* holds = value.as<bool>()) return *holds;
        return mistake_at(column, fmt::format("expected true or false, got {}", value.kind_name()));
      });
    }
    default:
      break;
  }
  return mistake_at(syntax.column, "expected a condition, as in attributes[\"a\"] == \"b\"");
}

void collect_contexts(const Syntax& syntax, std::optional<Context>& innermost) {
  if (syntax.kind == Syntax::Kind::path && syntax.words.size() > 1) {
    const auto context = context_named(syntax.words[0]);
    if (context && (!innermost || *innermost < *context)) innermost = context;
  }
  for (const Syntax& child : syntax.children) collect_contexts(child, innermost);
  for (const Syntax& key : syntax.keys) collect_contexts(key, innermost);
}

}  // namespace

const FunctionRow* function_named(std::string_view name) {
  for (const auto& list : lists())
    for (const FunctionRow& row : list)
      if (row.name == name) return &row;
  return nullptr;
}

Result<std::shared_ptr<const Path>> compile_path(const Syntax& syntax, Context context, bool to_write) {
  if (syntax.kind != Syntax::Kind::path)
    return mistake_at(syntax.column, "expected a path, as in attributes[\"a\"]");
  CLEW_ASSIGN(const Named name, named(syntax, context));
  const PathField* field = path_field(name.context, name.field);
  if (field == nullptr)
    return mistake_at(syntax.column, fmt::format("{} has no field '{}'{}", name_of(name.context), name.field,
                                                 suggestion(name.field, path_names(name.context))));
  if (!syntax.keys.empty() && !has_keys(field->kind))
    return mistake_at(syntax.column, fmt::format("{} has no keys", name.field));
  const bool from_within = field->kind == FieldKind::temporality || field->kind == FieldKind::monotonic;
  if (to_write && is_read_only(field->kind))
    return mistake_at(syntax.column, fmt::format("{} can only be read", name.field));
  if (to_write && from_within && context == Context::datapoint)
    return mistake_at(syntax.column, fmt::format("{} can be set in the context metric only", name.field));
  CLEW_ASSIGN(std::vector<Getter> keys, compile_all(syntax.keys, context));
  return std::shared_ptr<const Path>(std::make_shared<Path>(name.context, *field, std::move(keys)));
}

Result<Getter> compile_value(const Syntax& syntax, Context context) {
  using Kind = Syntax::Kind;
  switch (syntax.kind) {
    case Kind::literal:
      return Getter([value = syntax.literal](Subject&) -> Result<Value> { return value; });
    case Kind::given:
      return Getter([](Subject& subject) -> Result<Value> { return subject.given; });
    case Kind::path: {
      CLEW_ASSIGN(auto path, compile_path(syntax, context, false));
      return Getter([path](Subject& subject) { return path->get(subject); });
    }
    case Kind::constant: {
      const int64_t* value = constant_named(syntax.text);
      if (value == nullptr)
        return mistake_at(syntax.column, fmt::format("unknown constant '{}'{}", syntax.text,
                                                     suggestion(syntax.text, constant_names())));
      return Getter([value = *value](Subject&) -> Result<Value> { return Value(value); });
    }
    case Kind::call:
      if (is_editor(syntax.text))
        return mistake_at(syntax.column, fmt::format("{} yields no value", syntax.text));
      return compile_call(syntax, context);
    case Kind::list: {
      CLEW_ASSIGN(std::vector<Getter> items, compile_all(syntax.children, context));
      return Getter([items = std::move(items)](Subject& subject) -> Result<Value> {
        Value::List list;
        for (const Getter& item : items) {
          CLEW_ASSIGN(Value value, item(subject));
          list.push_back(std::move(value));
        }
        return Value(std::move(list));
      });
    }
    case Kind::map: {
      CLEW_ASSIGN(std::vector<Getter> items, compile_all(syntax.children, context));
      return Getter([items = std::move(items), names = syntax.names](Subject& subject) -> Result<Value> {
        Value::Map map;
        for (size_t i = 0; i < items.size(); ++i) {
          CLEW_ASSIGN(Value value, items[i](subject));
          at(map, names[i]) = std::move(value);
        }
        return Value(std::move(map));
      });
    }
    case Kind::negative: {
      CLEW_ASSIGN(Getter inner, compile_value(syntax.children[0], context));
      return arithmetic(
          '-', syntax.column, [](Subject&) -> Result<Value> { return Value(0); }, std::move(inner));
    }
    case Kind::arithmetic: {
      CLEW_ASSIGN(Getter left, compile_value(syntax.children[0], context));
      CLEW_ASSIGN(Getter right, compile_value(syntax.children[1], context));
      return arithmetic(syntax.text[0], syntax.column, std::move(left), std::move(right));
    }
    default:
      return mistake_at(syntax.column, "expected a value, not a condition");
  }
}

Result<bool> Statement::apply(Subject& subject) const {
  if (where) {
    CLEW_ASSIGN(const bool holds, where(subject));
    if (!holds) return false;
  }
  const Result<Value> ran = run(subject);
  if (!ran.ok()) return ran.status();
  return true;
}

Result<Statement> compile_statement(std::string_view text, Context context) {
  CLEW_ASSIGN(const StatementSyntax syntax, parse_statement(text));
  Statement statement;
  CLEW_ASSIGN(statement.run, compile_call(syntax.call, context));
  if (syntax.where) {
    CLEW_ASSIGN(statement.where, compile_test(*syntax.where, context));
  }
  return statement;
}

Result<Condition> compile_condition(std::string_view text, Context context) {
  CLEW_ASSIGN(const Syntax syntax, parse_condition(text));
  return compile_test(syntax, context);
}

Result<std::optional<Context>> context_of_statement(std::string_view text) {
  CLEW_ASSIGN(const StatementSyntax syntax, parse_statement(text));
  std::optional<Context> innermost;
  collect_contexts(syntax.call, innermost);
  if (syntax.where) collect_contexts(*syntax.where, innermost);
  return innermost;
}

Result<std::optional<Context>> context_of_condition(std::string_view text) {
  CLEW_ASSIGN(const Syntax syntax, parse_condition(text));
  std::optional<Context> innermost;
  collect_contexts(syntax, innermost);
  return innermost;
}

}  // namespace clew::pipeline::ottl
