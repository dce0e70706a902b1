// What became of the messages to people, and a message to try a recipient with.

#include "control/notify/outbox.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"

namespace clew::api {
namespace {

using control::notify::Delivery;
using control::notify::Progress;

std::string_view name_of(Progress progress) {
  switch (progress) {
    case Progress::waiting:
      return "waiting";
    case Progress::delivered:
      return "delivered";
    case Progress::given_up:
      return "given_up";
  }
  return "";
}

}  // namespace

net::Response answer_notifications(const Call& call) {
  Parameters parameters(call);
  const size_t most = parameters.limit(100, 1000);
  if (!parameters.ok()) return parameters.refusal();
  const Result<std::vector<Delivery>> deliveries = call.options().outbox->list(call.environment, most);
  if (!deliveries.ok()) return refusal(deliveries.status());
  JsonWriter writer;
  writer.begin_object().key("notifications").begin_array();
  for (const Delivery& one : *deliveries) {
    writer.begin_object().key("id").integer(one.id).key("progress").string(name_of(one.progress));
    writer.key("recipient").string(one.recipient).key("title").string(one.title);
    writer.key("attempts").integer(one.attempts).key("failure").string(one.failure);
    writer.time_members("created", one.created);
    if (one.progress == Progress::waiting) {
      writer.time_members("due", one.due);
    } else {
      writer.time_members("finished", one.finished);
    }
    writer.end_object();
  }
  return json(std::move(writer.end_array().end_object()));
}

net::Response answer_notification_test(const Call& call) {
  const Result<JsonValue> body = parse_json(call.request.body.view(), 8);
  if (!body.ok()) return refusal(body.status());
  const JsonValue* json_recipient = body->find("recipient");
  const Result<control::notify::Recipient> recipient =
      control::notify::recipient_from_json(json_recipient ? *json_recipient : JsonValue());
  if (!recipient.ok()) return refusal(recipient.status(), {.field = "recipient", .position = {}});
  control::notify::Message message;
  message.event = control::notify::Event::test;
  message.urgency = control::notify::Urgency::info;
  message.title = "clew can reach you";
  message.text = "Somebody asked clew to send this message, to see whether it arrives.";
  const Status sent = call.options().outbox->try_now(*recipient, message);
  JsonWriter writer;
  writer.begin_object().key("delivered").boolean(sent.ok()).key("failure").string(sent.message());
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
