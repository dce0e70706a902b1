#include "protocols/cloudwatch_logs/log_stream.h"

#include "base/json_value.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "telemetry/semantic_names.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostStreams = 1'000'000;

LogStream stream_of(const control::Record& record) {
  LogStream stream{.name = record.name, .created = record.created};
  const Result<JsonValue> body = parse_json(record.body);
  const JsonValue* first = body.ok() ? body->find("first_event") : nullptr;
  if (first != nullptr && first->integer() != nullptr) stream.first_event = *first->integer();
  return stream;
}

}  // namespace

bool is_stream_name(std::string_view name) {
  return !name.empty() && name.size() <= 512 && name.find_first_of(":*") == std::string_view::npos;
}

Result<std::vector<LogStream>> LogStreams::list() {
  CLEW_ASSIGN(const std::vector<control::Record> records, records_.list(environment_, kind_));
  std::vector<LogStream> streams;
  for (const control::Record& record : records) streams.push_back(stream_of(record));
  return streams;
}

Result<LogStream> LogStreams::find(std::string_view name) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment_, kind_, name));
  if (!record) return Status(ErrorKind::not_found, "The specified log stream does not exist.");
  return stream_of(*record);
}

Status LogStreams::create(const LogStream& stream) {
  JsonWriter json;
  json.begin_object().key("first_event").integer(stream.first_event).end_object();
  Status made = records_.create(environment_, kind_, stream.name, json.take(), kMostStreams);
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return Status(ErrorKind::conflict, "The specified log stream already exists");
  return made;
}

Status LogStreams::remove(std::string_view name) {
  CLEW_ASSIGN(const bool was_there, records_.remove(environment_, kind_, name));
  return was_there ? Status() : Status(ErrorKind::not_found, "The specified log stream does not exist.");
}

Status LogStreams::remove_all() {
  CLEW_ASSIGN(const std::vector<LogStream> streams, list());
  for (const LogStream& stream : streams) CLEW_TRY(remove(stream.name));
  return {};
}

Result<std::map<std::string, StreamSpan>> spans_of_streams(const Call& call, const LogGroup& group) {
  query::Plan plan;
  plan.signal = Signal::logs;
  plan.range.from = group.oldest(call.now);
  plan.filter = events_of(group);
  plan.group_by = {column::stream()};
  plan.weighting = query::Weighting::stored_rows;
  plan.limit = query::kMostRows;
  const auto calculation = [&](query::CalculationKind kind, std::string_view column) {
    plan.calculations.push_back({.kind = kind,
                                 .quantile = 0,
                                 .column = query::ColumnName{std::string(column), store::Scope::intrinsic},
                                 .alias = {},
                                 .filter = {}});
  };
  calculation(query::CalculationKind::minimum, names::kTime);
  calculation(query::CalculationKind::maximum, names::kTime);
  calculation(query::CalculationKind::maximum, names::kObservedTime);
  CLEW_ASSIGN(const query::ResultTable table,
              query::run(plan, call.snapshot(Signal::logs), call.run_options()));
  std::map<std::string, StreamSpan> spans;
  for (size_t row = 0; row < table.row_count; ++row) {
    const auto time = [&](size_t column) {
      const auto* at = std::get_if<UnixNanos>(&table.columns[column].values[row]);
      return at == nullptr ? UnixNanos{} : *at;
    };
    spans[query::to_text(table.columns[0].values[row])] = {time(1), time(2), time(3)};
  }
  return spans;
}

}  // namespace clew::cloudwatch_logs
