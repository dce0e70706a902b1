// InsightsQuery: a query of Logs Insights, taken apart.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace re2 {
class RE2;
}

namespace clew::cloudwatch_logs::insights {

// What is wrong with a query, and where in it.
struct Mistake {
  std::string message;
  size_t begin = 0;  // in bytes
  size_t end = 0;
};

struct Expression {
  enum class Kind : uint8_t {
    number,
    text,
    field,
    list,        // children
    call,        // name, children
    all,         // children
    any,         // children
    negation,    // one child
    comparison,  // name is the operator: = != < <= > >=; two children
    membership,  // "in": what, then the list
    likeness,    // "like": what, then a text or a regular expression
    arithmetic,  // name is the operator: + - * / % ^; two children
    expression   // a regular expression
  };
  Kind kind = Kind::text;
  std::string name;  // of a field, a call, an operator; the text
  double number = 0;
  std::vector<Expression> children;
  std::shared_ptr<const re2::RE2> expression;
  std::string written;  // as it stands in the query: names its column unless there is an alias
};

struct NamedExpression {
  Expression expression;
  std::string name;
};

struct FieldsCommand {
  std::vector<NamedExpression> fields;
};
struct DisplayCommand {
  std::vector<NamedExpression> fields;
};
struct FilterCommand {
  Expression condition;
};
struct ParseCommand {
  Expression subject;  // a field
  std::shared_ptr<const re2::RE2> expression;
  std::vector<std::string> names;  // one for each group
};
struct StatsCommand {
  std::vector<NamedExpression> aggregates;
  std::vector<NamedExpression> groups;
};
struct SortCommand {
  struct Key {
    Expression expression;
    bool descending = false;
  };
  std::vector<Key> keys;
};
struct LimitCommand {
  size_t rows = 0;
};
struct DedupCommand {
  std::vector<Expression> keys;
};
struct PatternCommand {
  Expression subject;
};
struct DiffCommand {
  enum class With : uint8_t { previous_window, previous_day, previous_week, previous_month };
  With with = With::previous_window;
};
struct UnnestCommand {
  Expression list;
  std::string name;
};
// What has no value gets that of the row before.
struct FilldownCommand {
  std::vector<std::string> names;  // "cpu*" too; empty: all that is shown
};
using Command =
    std::variant<FieldsCommand, DisplayCommand, FilterCommand, ParseCommand, StatsCommand, SortCommand,
                 LimitCommand, DedupCommand, PatternCommand, DiffCommand, UnnestCommand, FilldownCommand>;

struct Query {
  std::vector<std::string> source_prefixes;  // of SOURCE logGroups(namePrefix: [...])
  std::vector<Command> commands;
};

std::variant<Query, Mistake> parse_query(std::string_view text);

// Whether a call of this name gathers over rows: count, avg, …
bool is_aggregate(std::string_view function);
// Nothing for a function that there is not.
struct Arity {
  size_t least;
  size_t most;
};
std::optional<Arity> arity_of(std::string_view function);

}  // namespace clew::cloudwatch_logs::insights
