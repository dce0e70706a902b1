// The program itself: its state, and what reaches it.

#include <algorithm>

#include "base/counters.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/signal_counts.h"

namespace clew::api {
namespace {

void write_signal_count(JsonWriter& json, const SignalCount& count) {
  json.begin_object().key("rows").integer(count.rows).key("segments").integer(count.segments);
  if (count.rows > 0) json.time_members("first", count.first).time_members("last", count.last);
  json.end_object();
}

void write_doors(JsonWriter& json, const ApiOptions& options) {
  json.key("doors").begin_array();
  if (options.doors) {
    for (const DoorFacts& door : options.doors()) {
      json.begin_object().key("address").string(door.address).key("port").integer(door.port);
      json.key("purpose").string(door.purpose).key("tls").boolean(door.tls).end_object();
    }
  }
  json.end_array();
}

void write_setup(JsonWriter& json, const ApiOptions& options) {
  json.key("setup").begin_array();
  if (options.setup) {
    for (const SetupHint& hint : options.setup()) {
      json.begin_object().key("title").string(hint.title).key("lines").begin_array();
      for (const std::string& line : hint.lines) json.string(line);
      json.end_array();
      if (!hint.note.empty()) json.key("note").string(hint.note);
      json.end_object();
    }
  }
  json.end_array();
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::refused:
      return "refused";
    case Severity::lost:
      return "lost";
    case Severity::warning:
      return "warning";
  }
  return "warning";
}

void write_warnings(JsonWriter& json) {
  json.key("warnings").begin_array();
  const std::span<const CounterInfo> counters = all_counters();
  for (size_t i = 0; i < counters.size(); ++i) {
    const CounterInfo& info = counters[i];
    const uint64_t times = value_of(static_cast<Counter>(i));
    if (info.severity == Severity::info || times == 0) continue;
    json.begin_object().key("name").string(info.name).key("severity").string(name_of(info.severity));
    json.key("count").integer(times).key("meaning").string(info.help).key("advice").string(info.advice);
    json.end_object();
  }
  json.end_array();
}

void write_storage(JsonWriter& json, const ApiOptions& options) {
  const StorageHealth health = options.storage_health ? options.storage_health() : StorageHealth();
  json.key("storage").begin_object().key("trouble").string(health.trouble).key("damages").begin_array();
  for (const StorageHealth::Damage& damage : health.damages) {
    json.begin_object().key("file").string(damage.file).key("rows").integer(damage.rows);
    json.key("what").string(damage.what).end_object();
  }
  json.end_array().end_object();
}

void write_sender(JsonWriter& json, const Sender& sender) {
  json.key("peer").string(sender.peer).key("door").integer(sender.door);
  json.key("protocol").string(sender.protocol).key("agent").string(sender.agent);
}

}  // namespace

net::Response answer_status(const Call& call) {
  const ApiOptions& options = call.options();
  const SignalCount traces = count_rows(call.snapshot(Signal::traces));
  const SignalCount logs = count_rows(call.snapshot(Signal::logs));
  const SignalCount metrics = count_rows(call.snapshot(Signal::metrics));

  JsonWriter writer;
  writer.begin_object().key("version").string(options.version);
  writer.time_members("started", call.context.started).time_members("now", call.now);
  writer.key("uptime_ms").number(std::max(0.0, (call.now - call.context.started).to_milliseconds()));
  writer.key("environment").begin_object().key("id").integer(call.environment.number);
  writer.key("name").string(options.environment_name ? options.environment_name(call.environment)
                                                     : "default");
  writer.key("keys_required").boolean(options.keys_required && options.keys_required()).end_object();
  writer.key("durability").string(options.durability);
  write_doors(writer, options);
  write_setup(writer, options);
  writer.key("counts").begin_object();
  write_signal_count(writer.key("traces"), traces);
  write_signal_count(writer.key("logs"), logs);
  write_signal_count(writer.key("metrics"), metrics);
  writer.end_object();
  writer.key("has_data").boolean(traces.rows + logs.rows + metrics.rows > 0);
  write_storage(writer, options);
  write_warnings(writer);
  return json(std::move(writer.end_object()));
}

net::Response answer_arrivals(const Call& call) {
  JsonWriter writer;
  writer.begin_object().key("senders").begin_array();
  for (const Arrivals::Seen& seen : call.options().arrivals->senders(call.environment)) {
    writer.begin_object();
    write_sender(writer, seen.sender);
    writer.key("requests").integer(seen.requests).key("items").integer(seen.items);
    writer.key("bytes").integer(seen.bytes).key("refused").integer(seen.refused);
    writer.time_members("first_seen", seen.first_seen).time_members("last_seen", seen.last_seen).end_object();
  }
  writer.end_array().key("refusals").begin_array();
  for (const Arrivals::Refusal& refusal : call.options().arrivals->refusals(call.environment)) {
    writer.begin_object().time_members("time", refusal.last);
    write_sender(writer, refusal.sender);
    writer.key("status").integer(refusal.status).key("reason").string(refusal.reason);
    writer.key("remedy").string(refusal.remedy).key("times").integer(refusal.times).end_object();
  }
  return json(std::move(writer.end_array().end_object()));
}

}  // namespace clew::api
