// StartLiveTail: events of up to ten groups as they come, in one answer that does not end.
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/live_tails.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {

Answer start_live_tail(const Call& call) {
  Input input(call.input);
  TailWanted wanted{.environment = call.environment,
                    .region = call.region,
                    .groups = {},
                    .streams = input.texts("logStreamNames", {1, 100}),
                    .stream_prefixes = input.texts("logStreamNamePrefixes", {1, 100}),
                    .pattern_text = input.text("logEventFilterPattern", {0, 1024}).value_or(""),
                    .pattern = {}};
  for (const std::string& identifier : input.required_texts("logGroupIdentifiers", {1, 10})) {
    if (!identifier.starts_with("arn:"))
      input.refuse(std::string("logGroupIdentifiers must be ARNs of log groups."));
    wanted.groups.push_back(group_name_in(identifier));
  }
  if (!input.ok()) return input.error();
  if (!wanted.streams.empty() && !wanted.stream_prefixes.empty())
    return invalid_parameter("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.");
  if ((!wanted.streams.empty() || !wanted.stream_prefixes.empty()) && wanted.groups.size() > 1)
    return invalid_parameter("Log streams can be chosen of a single log group only.");
  Result<FilterPattern> pattern = FilterPattern::parse(wanted.pattern_text);
  if (!pattern.ok()) return error_of(pattern.status());
  wanted.pattern = *std::move(pattern);
  for (const std::string& name : wanted.groups) {
    const auto found = group_of(call, name);
    if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  }
  const Status started = call.context.tails.start(std::move(wanted), call.responder);
  if (!started.ok())
    return started.kind() == ErrorKind::exhausted ? limit_exceeded(std::string(started.message()))
                                                  : error_of(started);
  return AnswersItself();
}

}  // namespace clew::cloudwatch_logs
