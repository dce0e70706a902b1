// What people asked and changed, the latest first.

#include "base/json_value.h"
#include "control/journal.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/deeds.h"

namespace clew::api {
namespace {

constexpr size_t kUsually = 100;
constexpr size_t kMost = 1'000;

void write_entry(JsonWriter& json, const control::JournalEntry& entry) {
  const bool is_question = entry.deed == control::Deed::question;
  json.begin_object().key("id").integer(entry.id).key("kind").string(is_question ? "question" : "change");
  json.key(is_question ? "query" : "what").string(entry.what);
  json.key("person").string(entry.person);
  if (!entry.key_id.empty())
    json.key("key")
        .begin_object()
        .key("id")
        .string(entry.key_id)
        .key("name")
        .string(entry.key_name)
        .end_object();
  json.time_members("at", entry.at).key("times").integer(entry.times);
  // Written by this clew, or one before it: whatever else it has is left out.
  const Result<JsonValue> detail = parse_json(entry.detail);
  for (const char* member : {"from", "to", "answer"}) {
    const JsonValue* value = detail.ok() ? detail->find(member) : nullptr;
    if (value != nullptr && value->string() != nullptr && !value->string()->empty())
      json.key(member).string(*value->string());
  }
  for (const char* member : {"rows", "rows_scanned", "elapsed_ms"}) {
    const JsonValue* value = detail.ok() ? detail->find(member) : nullptr;
    if (value != nullptr && value->number()) json.key(member).number(*value->number());
  }
  json.end_object();
}

}  // namespace

net::Response answer_journal(const Call& call) {
  Parameters parameters(call);
  control::JournalFilter filter;
  filter.most = parameters.limit(kUsually, kMost);
  filter.words = parameters.text("q").value_or("");
  filter.person = parameters.text("person");
  if (parameters.flag("mine")) filter.person = person_of(call.grant, call.request);
  const std::string kind = parameters.text("kind").value_or("");
  if (kind == "question") {
    filter.deed = control::Deed::question;
  } else if (kind == "change") {
    filter.deed = control::Deed::change;
  } else if (!kind.empty()) {
    parameters.refuse("kind", Status(ErrorKind::bad_input, "kind must be question or change"));
  }
  if (const auto before = parameters.text("before")) {
    const auto at = parse_time(*before, call.now);
    if (!at.ok()) parameters.refuse("before", at.status());
    if (at.ok()) filter.before = *at;
  }
  if (!parameters.ok()) return parameters.refusal();
  JsonWriter writer;
  writer.begin_object().key("entries").begin_array();
  if (control::Journal* journal = call.options().journal) {
    const auto found = journal->find(call.environment, filter);
    if (!found.ok()) return refusal(found.status());
    for (const control::JournalEntry& entry : *found) write_entry(writer, entry);
  }
  writer.end_array().key("you").string(person_of(call.grant, call.request));
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
