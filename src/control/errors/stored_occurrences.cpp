#include "control/errors/stored_occurrences.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "control/errors/attribute_names.h"
#include "control/errors/frames_json.h"
#include "telemetry/semantic_names.h"

namespace clew::control::errors {
namespace {

namespace own = attributes;
constexpr size_t kMostValues = 10;

constexpr std::string_view kColumns[] = {names::kTime,
                                         names::kTraceId,
                                         names::kParentId,
                                         names::kBody,
                                         names::kSeverity,
                                         own::kGroup,
                                         own::kId,
                                         own::kType,
                                         own::kMessage,
                                         own::kStack,
                                         own::kFrames,
                                         own::kFingerprint,
                                         own::kTitle,
                                         own::kUuid,
                                         own::kContext,
                                         own::kPlatform,
                                         own::kFramework,
                                         "service.name",
                                         "service.version",
                                         "deployment.environment.name",
                                         "host.name",
                                         "user.id",
                                         "user.name",
                                         "user.email",
                                         "telemetry.sdk.language",
                                         "rollbar.payload",
                                         names::kParentName,
                                         own::kMappedFrames};

void take(StoredOccurrence& stored, std::string_view name, const query::Value& value,
          std::string_view& language) {
  if (query::is_null(value)) return;
  Occurrence& occurrence = stored.occurrence;
  std::string text = query::to_text(value);
  if (name == names::kTime) {
    if (const auto* at = std::get_if<UnixNanos>(&value)) stored.at = *at;
  } else if (name == own::kId) {
    std::from_chars(text.data(), text.data() + text.size(), stored.id);
  } else if (name == own::kGroup) {
    stored.group = std::move(text);
  } else if (name == own::kType) {
    occurrence.type = std::move(text);
  } else if (name == own::kMessage) {
    occurrence.message = std::move(text);
  } else if (name == own::kStack) {
    stored.stack = std::move(text);
  } else if (name == own::kMappedFrames || (name == own::kFrames && stored.frames.empty())) {
    stored.frames = std::move(text);
  } else if (name == "rollbar.payload") {
    stored.payload = std::move(text);
  } else if (name == names::kBody) {
    stored.body = std::move(text);
  } else if (name == names::kTraceId) {
    occurrence.trace_id = std::move(text);
  } else if (name == names::kParentId) {
    occurrence.span_id = std::move(text);
  } else if (name == names::kSeverity) {
    occurrence.level = text == "fatal" ? Level::critical : level_named(text == "warn" ? "warning" : text);
  } else if (name == own::kFingerprint) {
    occurrence.custom_fingerprint = std::move(text);
  } else if (name == own::kTitle) {
    occurrence.custom_title = std::move(text);
  } else if (name == own::kUuid) {
    occurrence.uuid = std::move(text);
  } else if (name == own::kContext || (name == names::kParentName && occurrence.context.empty())) {
    occurrence.context = std::move(text);
  } else if (name == own::kPlatform) {
    occurrence.platform = std::move(text);
  } else if (name == own::kFramework) {
    occurrence.framework = std::move(text);
  } else if (name == "service.name") {
    occurrence.service = std::move(text);
  } else if (name == "service.version") {
    occurrence.version = std::move(text);
  } else if (name == "deployment.environment.name") {
    occurrence.deployment = std::move(text);
  } else if (name == "host.name") {
    occurrence.host = std::move(text);
  } else if (name == "user.id") {
    occurrence.person.id = std::move(text);
  } else if (name == "user.name") {
    occurrence.person.name = std::move(text);
  } else if (name == "user.email") {
    occurrence.person.email = std::move(text);
  } else if (name == "telemetry.sdk.language") {
    for (const Language one :
         {Language::python, Language::javascript, Language::java, Language::go, Language::ruby,
          Language::dotnet, Language::php, Language::cpp, Language::rust})
      if (language_named(text) == one) language = name_of(one);
  }
}

// What the stack says, as when it arrived.
void complete(StoredOccurrence& stored, std::string_view language) {
  Occurrence& occurrence = stored.occurrence;
  occurrence.id = stored.id;
  occurrence.at = stored.at;
  StackText stack = parse_stack(stored.stack.empty() ? stored.body : stored.stack);
  occurrence.language = stack.language != Language::unknown ? stack.language : language_named(language);
  occurrence.frames = std::move(stack.frames);
  occurrence.causes = std::move(stack.causes);
  if (occurrence.type.empty()) occurrence.type = stack.type;
  if (occurrence.message.empty()) occurrence.message = stack.message;
  if (stored.frames.empty()) return;
  if (const Result<JsonValue> json = parse_json(stored.frames, 32); json.ok())
    occurrence.frames = frames_from_json(*json, occurrence.language);
}

Status add(std::vector<StoredOccurrence>& all, Signal signal, query::Plan plan, store::Storage& storage,
           const query::RunOptions& options, bool all_columns) {
  plan.signal = signal;
  query::RowsWanted wanted;
  if (!all_columns)
    for (const std::string_view column : kColumns)
      wanted.columns.push_back({std::string(column), std::nullopt});
  plan.rows = std::move(wanted);
  const store::Snapshot snapshot = storage.snapshot(plan.environment, signal);
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, snapshot, options));
  for (size_t row = 0; row < table.row_count; ++row) {
    StoredOccurrence stored;
    stored.signal = signal;
    std::string_view language;
    for (const query::ResultColumn& column : table.columns) {
      take(stored, column.name, column.values[row], language);
      if (all_columns && !query::is_null(column.values[row]) && column.name != names::kOrigin)
        stored.columns.emplace_back(column.name, query::to_text(column.values[row]));
    }
    complete(stored, language);
    all.push_back(std::move(stored));
  }
  return {};
}

}  // namespace

Result<std::vector<StoredOccurrence>> find_occurrences(store::Storage& storage, EnvironmentId environment,
                                                       const OccurrenceQuery& query,
                                                       const query::RunOptions& options) {
  query::Plan plan;
  plan.environment = environment;
  plan.range = query.range;
  plan.limit = query.limit;
  const std::string column(own::kGroup);
  if (query.groups.empty()) {
    plan.filter = query::comparison({column, std::nullopt}, query::Operator::exists, {});
  } else {
    std::vector<query::Value> values(query.groups.begin(), query.groups.end());
    plan.filter = query::comparison({column, std::nullopt}, query::Operator::in, std::move(values));
  }
  // Ids are texts that sort like numbers.
  if (query.later_than != 0)
    plan.filter = query::all_of(
        {std::move(plan.filter), query::comparison(std::string(own::kId), query::Operator::greater,
                                                   std::to_string(query.later_than))});
  std::vector<StoredOccurrence> all;
  for (const Signal signal : {Signal::logs, Signal::traces})
    CLEW_TRY(add(all, signal, plan, storage, options, false));
  std::stable_sort(all.begin(), all.end(), [](const StoredOccurrence& a, const StoredOccurrence& b) {
    return a.at != b.at ? a.at > b.at : a.id > b.id;
  });
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

Result<std::optional<StoredOccurrence>> find_occurrence(store::Storage& storage, EnvironmentId environment,
                                                        int64_t id, const query::RunOptions& options) {
  query::Plan plan;
  plan.environment = environment;
  plan.limit = 1;
  plan.filter = query::comparison(std::string(own::kId), query::Operator::equal, std::to_string(id));
  for (const Signal signal : {Signal::logs, Signal::traces}) {
    std::vector<StoredOccurrence> found;
    CLEW_TRY(add(found, signal, plan, storage, options, true));
    if (!found.empty()) return std::optional(std::move(found.front()));
  }
  return std::optional<StoredOccurrence>();
}

std::vector<Distribution> distributions_of(const std::vector<StoredOccurrence>& occurrences) {
  struct Column {
    std::string_view name;
    std::string Occurrence::*member;
  };
  static constexpr Column kCounted[] = {
      {"service.version", &Occurrence::version},   {"deployment.environment.name", &Occurrence::deployment},
      {"service.name", &Occurrence::service},      {"host.name", &Occurrence::host},
      {"error.context", &Occurrence::context},     {"error.platform", &Occurrence::platform},
      {"error.framework", &Occurrence::framework}, {"exception.message", &Occurrence::message},
  };
  std::vector<Distribution> all;
  for (const Column& column : kCounted) {
    std::map<std::string, int64_t> counts;
    for (const StoredOccurrence& one : occurrences)
      if (const std::string& value = one.occurrence.*column.member; !value.empty()) ++counts[value];
    if (counts.empty()) continue;
    Distribution distribution;
    distribution.column = column.name;
    distribution.values.assign(counts.begin(), counts.end());
    std::stable_sort(distribution.values.begin(), distribution.values.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (size_t i = kMostValues; i < distribution.values.size(); ++i)
      distribution.others += distribution.values[i].second;
    if (distribution.values.size() > kMostValues) distribution.values.resize(kMostValues);
    all.push_back(std::move(distribution));
  }
  return all;
}

}  // namespace clew::control::errors
