#include "protocols/clew/error_json.h"

#include "control/errors/frames_json.h"
#include "protocols/clew/values.h"

namespace clew::api {

using control::errors::Item;
using control::errors::Occurrence;
using control::errors::StoredOccurrence;

void write_item(JsonWriter& json, const Item& item, UnixNanos at) {
  json.key("id").integer(item.id).key("title").string(item.title).key("type").string(item.type);
  json.key("culprit").string(item.culprit).key("level").string(name_of(item.level));
  json.key("state").string(name_of(item.state));
  json.key("snoozed").boolean(item.snoozed_until > at);
  if (item.snoozed_until > at) json.time_members("snoozed_until", item.snoozed_until);
  json.key("service").string(item.service).key("environment").string(item.deployment);
  json.key("language").string(item.language).key("platform").string(item.platform);
  json.key("framework").string(item.framework).key("assignee").string(item.assignee);
  json.key("occurrences").integer(item.occurrences).key("since_activation").integer(item.since_activation);
  json.key("people").integer(item.people).key("reactivations").integer(item.reactivations);
  json.time_members("first_seen", item.first_seen).time_members("last_seen", item.last_seen);
  json.time_members("activated", item.activated_at);
  if (item.state == control::errors::State::resolved) json.time_members("resolved", item.resolved_at);
  json.key("resolved_in_version").string(item.resolved_in_version);
  json.key("first_version").string(item.first_version).key("last_version").string(item.last_version);
  json.key("trace_id");
  write_text_or_null(json, item.last_trace);
  json.key("merged_into");
  if (item.merged_into != 0) {
    json.integer(item.merged_into);
  } else {
    json.null();
  }
}

void write_occurrence(JsonWriter& json, const StoredOccurrence& stored, bool everything) {
  const Occurrence& occurrence = stored.occurrence;
  json.begin_object().key("id").integer(stored.id).time_members("time", stored.at);
  json.key("type").string(occurrence.type).key("message").string(occurrence.message);
  json.key("level")
      .string(name_of(occurrence.level))
      .key("source")
      .string(stored.signal == Signal::traces ? "span event"
              : stored.payload.empty()        ? "log record"
                                              : "rollbar");
  json.key("group").string(stored.group).key("uuid").string(occurrence.uuid);
  json.key("service").string(occurrence.service).key("environment").string(occurrence.deployment);
  json.key("version").string(occurrence.version).key("host").string(occurrence.host);
  json.key("context").string(occurrence.context);
  json.key("person").begin_object().key("id").string(occurrence.person.id);
  json.key("name").string(occurrence.person.name).key("email").string(occurrence.person.email).end_object();
  json.key("trace_id");
  write_text_or_null(json, occurrence.trace_id);
  json.key("span_id");
  write_text_or_null(json, occurrence.span_id);
  if (everything) {
    json.key("language").string(name_of(occurrence.language));
    json.key("causes").begin_array();
    for (const std::string& cause : occurrence.causes) json.string(cause);
    json.end_array().key("frames");
    const Result<JsonValue> frames = parse_json(stored.frames.empty() ? "null" : stored.frames, 64);
    if (frames.ok() && frames->array()) {
      frames->write(json);
    } else {
      control::errors::to_json(occurrence.frames).write(json);
    }
    json.key("stack").string(stored.stack.empty() && !occurrence.frames.empty() ? stored.body : stored.stack);
    json.key("payload");
    const Result<JsonValue> payload = parse_json(stored.payload.empty() ? "null" : stored.payload, 128);
    (payload.ok() ? *payload : JsonValue()).write(json);
    json.key("attributes").begin_array();
    for (const auto& [name, value] : stored.columns) {
      if (name == "rollbar.payload" || name == "exception.frames" || name == "exception.stacktrace") continue;
      json.begin_object().key("key").string(name).key("value").string(value).end_object();
    }
    json.end_array();
  }
  json.end_object();
}

}  // namespace clew::api
