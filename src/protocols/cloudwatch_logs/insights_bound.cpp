// What of a query the store can decide: the filters at its beginning, as conditions on stored rows.
#include <algorithm>
#include <set>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_run.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs::insights {
namespace {

using Kind = Expression::Kind;

query::Filter anything() {
  return query::all_of({});
}
query::Filter body_compares(query::Operator op, const std::string& text) {
  return query::comparison({std::string(names::kBody), store::Scope::intrinsic}, op, {text});
}

// A field of JSON has this text: then it stands in the message, as it is or with escapes.
query::Filter body_has(const std::string& text) {
  if (text.empty() || to_number(text)) return anything();
  return query::any_of(
      {body_compares(query::Operator::contains, text), body_compares(query::Operator::contains, "\\")});
}

class Bound {
 public:
  explicit Bound(const std::set<std::string>& given) : given_(given) {}

  query::Filter of(const Expression& expression) const {
    switch (expression.kind) {
      case Kind::all:
      case Kind::any: {
        std::vector<query::Filter> children;
        for (const Expression& child : expression.children) children.push_back(of(child));
        return expression.kind == Kind::all ? query::all_of(std::move(children))
                                            : query::any_of(std::move(children));
      }
      case Kind::likeness:
        return of_likeness(expression.children[0], expression.children[1]);
      case Kind::comparison:
        if (expression.name != "=" || expression.children[1].kind != Kind::text) return anything();
        return of_equality(expression.children[0], {expression.children[1].name});
      case Kind::membership: {
        if (expression.children[1].kind != Kind::list) return anything();
        std::vector<std::string> texts;
        for (const Expression& item : expression.children[1].children) {
          if (item.kind != Kind::text) return anything();
          texts.push_back(item.name);
        }
        return of_equality(expression.children[0], texts);
      }
      default:
        return anything();
    }
  }

 private:
  bool is_field(const Expression& expression) const {
    if (expression.kind != Kind::field) return false;
    const std::string& name = expression.name;
    // "a.b" and "a[0]" may be within what a command gave as "a".
    for (size_t end = name.find_first_of(".["); end != std::string::npos;
         end = name.find_first_of(".[", end + 1))
      if (given_.contains(name.substr(0, end))) return false;
    return !given_.contains(name);
  }

  query::Filter of_likeness(const Expression& subject, const Expression& what) const {
    if (!is_field(subject)) return anything();
    if (subject.name != "@message") {
      // Other fields may be put together of the message; texts of JSON stand in it.
      return what.kind == Kind::text && !subject.name.starts_with('@') ? body_has(what.name) : anything();
    }
    if (what.kind == Kind::text) return body_compares(query::Operator::contains, what.name);
    return body_compares(query::Operator::matches, what.expression->pattern());
  }

  query::Filter of_equality(const Expression& subject, const std::vector<std::string>& texts) const {
    if (!is_field(subject)) return anything();
    std::vector<query::Filter> any;
    for (const std::string& text : texts) {
      if (subject.name == "@logStream") {
        any.push_back(query::comparison(column::stream(), query::Operator::equal, {text}));
      } else if (subject.name.starts_with('@')) {
        return anything();
      } else {
        any.push_back(body_has(text));
      }
    }
    return query::any_of(std::move(any));
  }

  const std::set<std::string>& given_;
};

}  // namespace

query::Filter bound_of(const Query& query) {
  std::set<std::string> given;
  std::vector<query::Filter> all;
  for (const Command& command : query.commands) {
    if (const auto* fields = std::get_if<FieldsCommand>(&command)) {
      for (const NamedExpression& one : fields->fields)
        if (one.expression.kind != Kind::field || one.expression.name != one.name) given.insert(one.name);
    } else if (const auto* parse = std::get_if<ParseCommand>(&command)) {
      given.insert(parse->names.begin(), parse->names.end());
    } else if (const auto* json = std::get_if<JsonCommand>(&command)) {
      given.insert(json->name);
    } else if (const auto* filter = std::get_if<FilterCommand>(&command)) {
      all.push_back(Bound(given).of(filter->condition));
    } else if (!std::holds_alternative<DisplayCommand>(command) &&
               !std::holds_alternative<SortCommand>(command)) {
      break;
    }
  }
  return query::all_of(std::move(all));
}

}  // namespace clew::cloudwatch_logs::insights
