// An answer that was given, as it was.

#include "base/json_value.h"
#include "control/kept_answers.h"
#include "protocols/clew/endpoints.h"

namespace clew::api {

net::Response answer_kept_answer(const Call& call) {
  const std::string name = call.request.parameter("answer_id").value_or(std::string());
  const Status none(ErrorKind::not_found, "There is no answer " + name.substr(0, 100) +
                                              " any more: they are kept for 90 days at most");
  control::KeptAnswers* answers = call.options().kept_answers;
  if (answers == nullptr) return refusal(none);
  const auto found = answers->find(call.environment, name);
  if (!found.ok()) return refusal(found.status());
  if (!*found) return refusal(none);
  const control::KeptAnswer& kept = **found;
  const Result<JsonValue> question = parse_json(kept.question);
  if (!question.ok()) return refusal(question.status());
  JsonWriter writer;
  writer.begin_object().key("id").string(name);
  for (const char* member : {"query", "from", "to", "heatmap_steps"}) {
    const JsonValue* value = question->find(member);
    if (value != nullptr && value->string() != nullptr) writer.key(member).string(*value->string());
  }
  writer.key("person").string(kept.person).time_members("at", kept.at).key("answer").raw(kept.answer);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
