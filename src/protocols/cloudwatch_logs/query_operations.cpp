// StartQuery and what follows it.
#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/lookup_tables.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/queries.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr int64_t kMostGroups = 50;
constexpr size_t kMostGroupsSelected = 1'000;
constexpr Nanoseconds kLongest = hours(1);

Status missing_group(std::string_view name) {
  return {
      ErrorKind::not_found,
      fmt::format("Log group '{}' does not exist for account ID '{}' (Service: AWSLogs; Status Code: 400; "
                  "Error Code: ResourceNotFoundException)",
                  name, kAccount)};
}

// AWS counts characters.
size_t characters_before(std::string_view text, size_t byte) {
  return static_cast<size_t>(std::count_if(text.begin(),
                                           text.begin() + static_cast<ptrdiff_t>(std::min(byte, text.size())),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

MalformedQuery malformed(std::string_view text, const insights::Mistake& mistake) {
  return {.message = mistake.message,
          .begin = characters_before(text, mistake.begin),
          .end = characters_before(text, mistake.end)};
}

// The groups that a query names itself; not_found when there is no such group.
Result<std::vector<LogGroup>> groups_of(const Call& call, const insights::Source& source) {
  LogGroups groups(call.records(), call.environment);
  std::vector<LogGroup> found;
  for (const std::string& name : source.groups) {
    Result<LogGroup> group = groups.find(group_name_in(name));
    if (!group.ok() && group.status().kind() == ErrorKind::not_found) return missing_group(name);
    CLEW_TRY(group.status());
    found.push_back(*std::move(group));
  }
  if (!source.selects) return found;
  CLEW_ASSIGN(std::vector<LogGroup> all, groups.list());
  for (LogGroup& group : all) {
    const bool is_named =
        source.prefixes.empty() ||
        std::any_of(source.prefixes.begin(), source.prefixes.end(),
                    [&](const std::string& prefix) { return group.name.starts_with(prefix); });
    const bool is_of_class = source.classes.empty() ? group.log_class == "STANDARD"
                                                    : std::find(source.classes.begin(), source.classes.end(),
                                                                group.log_class) != source.classes.end();
    if (is_named && is_of_class) found.push_back(std::move(group));
  }
  if (found.size() > kMostGroupsSelected)
    return Status(
        ErrorKind::bad_input,
        fmt::format(
            "SOURCE selects {} log groups, {} at most are queried together: select fewer by their names",
            found.size(), kMostGroupsSelected));
  return found;
}

// What a query asks the store while it runs.
struct Reading {
  Call call;
  std::shared_ptr<StartedQuery> query;
  std::vector<LogGroup> groups;

  Result<query::Filter> events_of_source(const insights::Source& source) const {
    std::vector<LogGroup> read_from = groups;
    if (source.is_given()) {
      CLEW_ASSIGN(read_from, groups_of(call, source));
    }
    std::vector<query::Filter> any;
    for (const LogGroup& group : read_from) {
      const UnixNanos oldest = group.oldest(call.now);
      any.push_back(query::all_of(
          {events_of(group), query::comparison({std::string(names::kTime), store::Scope::intrinsic},
                                               query::Operator::greater_or_equal, {oldest})}));
    }
    return query::any_of(std::move(any));
  }

  Status fetch(const insights::Wanted& wanted, const insights::TakeEvents& take) const {
    CLEW_ASSIGN(query::Filter of_source, events_of_source(wanted.source));
    EventsWanted page{.range = wanted.range,
                      .filter = query::all_of({std::move(of_source), wanted.filter}),
                      .direction = query::Direction::descending,
                      .limit = std::min(query::kMostRows, std::max<size_t>(wanted.likely, 1))};
    const query::Filter condition = page.filter;
    const Nanoseconds began = monotonic_now();
    for (;;) {
      if (query->cancel) return Status(ErrorKind::cancelled, "the query was stopped");
      if (monotonic_now().count - began.count > kLongest.count) {
        query->timed_out = true;
        return Status(ErrorKind::cancelled, "the query ran for longer than an hour");
      }
      CLEW_ASSIGN(Events read, read_events(call, page));
      call.context.queries.with([&] {
        query->rows_scanned += read.cost.rows_scanned;
        query->rows_matched += read.events.size();
        query->bytes_read += read.cost.bytes_read;
      });
      if (read.events.empty()) break;
      std::reverse(read.events.begin(), read.events.end());
      const size_t count = read.events.size();
      const EventPlace last = read.events.back().place;
      CLEW_ASSIGN(const bool wants_more, take(std::move(read.events)));
      if (!wants_more || count < page.limit) break;
      page.limit = query::kMostRows;
      page.filter = query::all_of({condition, events_before(last)});
      page.range.to = std::min(page.range.to, UnixNanos{(last.milliseconds + 1) * 1'000'000});
    }
    return {};
  }

  Result<std::shared_ptr<const LookupTable>> find_table(const std::string& name) const {
    CLEW_ASSIGN(const std::string csv, LookupTables(call.records(), call.environment).read(name));
    CLEW_ASSIGN(LookupTable table, LookupTable::parse(csv));
    return std::shared_ptr<const LookupTable>(std::make_shared<LookupTable>(std::move(table)));
  }

  Result<query::ResultTable> calculate(const insights::Wanted& wanted, query::Plan plan) const {
    CLEW_ASSIGN(query::Filter of_source, events_of_source(wanted.source));
    plan.range = wanted.range;
    plan.filter = query::all_of({std::move(of_source), std::move(plan.filter)});
    query::RunOptions options = call.run_options();
    options.cancel = &query->cancel;
    CLEW_ASSIGN(query::ResultTable table, query::run(plan, call.snapshot(Signal::logs), options));
    call.context.queries.with([&] {
      query->rows_scanned += table.cost.rows_scanned;
      query->rows_matched += table.cost.rows_matched;
      query->bytes_read += table.cost.bytes_read;
    });
    return table;
  }

  void run(const insights::Query& parsed, const TimeRange& range, size_t limit) const {
    Queries& queries = call.context.queries;
    queries.with([&] {
      if (query->status == QueryStatus::scheduled) query->status = QueryStatus::running;
    });
    const Nanoseconds began = monotonic_now();
    const insights::Sources sources{
        .fetch = [&](const insights::Wanted& wanted,
                     const insights::TakeEvents& take) { return fetch(wanted, take); },
        .engine =
            insights::Engine{
                .members = [&] { return insights::MemberColumns(call.snapshot(Signal::logs)); },
                .calculate = [&](const insights::Wanted& wanted,
                                 query::Plan plan) { return calculate(wanted, std::move(plan)); }},
        .table = [&](const std::string& name) { return find_table(name); }};
    Result<insights::Output> output = insights::run(parsed, range, limit, call.now, sources);
    queries.with([&] {
      query->took = {monotonic_now().count - began.count};
      if (query->status == QueryStatus::cancelled) return;
      query->status = output.ok()        ? QueryStatus::complete
                      : query->timed_out ? QueryStatus::timeout
                                         : QueryStatus::failed;
      if (output.ok()) query->output = *std::move(output);
    });
    if (!output.ok() && output.status().kind() != ErrorKind::cancelled)
      log_warning("logs", fmt::format("query {} failed: {}", query->id, output.status().message()));
  }
};

std::variant<std::vector<LogGroup>, aws::Error> groups_of(const Call& call, Input& input,
                                                          const insights::Query& parsed) {
  std::vector<std::string> names;
  const std::optional<std::string> one = input.text("logGroupName", {1, 512});
  std::vector<std::string> several = input.texts("logGroupNames", {0, kMostGroups});
  std::vector<std::string> identifiers = input.texts("logGroupIdentifiers", {0, kMostGroups});
  if (!input.ok()) return input.error();
  const int given = static_cast<int>(one.has_value()) + static_cast<int>(!several.empty()) +
                    static_cast<int>(!identifiers.empty());
  for (const insights::Query* within : insights::queries_within(parsed)) {
    if (const auto known = groups_of(call, within->source); !known.ok()) return error_of(known.status());
  }
  for (const std::string& table : insights::tables_of(parsed)) {
    const Result<std::string> known = LookupTables(call.records(), call.environment).read(table);
    if (!known.ok()) return error_of(known.status());
  }
  if (parsed.source.is_given()) {
    Result<std::vector<LogGroup>> found = groups_of(call, parsed.source);
    if (!found.ok()) return error_of(found.status());
    return *std::move(found);
  }
  if (given != 1)
    return invalid_parameter(
        "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given, or SOURCE in the "
        "query.");
  if (one) names.push_back(*one);
  for (const auto* list : {&several, &identifiers})
    for (const std::string& name : *list) names.push_back(group_name_in(name));
  Result<std::vector<LogGroup>> found = groups_of(call, {.groups = std::move(names)});
  if (!found.ok()) return error_of(found.status());
  return *std::move(found);
}

}  // namespace

Answer start_query(const Call& call) {
  Input input(call.input);
  const std::string text = input.required_text("queryString", {0, 10'000});
  input.require("startTime");
  input.require("endTime");
  constexpr int64_t kLatest = INT64_MAX / 1'000'000'000 - 1;
  const int64_t start = input.integer("startTime", 0, INT64_MAX).value_or(0);
  const int64_t end = input.integer("endTime", 0, INT64_MAX).value_or(0);
  const auto limit = static_cast<size_t>(input.integer("limit", 1, insights::kMostEvents).value_or(10'000));
  const std::string language = input.text("queryLanguage").value_or("CWLI");
  if (!input.ok()) return input.error();
  if (language != "CWLI")
    return invalid_parameter(
        "clew speaks the query language CWLI (Logs Insights QL); for others there is clew's own.");
  if (start > end) return invalid_parameter("startTime must not be after endTime.");
  auto parsed = insights::parse_query(text);
  if (const auto* mistake = std::get_if<insights::Mistake>(&parsed)) return malformed(text, *mistake);
  auto groups = groups_of(call, input, std::get<insights::Query>(parsed));
  if (const auto* error = std::get_if<aws::Error>(&groups)) return *error;
  auto& found = std::get<std::vector<LogGroup>>(groups);
  std::vector<std::string> names;
  for (const LogGroup& group : found) names.push_back(group.name);
  // Both ends are inclusive, to the second.
  const TimeRange range{{std::min(start, kLatest) * 1'000'000'000},
                        {(std::min(end, kLatest) + 1) * 1'000'000'000}};
  const auto query = call.context.queries.start(call.environment, text, std::move(names), call.now);
  if (query == nullptr)
    return limit_exceeded("Account maximum query concurrency limit of 100 reached. Try again later.");
  const auto reading = std::make_shared<const Reading>(Reading{call, query, std::move(found)});
  const auto to_run = std::make_shared<const insights::Query>(std::move(std::get<insights::Query>(parsed)));
  const bool taken = call.context.query_workers.submit(
      [reading, to_run, range, limit] { reading->run(*to_run, range, limit); });
  if (!taken) {
    call.context.queries.stop(*query);
    return throttled("Rate exceeded");
  }
  JsonWriter json;
  return json.begin_object().key("queryId").string(query->id).end_object().take();
}

Answer get_query_results(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("queryId", {0, 256});
  const auto most = static_cast<size_t>(input.integer("maxItems", 1, 10'000).value_or(10'000));
  const std::string place = input.next_place("results:" + id);
  if (!input.ok()) return input.error();
  const auto query = call.context.queries.find(call.environment, id);
  if (query == nullptr) return not_found("The specified query does not exist.");
  const size_t first = place.empty() ? 0 : std::strtoull(place.c_str(), nullptr, 10);
  JsonWriter json;
  call.context.queries.with([&] {
    const auto& rows = query->output.rows;
    json.begin_object().key("queryLanguage").string("CWLI").key("results").begin_array();
    const size_t begin = std::min(first, rows.size()), end = std::min(rows.size(), begin + most);
    for (size_t i = begin; i < end; ++i) {
      json.begin_array();
      for (const auto& [field, value] : rows[i])
        json.begin_object().key("field").string(field).key("value").string(value).end_object();
      json.end_array();
    }
    json.end_array().key("statistics").begin_object();
    json.key("recordsMatched").number(static_cast<double>(query->rows_matched));
    json.key("recordsScanned").number(static_cast<double>(query->rows_scanned));
    json.key("bytesScanned").number(static_cast<double>(query->bytes_read));
    json.key("estimatedRecordsSkipped").number(0).key("estimatedBytesSkipped").number(0);
    json.key("logGroupsScanned").number(static_cast<double>(query->groups.size())).end_object();
    json.key("status").string(name_of(query->status));
    if (end < rows.size())
      json.key("nextToken").string(aws::page_token("results:" + id, std::to_string(end)));
    json.end_object();
  });
  return json.take();
}

Answer stop_query(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("queryId", {0, 256});
  if (!input.ok()) return input.error();
  const auto query = call.context.queries.find(call.environment, id);
  if (query == nullptr) return not_found("The specified query does not exist.");
  if (!call.context.queries.stop(*query))
    return invalid_parameter(fmt::format("Query {} has already ended.", id));
  return std::string("{\"success\":true}");
}

Answer describe_queries(const Call& call) {
  Input input(call.input);
  const std::optional<std::string> group = input.text("logGroupName", {1, 512});
  const std::optional<std::string> status = input.text("status");
  const auto most = static_cast<size_t>(input.integer("maxResults", 1, 1000).value_or(1000));
  const std::string after = input.next_place("queries");
  if (!input.ok()) return input.error();
  const auto all = call.context.queries.list(call.environment);
  JsonWriter json;
  json.begin_object().key("queries").begin_array();
  size_t written = 0;
  std::string last;
  bool more = false, reached = after.empty();
  call.context.queries.with([&] {
    for (const auto& query : all) {
      if (!reached) {
        reached = query->id == after;
        continue;
      }
      const bool of_group =
          !group || std::find(query->groups.begin(), query->groups.end(), *group) != query->groups.end();
      if (!of_group || (status && *status != name_of(query->status))) continue;
      if (written == most) {
        more = true;
        break;
      }
      ++written;
      last = query->id;
      json.begin_object().key("queryId").string(query->id).key("queryString").string(query->text);
      json.key("queryLanguage").string("CWLI").key("status").string(name_of(query->status));
      json.key("createTime").integer(query->started.count / 1'000'000);
      json.key("queryDuration").integer(query->took.count / 1'000'000);
      json.key("bytesScanned").number(static_cast<double>(query->bytes_read));
      if (!query->groups.empty()) json.key("logGroupName").string(query->groups.front());
      json.end_object();
    }
  });
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token("queries", last));
  return json.end_object().take();
}

Answer list_log_groups_for_query(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("queryId", {0, 256});
  if (!input.ok()) return input.error();
  const auto query = call.context.queries.find(call.environment, id);
  if (query == nullptr) return not_found("The specified query does not exist.");
  JsonWriter json;
  json.begin_object().key("logGroupIdentifiers").begin_array();
  for (const std::string& name : query->groups) json.string(name);
  return json.end_array().end_object().take();
}

}  // namespace clew::cloudwatch_logs
