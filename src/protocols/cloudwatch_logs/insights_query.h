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
  enum class Mode : uint8_t {
    expression,
    every_match,  // a row for each
    logfmt,       // a map: key=value key="two words"
    csv
  };
  Expression subject;  // a field
  Mode mode = Mode::expression;
  std::shared_ptr<const re2::RE2> expression;
  std::vector<std::string> names;  // one for each group, for each column; the map's
};
// What is at a path in a text that is JSON, or in a map.
struct JsonCommand {
  Expression subject;  // a field
  std::string path;
  std::string name;
};
struct StatsCommand {
  std::vector<NamedExpression> aggregates;
  std::vector<NamedExpression> groups;
  // The events of that much earlier, in bins that are moved to where those of the query's own time stand.
  int64_t offset = 0;  // milliseconds
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
  int64_t back = 0;  // milliseconds; 0: as long as the query's time is
};
// Behind pattern: which patterns are unusual.
struct AnomalyCommand {};
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
// Fields of a table that were uploaded, beside rows that have the same values as it; or the same network.
struct LookupCommand {
  struct Key {
    std::string column;  // of the table; empty for networks: the first that has some
    std::string field;
  };
  struct Output {
    std::string column;
    std::string name;
  };
  std::string table;
  bool of_networks = false;  // the column has 10.0.0.0/8, the field 10.1.2.3
  bool only_missing = false;
  std::vector<Key> keys;
  std::vector<Output> outputs;
};
// Which fields differ most between rows that meet a condition and the others.
struct RelevantFieldsCommand {
  std::vector<std::string> fields;  // empty: all
  Expression condition;
};
// The values that a field had in rows before.
struct AutoregressCommand {
  std::string field;
  std::string name;
  size_t first = 1, last = 1;  // how many rows before
  bool is_range = false;
};
// Numbers beyond a multiple of the distance between the quartiles.
struct OutlierCommand {
  bool removes = false;  // the row; else the number becomes the bound
  double factor = 2.5;
  bool lower_too = false;
  bool marks = false;
  std::vector<std::string> fields;
};
// The fields of another query's rows, beside the row of the same place.
struct AppendcolsCommand {
  bool overrides = false;
  size_t most = 10'000;
  std::shared_ptr<const Query> query;
};
using Command =
    std::variant<FieldsCommand, DisplayCommand, FilterCommand, ParseCommand, StatsCommand, SortCommand,
                 LimitCommand, DedupCommand, PatternCommand, DiffCommand, UnnestCommand, FilldownCommand,
                 JoinCommand, FillmissingCommand, AddtotalsCommand, AccumCommand, SessionizeCommand,
                 JsonCommand, AnomalyCommand, LookupCommand, RelevantFieldsCommand, AutoregressCommand,
                 OutlierCommand, AppendcolsCommand>;

// Where a query takes its events from, when it says so itself.
struct Source {
  std::vector<std::string> groups;    // SOURCE 'a', 'b'
  bool selects = false;               // SOURCE logGroups(…)
  std::vector<std::string> prefixes;  // namePrefix: […]; none: all
  std::vector<std::string> classes;   // class: […]; none: STANDARD
  // start=-1d end=now: milliseconds since 1970, or before now.
  struct Time {
    bool before_now = false;
    int64_t milliseconds = 0;
  };
  std::optional<Time> start, end;
  bool is_given() const { return !groups.empty() || selects; }
};

struct Query {
  Source source;
  std::vector<Command> commands;
};
// The names of the tables that it looks into, queries within it too.
std::vector<std::string> tables_of(const Query& query);
// The queries within a query: of join and appendcols, and behind "in".
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
