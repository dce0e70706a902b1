// InsightsQuery: a query of Logs Insights, taken apart.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace re2 {
class RE2;
}

namespace clew::cloudwatch_logs::insights {

struct Query;
class ValueSet;

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
    membership,  // "in": what, then the list, or what a query answers with
    subquery,    // query, and once it has run, its values
    likeness,    // "like": what, then a text or a regular expression
    arithmetic,  // name is the operator: + - * / % ^; two children
    expression   // a regular expression
  };
  Kind kind = Kind::text;
  std::string name;  // of a field, a call, an operator; the text
  double number = 0;
  std::vector<Expression> children;
  std::shared_ptr<const re2::RE2> expression;
  std::shared_ptr<const Query> query;
  std::shared_ptr<const ValueSet> values;
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
// Rows of another query beside those that have the same value in a field.
struct JoinCommand {
  std::string left, right;              // how the fields of either side are called from here on: "left.field"
  std::string left_field, right_field;  // that must be equal
  bool keeps_unmatched = false;         // rows of the left side without a match
  std::shared_ptr<const Query> query;
};
// A row for each time bin without one.
struct FillmissingCommand {
  std::vector<std::pair<std::string, std::string>> values;  // field, and what it has there
};
struct AddtotalsCommand {
  std::string name = "Total";
  bool of_rows = true;              // in a field of this name
  bool of_fields = false;           // in a row behind the last
  std::vector<std::string> fields;  // empty: all that are shown and have a number
};
// The sum of a field so far.
struct AccumCommand {
  std::string field;
  std::string name;
};
// Tells apart what the same one did, unless it did nothing for longer than that.
struct SessionizeCommand {
  std::vector<std::string> fields;
  int64_t longest_pause = 0;  // milliseconds
  std::string name;
};
using Command =
    std::variant<FieldsCommand, DisplayCommand, FilterCommand, ParseCommand, StatsCommand, SortCommand,
                 LimitCommand, DedupCommand, PatternCommand, DiffCommand, UnnestCommand, FilldownCommand,
                 JoinCommand, FillmissingCommand, AddtotalsCommand, AccumCommand, SessionizeCommand>;

// Where a query takes its events from, when it says so itself.
struct Source {
  std::vector<std::string> groups;    // SOURCE 'a', 'b'
  std::vector<std::string> prefixes;  // SOURCE logGroups(namePrefix: [...])
  bool is_given() const { return !groups.empty() || !prefixes.empty(); }
};

struct Query {
  Source source;
  std::vector<Command> commands;
};
// The queries within a query: of join, and behind "in".
std::vector<const Query*> queries_within(const Query& query);

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
