#include "protocols/cloudwatch_logs/insights_run.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>

#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/insights_stats.h"
#include "protocols/cloudwatch_logs/insights_value_set.h"
#include "protocols/cloudwatch_logs/member_columns.h"

namespace clew::cloudwatch_logs::insights {
namespace {

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

class Runner {
 public:
  Runner(const TimeRange& range, UnixNanos now, const Fetch& fetch, const Engine* engine)
      : range_(range), scope_({.now = now}), fetch_(fetch), engine_(engine) {}

  // All commands of the query applied. `most` rows are wanted of it, unless it says itself how many.
  Result<Pipeline> run(Query query, size_t most) {
    for (Command& command : query.commands) {
      if (auto* filter = std::get_if<FilterCommand>(&command)) CLEW_TRY(answer_within(filter->condition));
    }
    Wanted wanted{.range = range_, .filter = bound_of(query), .source = query.source};
    size_t done = 0;
    CLEW_ASSIGN(Pipeline pipeline, begin(query, wanted, most, done));
    for (size_t i = done; i < query.commands.size(); ++i) {
      if (const auto* join = std::get_if<JoinCommand>(&query.commands[i])) {
        CLEW_ASSIGN(const Pipeline right, run(*join->query, kMostEvents));
        CLEW_TRY(pipeline.apply_join(*join, right));
        continue;
      }
      const auto* pattern = std::get_if<PatternCommand>(&query.commands[i]);
      const auto* diff =
          i + 1 < query.commands.size() ? std::get_if<DiffCommand>(&query.commands[i + 1]) : nullptr;
      if (pattern == nullptr || diff == nullptr) {
        CLEW_TRY(pipeline.apply(query.commands[i]));
        continue;
      }
      wanted.range = earlier_range(range_, diff->with);
      wanted.events = kMostEvents;
      wanted.bytes = kMostBytes;
      CLEW_ASSIGN(const std::vector<Event>* events, read_all(wanted));
      Pipeline earlier(scope_, *events);
      for (size_t before = 0; before < i; ++before) CLEW_TRY(earlier.apply(query.commands[before]));
      CLEW_TRY(pipeline.apply_pattern(*pattern, &earlier));
    }
    return pipeline;
  }
  size_t looked_at() const { return looked_at_; }

 private:
  // The events, or what stats gather of them; `done` commands are applied then.
  Result<Pipeline> begin(const Query& query, Wanted wanted, size_t most, size_t& done) {
    const std::optional<size_t> gathered = place_of_gathering(query);
    if (!gathered) {
      wanted.events = events_needed(query, most);
      CLEW_ASSIGN(const std::vector<Event>* events, read_all(wanted));
      return Pipeline(scope_, *events);
    }
    const auto& stats = std::get<StatsCommand>(query.commands[*gathered]);
    Gathering gathering(stats, scope_);
    wanted.events = kMostEventsGathered;
    wanted.bytes = SIZE_MAX;
    const auto gather = [&](const std::vector<Event>& some) -> Status {
      looked_at_ += some.size();
      Pipeline rows(scope_, some);
      for (size_t i = 0; i < *gathered; ++i) CLEW_TRY(rows.apply(query.commands[i]));
      return rows.gather_into(gathering);
    };
    std::optional<Pushdown> pushed;
    if (engine_ != nullptr) pushed = push_down(query, *gathered, engine_->members());
    const query::Filter in_columns = query::comparison(column::members(), query::Operator::exists, {});
    if (!pushed || pushed->looks_at_members) {
      Wanted one_by_one = wanted;
      if (pushed) one_by_one.filter = query::all_of({wanted.filter, query::none_of({in_columns})});
      CLEW_TRY(fetch_(one_by_one, gather));
    }
    if (pushed) {
      query::Plan plan = pushed->plan;
      if (pushed->looks_at_members) plan.filter = query::all_of({std::move(plan.filter), in_columns});
      CLEW_ASSIGN(const query::ResultTable table, engine_->calculate(wanted, std::move(plan)));
      looked_at_ += table.cost.rows_matched;
      CLEW_TRY(pushed->gather(table, gathering));
    }
    Pipeline pipeline(scope_, kNone);
    pipeline.become(stats, gathering);
    done = *gathered + 1;
    return pipeline;
  }

  Result<const std::vector<Event>*> read_all(const Wanted& wanted) {
    std::vector<Event>& all = held_.emplace_back();
    CLEW_TRY(fetch_(wanted, [&](std::vector<Event> events) {
      all.insert(all.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
      return Status();
    }));
    looked_at_ += all.size();
    return &all;
  }

  // Puts the values of queries within an expression in their place.
  Status answer_within(Expression& expression) {
    for (Expression& child : expression.children) CLEW_TRY(answer_within(child));
    if (expression.kind != Expression::Kind::subquery) return {};
    CLEW_ASSIGN(const Pipeline rows, run(*expression.query, kMostEvents));
    auto values = std::make_shared<ValueSet>();
    for (const Value& value : rows.first_values()) values->add(value);
    expression.values = std::move(values);
    return {};
  }

  static const std::vector<Event> kNone;

  const TimeRange range_;
  const Scope scope_;
  const Fetch& fetch_;
  const Engine* const engine_;
  std::deque<std::vector<Event>> held_;  // rows refer to them
  size_t looked_at_ = 0;
};

const std::vector<Event> Runner::kNone;

bool is_limited(const Query& query) {
  return std::any_of(query.commands.begin(), query.commands.end(),
                     [](const Command& command) { return std::holds_alternative<LimitCommand>(command); });
}

}  // namespace

Result<Output> run(const Query& query, const TimeRange& range, size_t most, UnixNanos now, const Fetch& fetch,
                   const Engine* engine) {
  Runner runner(range, now, fetch, engine);
  CLEW_ASSIGN(Pipeline pipeline, runner.run(query, most));
  if (!is_limited(query)) pipeline.cut(most);
  return Output{.rows = pipeline.shown(), .events = runner.looked_at()};
}

}  // namespace clew::cloudwatch_logs::insights
