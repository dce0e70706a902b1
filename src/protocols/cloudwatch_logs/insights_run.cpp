#include "protocols/cloudwatch_logs/insights_run.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include <re2/re2.h>

#include "protocols/cloudwatch_logs/insights_evaluate.h"
#include "protocols/cloudwatch_logs/insights_stats.h"
#include "protocols/cloudwatch_logs/line_links.h"
#include "query/line_patterns.h"

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kMostUnnested = 200'000;

// The rows of a query between its commands, and which of their fields are to be shown.
class Pipeline {
 public:
  Pipeline(const Scope& scope, const std::vector<Event>& events) : scope_(scope) {
    rows_.reserve(events.size());
    for (const Event& event : events) rows_.emplace_back(event);
  }

  Status apply(const Command& command) {
    return std::visit([&](const auto& one) { return apply(one); }, command);
  }
  // For diff: the rows of an earlier time, to which the commands before were applied.
  Status apply_pattern(const PatternCommand& command, const Pipeline* earlier);

  Status gather_into(Gathering& gathering) const { return gathering.add(rows_); }
  void become(const StatsCommand& command, Gathering& gathering) {
    rows_ = gathering.result();
    gathered_ = true;
    fields_.clear();
    displayed_.reset();
    for (const NamedExpression& one : command.groups) show(one.name);
    for (const NamedExpression& one : command.aggregates) show(one.name);
  }

  void cut(size_t most) {
    if (rows_.size() > most) rows_.resize(most);
  }

  std::vector<std::vector<std::pair<std::string, std::string>>> shown() const {
    std::vector<std::string> names = displayed_ ? *displayed_ : fields_;
    if (names.empty() && !gathered_) names = {"@timestamp", "@message"};
    std::vector<std::vector<std::pair<std::string, std::string>>> shown;
    for (const Row& row : rows_) {
      std::vector<std::pair<std::string, std::string>>& cells = shown.emplace_back();
      for (const std::string& name : names) {
        const Value value = row.field(name);
        if (!is_missing(value)) cells.emplace_back(name, to_text(value));
      }
      if (row.event() != nullptr) cells.emplace_back("@ptr", row.event()->place.text());
    }
    return shown;
  }
  size_t size() const { return rows_.size(); }

 private:
  void show(const std::string& name) {
    if (std::find(fields_.begin(), fields_.end(), name) == fields_.end()) fields_.push_back(name);
  }
  void set_all(const std::vector<NamedExpression>& fields) {
    for (const NamedExpression& one : fields) {
      const bool is_itself =
          one.expression.kind == Expression::Kind::field && one.expression.name == one.name;
      if (is_itself) continue;
      for (Row& row : rows_) row.set(one.name, evaluate(one.expression, row, scope_));
    }
  }

  Status apply(const FieldsCommand& command) {
    set_all(command.fields);
    for (const NamedExpression& one : command.fields) show(one.name);
    return {};
  }
  Status apply(const DisplayCommand& command) {
    set_all(command.fields);
    displayed_.emplace();
    for (const NamedExpression& one : command.fields) displayed_->push_back(one.name);
    return {};
  }
  Status apply(const FilterCommand& command) {
    std::erase_if(rows_, [&](const Row& row) { return !is_true(evaluate(command.condition, row, scope_)); });
    return {};
  }
  Status apply(const ParseCommand& command) {
    const auto groups = static_cast<size_t>(command.expression->NumberOfCapturingGroups());
    std::vector<re2::StringPiece> found(groups + 1);
    if (fields_.empty() && !gathered_) fields_ = {"@timestamp", "@message"};
    for (const std::string& name : command.names)
      if (!name.empty()) show(name);
    for (Row& row : rows_) {
      const std::string text = to_text(evaluate(command.subject, row, scope_));
      if (!command.expression->Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(),
                                     static_cast<int>(found.size())))
        continue;
      for (size_t i = 0; i < command.names.size() && i < groups; ++i) {
        if (!command.names[i].empty() && found[i + 1].data() != nullptr)
          row.set(command.names[i], std::string(found[i + 1].data(), found[i + 1].size()));
      }
    }
    return {};
  }
  Status apply(const StatsCommand& command) {
    Gathering gathering(command, scope_);
    CLEW_TRY(gathering.add(rows_));
    become(command, gathering);
    return {};
  }
  Status apply(const SortCommand& command) {
    std::vector<std::pair<std::vector<Value>, size_t>> keys;
    for (size_t i = 0; i < rows_.size(); ++i) {
      std::vector<Value> values;
      for (const SortCommand::Key& key : command.keys) {
        // After stats its columns go by the names that their expressions have.
        Value value = rows_[i].field(key.expression.written);
        values.push_back(is_missing(value) ? evaluate(key.expression, rows_[i], scope_) : std::move(value));
      }
      keys.emplace_back(std::move(values), i);
    }
    std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
      for (size_t i = 0; i < command.keys.size(); ++i) {
        const Value &left = a.first[i], &right = b.first[i];
        // What has no value comes last either way.
        if (is_missing(left) != is_missing(right)) return is_missing(right);
        const int order = compare(left, right);
        if (order != 0) return command.keys[i].descending ? order > 0 : order < 0;
      }
      return false;
    });
    std::vector<Row> sorted;
    sorted.reserve(rows_.size());
    for (const auto& [values, place] : keys) sorted.push_back(std::move(rows_[place]));
    rows_ = std::move(sorted);
    return {};
  }
  Status apply(const LimitCommand& command) {
    cut(command.rows);
    return {};
  }
  Status apply(const DedupCommand& command) {
    std::set<std::string> seen;
    std::erase_if(rows_, [&](const Row& row) {
      std::string key;
      for (const Expression& one : command.keys) {
        const Value value = evaluate(one, row, scope_);
        if (is_missing(value)) return false;  // all of those stay
        key.append(to_text(value)).push_back('\0');
      }
      return !seen.insert(key).second;
    });
    return {};
  }
  Status apply(const PatternCommand& command) { return apply_pattern(command, nullptr); }
  Status apply(const DiffCommand&) { return {}; }  // done with the pattern before it
  Status apply(const FilldownCommand& command) {
    std::vector<std::string> names = command.names;
    if (names.empty()) names = fields_;
    for (const std::string& name : command.names) {
      if (!name.ends_with('*')) continue;
      const std::string_view begins(name.data(), name.size() - 1);
      std::copy_if(fields_.begin(), fields_.end(), std::back_inserter(names),
                   [&](const std::string& shown) { return shown.starts_with(begins); });
    }
    for (const std::string& name : names) {
      Value last;
      for (Row& row : rows_) {
        Value value = row.field(name);
        if (!is_missing(value)) {
          last = std::move(value);
        } else if (!is_missing(last)) {
          row.set(name, last);
        }
      }
    }
    return {};
  }
  Status apply(const UnnestCommand& command) {
    std::vector<Row> rows;
    for (const Row& row : rows_) {
      const Value value = evaluate(command.list, row, scope_);
      const auto* json = std::get_if<JsonValue>(&value);
      if (json == nullptr || json->array() == nullptr) continue;
      for (const JsonValue& element : *json->array()) {
        if (rows.size() == kMostUnnested)
          return Status(ErrorKind::exhausted, "unnest makes more than 200000 rows: filter before it");
        rows.push_back(row);
        rows.back().set(command.name, value_of(element));
      }
    }
    rows_ = std::move(rows);
    if (!fields_.empty()) show(command.name);
    return {};
  }

  const Scope& scope_;
  std::vector<Row> rows_;
  std::vector<std::string> fields_;
  std::optional<std::vector<std::string>> displayed_;
  bool gathered_ = false;  // rows are no events any more
};

Status Pipeline::apply_pattern(const PatternCommand& command, const Pipeline* earlier) {
  struct Counted {
    uint64_t now = 0, before = 0;
    int32_t severity = 0;
    std::string example;
  };
  query::LinePatterns lines;
  std::vector<Counted> by_shape;
  const auto add = [&](const Row& row, bool is_earlier) {
    const Value value = evaluate(command.subject, row, scope_);
    if (is_missing(value)) return;
    const std::string text = to_text(value);
    const size_t shape = lines.add(text);
    if (shape == by_shape.size()) by_shape.emplace_back().example = text;
    Counted& counted = by_shape[shape];
    ++(is_earlier ? counted.before : counted.now);
    counted.severity = std::max(counted.severity, severity_in(text));
  };
  for (const Row& row : rows_) add(row, false);
  if (earlier != nullptr)
    for (const Row& row : earlier->rows_) add(row, true);
  const query::LinePatterns::Folded folded = lines.fold();
  std::vector<Counted> counted(folded.patterns.size());
  uint64_t all = 0;
  for (size_t shape = 0; shape < by_shape.size(); ++shape) {
    Counted& to = counted[folded.pattern_of_shape[shape]];
    to.now += by_shape[shape].now;
    to.before += by_shape[shape].before;
    to.severity = std::max(to.severity, by_shape[shape].severity);
    if (to.example.empty()) to.example = by_shape[shape].example;
    all += by_shape[shape].now;
  }
  rows_.clear();
  for (size_t i = 0; i < folded.patterns.size(); ++i) {
    Row row;
    row.set("@pattern", folded.patterns[i].text);
    row.set("@ratio", all == 0 ? 0.0 : static_cast<double>(counted[i].now) / static_cast<double>(all));
    row.set("@sampleCount", static_cast<double>(counted[i].now));
    const int32_t severity = counted[i].severity;
    row.set("@severityLabel", std::string(severity >= 17   ? "ERROR"
                                          : severity >= 13 ? "WARN"
                                          : severity >= 9  ? "INFO"
                                          : severity > 0   ? "DEBUG"
                                                           : "NONE"));
    row.set("@logSamples", counted[i].example);
    if (earlier != nullptr) {
      const auto difference = static_cast<double>(counted[i].now) - static_cast<double>(counted[i].before);
      row.set("@previousSampleCount", static_cast<double>(counted[i].before));
      row.set("@differenceCount", difference);
      row.set("@differenceDescription", std::string(counted[i].before == 0 ? "New"
                                                    : counted[i].now == 0  ? "Gone"
                                                    : difference > 0       ? "More"
                                                    : difference < 0       ? "Fewer"
                                                                           : "Same"));
    }
    rows_.push_back(std::move(row));
  }
  gathered_ = true;
  displayed_.reset();
  fields_ = {"@pattern", "@ratio", "@sampleCount", "@severityLabel", "@logSamples"};
  if (earlier != nullptr)
    fields_.insert(fields_.end(), {"@previousSampleCount", "@differenceCount", "@differenceDescription"});
  return {};
}

TimeRange earlier_range(const TimeRange& range, DiffCommand::With with) {
  Nanoseconds back = range.to - range.from;
  if (with == DiffCommand::With::previous_day) back = days(1);
  if (with == DiffCommand::With::previous_week) back = days(7);
  if (with == DiffCommand::With::previous_month) back = days(30);
  return {range.from - back, range.to - back};
}

// As many of the newest as will be shown are enough when nothing but limit chooses among them.
size_t events_needed(const Query& query, size_t most) {
  for (const Command& command : query.commands) {
    if (const auto* limit = std::get_if<LimitCommand>(&command)) return limit->rows;
    if (const auto* sort = std::get_if<SortCommand>(&command)) {
      const SortCommand::Key& key = sort->keys.front();
      const bool newest_first = key.descending && key.expression.kind == Expression::Kind::field &&
                                key.expression.name == "@timestamp";
      if (newest_first && sort->keys.size() == 1) continue;
      return kMostEvents;
    }
    const bool keeps_rows = std::holds_alternative<FieldsCommand>(command) ||
                            std::holds_alternative<DisplayCommand>(command) ||
                            std::holds_alternative<ParseCommand>(command);
    if (!keeps_rows) return kMostEvents;
  }
  return most;
}

// The stats before which every command looks at one event at a time, so that none need to be held.
std::optional<size_t> place_of_gathering(const Query& query) {
  for (size_t i = 0; i < query.commands.size(); ++i) {
    const Command& command = query.commands[i];
    if (std::holds_alternative<StatsCommand>(command)) return i;
    const bool looks_at_one =
        std::holds_alternative<FieldsCommand>(command) || std::holds_alternative<DisplayCommand>(command) ||
        std::holds_alternative<ParseCommand>(command) || std::holds_alternative<FilterCommand>(command) ||
        std::holds_alternative<UnnestCommand>(command);
    if (!looks_at_one) return std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<Event>> read_all(const Fetch& fetch, const Wanted& wanted) {
  std::vector<Event> all;
  CLEW_TRY(fetch(wanted, [&](std::vector<Event> events) {
    all.insert(all.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    return Status();
  }));
  return all;
}

}  // namespace

Result<Output> run(const Query& query, const TimeRange& range, size_t most, UnixNanos now,
                   const Fetch& fetch) {
  const Scope scope{.now = now};
  Wanted wanted{.range = range, .filter = bound_of(query), .events = events_needed(query, most)};
  std::vector<Event> events, earlier_events;
  size_t looked_at = 0, done = 0;
  std::optional<Pipeline> held;
  if (const std::optional<size_t> gathered = place_of_gathering(query)) {
    const auto& stats = std::get<StatsCommand>(query.commands[*gathered]);
    Gathering gathering(stats, scope);
    wanted.events = kMostEventsGathered;
    wanted.bytes = SIZE_MAX;
    const auto gather = [&](const std::vector<Event>& some) -> Status {
      looked_at += some.size();
      Pipeline rows(scope, some);
      for (size_t i = 0; i < *gathered; ++i) CLEW_TRY(rows.apply(query.commands[i]));
      return rows.gather_into(gathering);
    };
    CLEW_TRY(fetch(wanted, gather));
    held.emplace(scope, events).become(stats, gathering);
    wanted.bytes = kMostBytes;
    done = *gathered + 1;
  } else {
    CLEW_ASSIGN(events, read_all(fetch, wanted));
    looked_at = events.size();
    held.emplace(scope, events);
  }
  Pipeline& pipeline = *held;
  bool limited = false;
  for (size_t i = done; i < query.commands.size(); ++i) {
    const Command& command = query.commands[i];
    limited = limited || std::holds_alternative<LimitCommand>(command);
    const auto* pattern = std::get_if<PatternCommand>(&command);
    const auto* diff =
        i + 1 < query.commands.size() ? std::get_if<DiffCommand>(&query.commands[i + 1]) : nullptr;
    if (pattern == nullptr || diff == nullptr) {
      CLEW_TRY(pipeline.apply(command));
      continue;
    }
    wanted.range = earlier_range(range, diff->with);
    wanted.events = kMostEvents;
    CLEW_ASSIGN(earlier_events, read_all(fetch, wanted));
    Pipeline earlier(scope, earlier_events);
    for (size_t before = 0; before < i; ++before) CLEW_TRY(earlier.apply(query.commands[before]));
    CLEW_TRY(pipeline.apply_pattern(*pattern, &earlier));
  }
  if (!limited) pipeline.cut(most);
  return Output{.rows = pipeline.shown(), .events = looked_at};
}

}  // namespace clew::cloudwatch_logs::insights
