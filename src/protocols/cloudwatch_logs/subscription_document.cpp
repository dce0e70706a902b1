#include "protocols/cloudwatch_logs/subscription_document.h"

#include "base/json_writer.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/event_rows.h"

namespace clew::cloudwatch_logs {

SubscriptionDocument data_message(std::string_view filter_name, const FilterPattern& pattern,
                                  const StoredEvents& stored) {
  SubscriptionDocument document;
  JsonWriter json;
  json.begin_object().key("messageType").string("DATA_MESSAGE").key("owner").string(kAccount);
  json.key("logGroup").string(stored.group).key("logStream").string(stored.stream);
  json.key("subscriptionFilters").begin_array().string(filter_name).end_array();
  json.key("logEvents").begin_array();
  for (size_t i = 0; i < stored.events.size(); ++i) {
    const PutEvent& event = stored.events[i];
    if (!pattern.matches(event.message)) continue;
    ++document.events;
    const EventPlace place{event.milliseconds, stored.first_number + static_cast<int64_t>(i)};
    json.begin_object().key("id").string(place.text()).key("timestamp").integer(event.milliseconds);
    json.key("message").string(event.message);
    if (const auto fields = pattern.extracted(event.message); !fields.empty()) {
      json.key("extractedFields").begin_object();
      for (const auto& [name, value] : fields)
        json.key(name.starts_with('$') ? std::string_view(name).substr(1) : name).string(value);
      json.end_object();
    }
    json.end_object();
  }
  document.json = json.end_array().end_object().take();
  return document;
}

std::string control_message(UnixNanos now) {
  JsonWriter json;
  json.begin_object().key("messageType").string("CONTROL_MESSAGE").key("owner").string("CloudwatchLogs");
  json.key("logGroup").string("").key("logStream").string("");
  json.key("subscriptionFilters").begin_array().end_array();
  json.key("logEvents").begin_array().begin_object().key("id").string("");
  json.key("timestamp").integer(now.count / 1'000'000);
  json.key("message").string("CWL CONTROL MESSAGE: Checking health of destination.");
  return json.end_object().end_array().end_object().take();
}

}  // namespace clew::cloudwatch_logs
