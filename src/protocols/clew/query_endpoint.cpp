// POST /clew/v1/query: one answer, or a stream of progress that ends in one; and what it is going to cost.

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/nearest.h"
#include "control/kept_answers.h"
#include "protocols/clew/answer.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/query_pace.h"
#include "protocols/clew/question.h"
#include "protocols/deeds.h"
#include "query/calculated_field.h"
#include "query/columns.h"
#include "query/estimate.h"
#include "query/first_look.h"

namespace clew::api {
namespace {

// An answer that comes within this needs no progress.
constexpr Nanoseconds kProgressEvery = milliseconds(100);

// One JSON object a line. The answer begins with the first progress told, so that what fails at once still
// gets a status.
class ProgressStream {
 public:
  explicit ProgressStream(const Call& call) : call_(call), began_(monotonic_now()), told_(began_) {}

  void tell(const query::Progress& progress) {
    const Nanoseconds at = monotonic_now();
    if (at.count - told_.count < kProgressEvery.count) return;
    told_ = at;
    JsonWriter line;
    line.begin_object().key("progress").begin_object().key("rows_scanned").integer(progress.rows_scanned);
    line.key("rows_total").integer(progress.rows_total);
    line.key("elapsed_ms")
        .number(Nanoseconds{at.count - began_.count}.to_milliseconds())
        .end_object()
        .end_object();
    write(line.take() + "\n");
  }
  void tell(const query::FirstLook& look, std::string_view answer) {
    JsonWriter line;
    line.begin_object().key("first_look").begin_object().time_members("from", look.from);
    line.key("answer").raw(answer).end_object().end_object();
    write(line.take() + "\n");
  }
  bool has_begun() const { return begun_; }
  void end_with(const std::string& line) {
    write(line + "\n");
    call_.responder.end();
  }

 private:
  void write(const std::string& line) {
    if (begun_) {
      call_.responder.write(line);
      return;
    }
    begun_ = true;
    net::Response head;
    head.headers = cross_origin_headers(call_);
    head.headers.emplace_back("content-type", "application/x-ndjson");
    head.headers.emplace_back("cache-control", "no-store");
    head.headers.emplace_back("x-accel-buffering", "no");
    head.body = line;
    call_.responder.begin(std::move(head));
  }

  const Call& call_;
  const Nanoseconds began_;
  Nanoseconds told_;
  bool begun_ = false;
};

void collect_columns(const query::Filter& filter, std::set<std::string>& names) {
  if (filter.kind == query::Filter::Kind::comparison) names.insert(filter.column.name);
  for (const query::Filter& child : filter.children) collect_columns(child, names);
}

std::set<std::string> columns_of(const query::Plan& plan) {
  std::set<std::string> names;
  collect_columns(plan.filter, names);
  for (const query::ColumnName& column : plan.group_by) names.insert(column.name);
  for (const query::Calculation& calculation : plan.calculations) {
    if (calculation.column) names.insert(calculation.column->name);
    collect_columns(calculation.filter, names);
  }
  if (plan.rows) {
    for (const query::ColumnName& column : plan.rows->columns) names.insert(column.name);
  }
  return names;
}

// A misspelt column is no error, the data may be yet to come; but the person asking should know.
std::vector<std::string> notes_on(const query::Plan& plan, const store::Snapshot& snapshot) {
  std::vector<std::string> notes;
  const auto described = query::list_columns(snapshot, TimeRange{});
  if (!described.ok() || described->empty()) return notes;
  std::vector<std::string_view> known;
  for (const query::ColumnDescription& column : *described) known.push_back(column.name);
  for (const std::string& name : columns_of(plan)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (query::find_field({name, {}}, plan.fields) != nullptr) continue;
    notes.push_back("No data has a column " + name + "; the nearest is " + std::string(nearest(name, known)));
  }
  return notes;
}

// The name of the copy that is kept; nothing when none is.
std::optional<std::string> keep(const Call& call, const Question::Remembered& question,
                                const std::string& answer) {
  control::KeptAnswers* answers = call.options().kept_answers;
  if (answers == nullptr) return std::nullopt;
  JsonWriter asked;
  asked.begin_object().key("query").string(question.query).key("from").string(question.from);
  asked.key("to").string(question.to).key("heatmap_steps").string(question.heatmap_steps).end_object();
  Result<std::optional<std::string>> name =
      answers->keep(call.environment, {.question = asked.take(),
                                       .person = person_of(call.grant, call.request),
                                       .at = now(),
                                       .answer = answer});
  if (name.ok()) return std::move(*name);
  log_warning("api", "an answer was given, but not kept: " + name.status().to_string());
  return std::nullopt;
}

void remember(const Call& call, const Question::Remembered& question, const query::ResultTable& table,
              const std::optional<std::string>& kept) {
  JsonWriter detail;
  detail.begin_object().key("from").string(question.from).key("to").string(question.to);
  if (kept) detail.key("answer").string(*kept);
  detail.key("rows")
      .integer(std::max<uint64_t>(table.row_count, table.groups_in_all))
      .key("rows_scanned")
      .integer(table.cost.rows_scanned);
  detail.key("elapsed_ms").number(table.cost.elapsed.to_milliseconds()).end_object();
  note_deed(call.options(), call.grant, call.request, control::Deed::question, question.query, detail.take());
}

// In so little time the newest part of an answer should be there, and so much of the whole it may cost.
constexpr Nanoseconds kFirstLookTakes = milliseconds(60);
constexpr uint64_t kFirstLookShare = 4;

// Sends the newest part ahead of an answer that takes long. What fails here fails again with the whole.
void look_first(const Call& call, const Question& question, const store::Snapshot& snapshot,
                query::RunOptions options, ProgressStream& stream) {
  const Result<query::Estimate> estimated = query::estimate(question.plan, snapshot);
  if (!estimated.ok() || estimated->rows == 0) return;
  const std::optional<Nanoseconds> expected = call.context.pace.expected(estimated->rows);
  if (!expected || expected->count <= question.first_look_after->count) return;
  const double share = std::min(1.0 / kFirstLookShare, static_cast<double>(kFirstLookTakes.count) /
                                                           static_cast<double>(expected->count));
  const auto rows = static_cast<uint64_t>(share * static_cast<double>(estimated->rows));
  const auto look = query::first_look(question.plan, snapshot, std::max<uint64_t>(rows, 1));
  if (!look) return;
  options.progress = nullptr;
  const Result<query::ResultTable> table = query::run(look->plan, snapshot, options);
  if (!table.ok()) return;
  JsonWriter answer;
  write_answer(answer, look->plan, *table, {}, nullptr);
  stream.tell(*look, answer.take());
}

bool wants_lines(const Call& call) {
  return call.request.header("accept").value_or(std::string_view()).find("application/x-ndjson") !=
         std::string_view::npos;
}

}  // namespace

void serve_query(const Call& call) {
  QuestionOrFault asked = read_question(call.request.body.view(), call.now);
  if (!asked.status.ok()) {
    send(call, refusal(asked.status, asked.fault));
    return;
  }
  const query::Plan& plan = asked.question.plan;
  const store::Snapshot snapshot = call.snapshot(plan.signal);
  Watch watch(call);
  if (asked.question.time_limit) watch.limit_time(*asked.question.time_limit);
  ProgressStream stream(call);
  const bool lines = wants_lines(call);
  if (lines) watch.on_progress([&](const query::Progress& progress) { stream.tell(progress); });

  if (lines && asked.question.first_look_after)
    look_first(call, asked.question, snapshot, watch.run_options(), stream);
  Result<query::ResultTable> table = query::run(plan, snapshot, watch.run_options());
  if (!table.ok()) {
    if (stream.has_begun()) {
      stream.end_with(error_json(table.status()));
    } else {
      send(call, refusal(table.status()));
    }
    return;
  }
  call.context.pace.learn(table->cost.rows_scanned, table->cost.elapsed);
  std::optional<EarlierAnswer> earlier;
  if (plan.compare_offset) {
    earlier.emplace().plan = query::earlier(plan);
    Result<query::ResultTable> before = query::run(earlier->plan, snapshot, watch.run_options());
    if (!before.ok()) {
      if (stream.has_begun()) {
        stream.end_with(error_json(before.status()));
      } else {
        send(call, refusal(before.status()));
      }
      return;
    }
    earlier->table = std::move(before).value();
  }
  JsonWriter answer;
  write_answer(answer, plan, *table, notes_on(plan, snapshot), earlier ? &*earlier : nullptr);
  std::string text = answer.take();
  if (const auto& remembered = asked.question.remembered) {
    const std::optional<std::string> kept = keep(call, *remembered, text);
    remember(call, *remembered, *table, kept);
    // What is kept cannot hold the name that it is kept by: that comes last into the object.
    if (kept) text.replace(text.size() - 1, 1, ",\"kept\":\"" + *kept + "\"}");
  }
  JsonWriter writer;
  if (lines) {
    stream.end_with(writer.begin_object().key("result").raw(text).end_object().take());
  } else {
    send(call, json(std::move(writer.raw(text))));
  }
}

net::Response answer_query_estimate(const Call& call) {
  const QuestionOrFault asked = read_question(call.request.body.view(), call.now);
  if (!asked.status.ok()) return refusal(asked.status, asked.fault);
  const query::Plan& plan = asked.question.plan;
  const store::Snapshot snapshot = call.snapshot(plan.signal);
  std::vector<query::Plan> parts{plan};
  if (plan.compare_offset) parts.push_back(query::earlier(plan));
  query::Estimate sum;
  for (const query::Plan& part : parts) {
    const Result<query::Estimate> estimated = query::estimate(part, snapshot);
    if (!estimated.ok()) return refusal(estimated.status());
    sum.rows += estimated->rows;
    sum.bytes += estimated->bytes;
    sum.granules += estimated->granules;
    sum.granules_pruned += estimated->granules_pruned;
  }
  JsonWriter writer;
  writer.begin_object().key("rows").integer(sum.rows).key("bytes").integer(sum.bytes);
  writer.key("granules").integer(sum.granules).key("granules_pruned").integer(sum.granules_pruned);
  if (const auto took = call.context.pace.expected(sum.rows))
    writer.key("elapsed_ms").number(took->to_milliseconds());
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
