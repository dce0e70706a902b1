#include "protocols/cloudwatch_logs/insights_run.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "protocols/cloudwatch_logs/insights_pipeline.h"
#include "protocols/cloudwatch_logs/insights_stats.h"
#include "protocols/cloudwatch_logs/insights_value_set.h"
#include "protocols/cloudwatch_logs/member_columns.h"

namespace clew::cloudwatch_logs::insights {
namespace {

template <typename... Kinds>
bool is_one_of(const Command& command) {
  return (std::holds_alternative<Kinds>(command) || ...);
}

// Events come so anyway.
bool is_newest_first(const Command& command) {
  const auto* sort = std::get_if<SortCommand>(&command);
  if (sort == nullptr || sort->keys.size() != 1) return false;
  const SortCommand::Key& key = sort->keys.front();
  return key.descending && key.expression.kind == Expression::Kind::field &&
         key.expression.name == "@timestamp";
}

// How many commands at the beginning look at one event at a time, and make no rows of it that it was not.
size_t leading_commands(const Query& query) {
  const auto first = std::find_if(query.commands.begin(), query.commands.end(), [](const Command& command) {
    return !is_one_of<FieldsCommand, DisplayCommand, ParseCommand, JsonCommand, FilterCommand>(command) &&
           !is_newest_first(command);
  });
  return static_cast<size_t>(first - query.commands.begin());
}

// As many of the newest as will be shown are enough when nothing but limit chooses among them.
size_t events_needed(const Query& query, size_t most) {
  const size_t leading = leading_commands(query);
  if (leading == query.commands.size()) return most;
  const auto* limit = std::get_if<LimitCommand>(&query.commands[leading]);
  return limit != nullptr ? limit->rows : kMostEvents;
}

// The stats before which every command looks at one event at a time, so that none need to be held.
std::optional<size_t> place_of_gathering(const Query& query) {
  for (size_t i = 0; i < query.commands.size(); ++i) {
    const Command& command = query.commands[i];
    if (std::holds_alternative<StatsCommand>(command)) return i;
    const bool looks_at_one =
        is_one_of<FieldsCommand, DisplayCommand, ParseCommand, JsonCommand, FilterCommand, UnnestCommand>(
            command);
    if (!looks_at_one) return std::nullopt;
  }
  return std::nullopt;
}

class Runner {
 public:
  Runner(const TimeRange& range, UnixNanos now, const Sources& sources)
      : range_(range), scope_({.now = now, .range = range}), sources_(sources) {}

  // All commands of the query applied. `most` rows are wanted of it, unless it says itself how many.
  Result<Pipeline> run(Query query, size_t most) {
    for (Command& command : query.commands) {
      if (auto* filter = std::get_if<FilterCommand>(&command)) CLEW_TRY(answer_within(filter->condition));
    }
    const Wanted wanted{.range = range_of(query.source), .filter = bound_of(query), .source = query.source};
    size_t done = 0;
    CLEW_ASSIGN(Pipeline pipeline, begin(query, wanted, most, done));
    for (size_t i = done; i < query.commands.size(); ++i) CLEW_TRY(apply(query, i, wanted, pipeline));
    return pipeline;
  }
  size_t looked_at() const { return looked_at_; }

 private:
  TimeRange range_of(const Source& source) const {
    const auto time = [&](const std::optional<Source::Time>& given, UnixNanos otherwise) {
      if (!given) return otherwise;
      const Nanoseconds since = milliseconds(given->milliseconds);
      return given->before_now ? scope_.now - since : UnixNanos{since.count};
    };
    return {time(source.start, range_.from), time(source.end, range_.to)};
  }

  Status apply(const Query& query, size_t place, const Wanted& wanted, Pipeline& pipeline) {
    const Command& command = query.commands[place];
    if (const auto* join = std::get_if<JoinCommand>(&command)) {
      CLEW_ASSIGN(const Pipeline right, run(*join->query, kMostEvents));
      return pipeline.apply_join(*join, right);
    }
    if (const auto* columns = std::get_if<AppendcolsCommand>(&command)) {
      CLEW_ASSIGN(const Pipeline right, run(*columns->query, columns->most));
      return pipeline.apply_columns(*columns, right);
    }
    if (const auto* lookup = std::get_if<LookupCommand>(&command)) {
      if (sources_.table == nullptr) return {ErrorKind::not_found, "there are no lookup tables"};
      CLEW_ASSIGN(const std::shared_ptr<const LookupTable> table, sources_.table(lookup->table));
      return pipeline.apply_lookup(*lookup, *table);
    }
    if (const auto* pattern = std::get_if<PatternCommand>(&command)) {
      const Command* next = place + 1 < query.commands.size() ? &query.commands[place + 1] : nullptr;
      const auto* diff = next == nullptr ? nullptr : std::get_if<DiffCommand>(next);
      if (diff != nullptr) return compare(query, place, wanted, *diff, pipeline);
      const bool finds_anomalies = next != nullptr && std::holds_alternative<AnomalyCommand>(*next);
      return pipeline.apply_pattern(*pattern, {.earlier = nullptr, .finds_anomalies = finds_anomalies});
    }
    return pipeline.apply(command);
  }

  // The patterns of this time and those of an earlier one.
  Status compare(const Query& query, size_t place, Wanted wanted, const DiffCommand& diff,
                 Pipeline& pipeline) {
    const Nanoseconds back = diff.back == 0 ? wanted.range.to - wanted.range.from : milliseconds(diff.back);
    wanted.range = {wanted.range.from - back, wanted.range.to - back};
    CLEW_ASSIGN(const std::vector<Event>* events, read(query, wanted, kMostEvents));
    Pipeline earlier(scope_, *events);
    for (size_t before = 0; before < place; ++before) CLEW_TRY(apply(query, before, wanted, earlier));
    return pipeline.apply_pattern(std::get<PatternCommand>(query.commands[place]),
                                  {.earlier = &earlier, .finds_anomalies = false});
  }

  // The events, or what stats gather of them; `done` commands are applied then.
  Result<Pipeline> begin(const Query& query, Wanted wanted, size_t most, size_t& done) {
    const std::optional<size_t> gathered = place_of_gathering(query);
    if (!gathered) {
      CLEW_ASSIGN(const std::vector<Event>* events, read(query, wanted, events_needed(query, most)));
      return Pipeline(scope_, *events);
    }
    const auto& stats = std::get<StatsCommand>(query.commands[*gathered]);
    const Nanoseconds back = milliseconds(stats.offset);
    wanted.range = {wanted.range.from - back, wanted.range.to - back};
    Pipeline pipeline(scope_, kNone);
    done = *gathered + 1;
    std::optional<Pushdown> pushed;
    if (sources_.engine) pushed = push_down(query, *gathered, sources_.engine->members());
    if (pushed) {
      CLEW_ASSIGN(const bool is_whole, gather_columns(query, *gathered, wanted, *pushed, pipeline));
      if (is_whole) return pipeline;
    }
    Gathering gathering(stats, scope_);
    CLEW_TRY(gather_events(query, *gathered, wanted, gathering));
    pipeline.become(stats, gathering);
    return pipeline;
  }

  Status gather_events(const Query& query, size_t stats, const Wanted& wanted, Gathering& gathering) {
    return sources_.fetch(wanted, [&](const std::vector<Event>& some) -> Result<bool> {
      looked_at_ += some.size();
      Pipeline rows(scope_, some);
      for (size_t i = 0; i < stats; ++i) CLEW_TRY(rows.apply(query.commands[i]));
      CLEW_TRY(rows.gather_into(gathering));
      return true;
    });
  }

  // False when the columns do not have the whole answer after all.
  Result<bool> gather_columns(const Query& query, size_t place, const Wanted& wanted, const Pushdown& pushed,
                              Pipeline& pipeline) {
    const auto& stats = std::get<StatsCommand>(query.commands[place]);
    Gathering gathering(stats, scope_);
    const query::Filter in_columns = query::comparison(column::members(), query::Operator::exists, {});
    query::Plan plan = pushed.plan;
    if (pushed.looks_at_members) {
      Wanted one_by_one = wanted;
      one_by_one.filter = query::all_of({wanted.filter, query::none_of({in_columns})});
      CLEW_TRY(gather_events(query, place, one_by_one, gathering));
      plan.filter = query::all_of({std::move(plan.filter), in_columns});
    }
    CLEW_ASSIGN(const query::ResultTable table, sources_.engine->calculate(wanted, std::move(plan)));
    looked_at_ += table.cost.rows_matched;
    CLEW_TRY(pushed.gather(table, gathering));
    if (gathering.is_mixed()) return false;
    pipeline.become(stats, gathering);
    return true;
  }

  // The newest `needed` events that the commands at the beginning let through.
  Result<const std::vector<Event>*> read(const Query& query, Wanted wanted, size_t needed) {
    const size_t leading = leading_commands(query);
    const bool chooses =
        std::any_of(query.commands.begin(), query.commands.begin() + static_cast<ptrdiff_t>(leading),
                    [](const Command& command) { return std::holds_alternative<FilterCommand>(command); });
    if (!chooses) wanted.likely = needed;
    std::vector<Event>& all = held_.emplace_back();
    size_t bytes = 0;
    const Status was_read = sources_.fetch(wanted, [&](std::vector<Event> some) -> Result<bool> {
      looked_at_ += some.size();
      Pipeline rows(scope_, some);
      for (size_t i = 0; chooses && i < leading; ++i) CLEW_TRY(rows.apply(query.commands[i]));
      for (const Event* event : rows.events()) {
        if (all.size() == needed || bytes >= kMostBytes) return false;
        bytes += event->message.size();
        all.push_back(*event);
      }
      return all.size() < needed && bytes < kMostBytes;
    });
    CLEW_TRY(was_read);
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
  const Sources& sources_;
  std::deque<std::vector<Event>> held_;  // rows refer to them
  size_t looked_at_ = 0;
};

const std::vector<Event> Runner::kNone;

bool is_limited(const Query& query) {
  return std::any_of(query.commands.begin(), query.commands.end(),
                     [](const Command& command) { return std::holds_alternative<LimitCommand>(command); });
}

}  // namespace

Result<Output> run(const Query& query, const TimeRange& range, size_t most, UnixNanos now,
                   const Sources& sources) {
  Runner runner(range, now, sources);
  CLEW_ASSIGN(Pipeline pipeline, runner.run(query, most));
  if (!is_limited(query)) pipeline.cut(most);
  return Output{.rows = pipeline.shown(), .events = runner.looked_at()};
}

}  // namespace clew::cloudwatch_logs::insights
