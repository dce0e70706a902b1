// What stands around a log record: the records before and after it from the same source.
#include <algorithm>
#include <array>

#include "protocols/clew/endpoints.h"
#include "protocols/clew/log_columns.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

constexpr double kMostAround = 1'000;
// Records of one source may share a time; more than this many are not looked through for the one asked for.
constexpr size_t kMostOfOneTime = 1'000;

// What tells the sources of log lines apart: two records that agree in all of these are of one stream.
constexpr std::array<std::string_view, 12> kSource = {
    "aws.log.group.names", "aws.log.stream.names", "service.namespace",
    "service.name",        "service.instance.id",  "host.name",
    "container.id",        "k8s.pod.uid",          "k8s.container.name",
    "process.pid",         "log.file.path",        "log.iostream",
};

// The columns of the source in a row of `table`, beginning at column `first`, as a condition.
query::Filter same_source(const query::ResultTable& table, size_t first, size_t row) {
  std::vector<query::Filter> conditions;
  for (size_t i = 0; i < kSource.size(); ++i) {
    const query::Value& value = table.columns[first + i].values[row];
    const std::string column(kSource[i]);
    conditions.push_back(query::is_null(value) ? query::comparison(column, query::Operator::does_not_exist)
                                               : query::comparison(column, query::Operator::equal, value));
  }
  return query::all_of(std::move(conditions));
}

struct Wish {
  UnixNanos at;
  size_t before;
  size_t after;
  std::optional<std::string> line;
};

class Surroundings {
 public:
  Surroundings(const Call& call, const Wish& wish)
      : wish_(wish), snapshot_(call.snapshot(Signal::logs)), watch_(call) {}

  Result<std::string> answer(const query::Filter& condition) {
    const TimeRange moment{wish_.at, wish_.at + Nanoseconds{1}};
    CLEW_ASSIGN(const query::ResultTable anchors, sources_at(moment, condition));
    const std::optional<size_t> anchor = anchor_among(anchors);
    if (!anchor)
      return Status(ErrorKind::not_found, "There is no such log record at " + to_rfc3339(wish_.at));
    const query::Filter source = same_source(anchors, 1, *anchor);
    CLEW_ASSIGN(const LogColumns columns, LogColumns::list(snapshot_, TimeRange()));
    columns_ = &columns;
    CLEW_ASSIGN(const query::ResultTable at,
                read(moment, source, kMostOfOneTime, query::Direction::ascending));
    const size_t own = own_row(at, anchors.columns[0].values[*anchor]);
    // Of the records of the same time some are before and some after, in the order in which they are shown.
    const size_t before = wish_.before - std::min(wish_.before, own);
    const size_t behind = at.row_count - std::min(at.row_count, own + 1);
    const size_t after = wish_.after - std::min(wish_.after, behind);
    CLEW_ASSIGN(const query::ResultTable earlier,
                read({UnixNanos{INT64_MIN}, moment.from}, source, before, query::Direction::descending));
    CLEW_ASSIGN(const query::ResultTable later,
                read({moment.to, UnixNanos{INT64_MAX}}, source, after, query::Direction::ascending));
    JsonWriter json;
    write_source(json.begin_object(), anchors, *anchor);
    json.key("logs").begin_array();
    for (size_t row = earlier.row_count; row-- > 0;) columns.write(json, earlier, row);
    const size_t first = own - std::min(wish_.before, own);
    const size_t end = std::min(at.row_count, own + 1 + wish_.after);
    for (size_t row = first; row < end; ++row) columns.write(json, at, row);
    for (size_t row = 0; row < later.row_count; ++row) columns.write(json, later, row);
    json.end_array().key("position").integer(earlier.row_count + own - first);
    json.key("more_before").boolean(more(earlier, before) || first > 0);
    json.key("more_after").boolean(more(later, after) || end < at.row_count);
    query::Cost cost = at.cost;
    for (const query::ResultTable* table : {&earlier, &later}) {
      cost.rows_scanned += table->cost.rows_scanned;
      cost.rows_set_aside += table->cost.rows_set_aside;
      cost.bytes_read += table->cost.bytes_read;
      cost.elapsed.count += table->cost.elapsed.count;
    }
    write_partial(json, cost);
    write_cost(json, cost);
    return json.end_object().take();
  }

 private:
  // Body, then the columns of the source.
  Result<query::ResultTable> sources_at(const TimeRange& moment, const query::Filter& condition) {
    query::Plan plan;
    plan.signal = Signal::logs;
    plan.range = moment;
    plan.filter = condition;
    plan.limit = kMostOfOneTime;
    plan.rows.emplace();
    plan.rows->columns.push_back({std::string(names::kBody), store::Scope::intrinsic});
    for (const std::string_view column : kSource) plan.rows->columns.push_back({std::string(column), {}});
    return query::run(plan, snapshot_, watch_.run_options());
  }

  std::optional<size_t> anchor_among(const query::ResultTable& anchors) const {
    for (size_t row = 0; row < anchors.row_count; ++row) {
      if (!wish_.line || query::to_text(anchors.columns[0].values[row]) == *wish_.line) return row;
    }
    return std::nullopt;
  }

  static size_t own_row(const query::ResultTable& at, const query::Value& body) {
    for (size_t row = 0; row < at.row_count; ++row) {
      if (LogColumns::cell(at, LogField::body, row) == body) return row;
    }
    return 0;
  }

  // One more than is shown, to know whether there are more.
  Result<query::ResultTable> read(const TimeRange& range, const query::Filter& source, size_t limit,
                                  query::Direction direction) {
    query::Plan plan;
    plan.signal = Signal::logs;
    plan.range = range;
    plan.filter = source;
    plan.limit = limit + 1;
    plan.rows = columns_->wanted(direction);
    CLEW_ASSIGN(query::ResultTable table, query::run(plan, snapshot_, watch_.run_options()));
    table.row_count = std::min(table.row_count, limit);
    return table;
  }
  static bool more(const query::ResultTable& table, size_t limit) {
    return !table.columns.empty() && table.columns[0].values.size() > limit;
  }

  static void write_source(JsonWriter& json, const query::ResultTable& anchors, size_t row) {
    json.key("source").begin_array();
    for (size_t i = 0; i < kSource.size(); ++i) {
      const query::Value& value = anchors.columns[1 + i].values[row];
      const auto type = type_of(value);
      if (!type) continue;
      json.begin_object().key("key").string(kSource[i]).key("type").string(name_of(*type)).key("value");
      write_value(json, value);
      json.end_object();
    }
    json.end_array();
  }

  const Wish& wish_;
  const store::Snapshot snapshot_;
  Watch watch_;
  const LogColumns* columns_ = nullptr;
};

}  // namespace

net::Response answer_log_context(const Call& call) {
  Parameters parameters(call);
  const std::string at = parameters.required_text("at");
  Wish wish{.at = {}, .before = 10, .after = 10, .line = parameters.text("line")};
  if (parameters.ok()) {
    Result<UnixNanos> time = parse_time(at, call.now);
    if (time.ok()) {
      wish.at = *time;
    } else {
      parameters.refuse("at", std::move(time).status());
    }
  }
  const auto around = [&](std::string_view name) {
    const double asked = parameters.number(name, 0).value_or(10);
    if (asked > kMostAround)
      parameters.refuse(name, Status(ErrorKind::bad_input, "At most 1000 records on either side"));
    return static_cast<size_t>(std::clamp(asked, 0.0, kMostAround));
  };
  wish.before = around("before");
  wish.after = around("after");
  std::vector<query::Filter> conditions;
  if (const auto service = parameters.text("service"))
    conditions.push_back(query::comparison("service.name", query::Operator::equal, *service));
  if (query::Filter condition = parameters.condition(); !condition.matches_everything())
    conditions.push_back(std::move(condition));
  if (!parameters.ok()) return parameters.refusal();

  Result<std::string> text = Surroundings(call, wish).answer(query::all_of(std::move(conditions)));
  if (!text.ok())
    return refusal(text.status(),
                   {.field = text.status().kind() == ErrorKind::not_found ? "at" : "", .position = {}});
  return net::json_response(200, *std::move(text));
}

}  // namespace clew::api
