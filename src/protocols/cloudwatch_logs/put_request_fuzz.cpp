// Any JSON as a PutLogEvents request: it is refused by a name of AWS's, or no event of it is lost unsaid.
#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/cloudwatch_logs/put_request.h"

CLEW_FUZZ(cloudwatch_put_request) {
  using namespace clew;
  using namespace clew::cloudwatch_logs;
  const Result<JsonValue> json = parse_json(bytes);
  if (!json.ok() || json->object() == nullptr) return;
  auto read = PutRequest::read(*json);
  if (const auto* error = std::get_if<aws::Error>(&read)) {
    if (error->type.empty() || error->message.empty()) bug("a refusal without a name");
    return;
  }
  auto& put = std::get<PutRequest>(read);
  const size_t sent = put.events().size();
  const UnixNanos now{1'772'366'400'000'000'000};
  if (put.keep_what_is_of_age(7, now)) return;
  if (put.events().size() + put.left_out() != sent) bug("events that are neither kept nor left out");
  int64_t before = INT64_MIN;
  for (const PutEvent& event : put.events()) {
    if (event.milliseconds < before) bug("events out of order");
    before = event.milliseconds;
  }
  if (put.events().empty()) return;
  size_t size = 0;
  for (const PutEvent& event : put.events()) size += event.message.size();
  if (put.to_otlp("us-east-1", 1, now).size() < size) bug("a message was lost");
  if (!parse_json(put.output(1, now)).ok()) bug("an answer that is no JSON");
}
