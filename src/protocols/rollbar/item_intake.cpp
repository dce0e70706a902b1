#include "protocols/rollbar/item_intake.h"

#include "base/counters.h"
#include "protocols/rollbar/answers.h"
#include "protocols/rollbar/call.h"
#include "protocols/rollbar/item_document.h"

namespace clew::rollbar {
namespace {

constexpr size_t kMostItemBytes = 8 << 20;

}  // namespace

void ItemIntake::take(const net::Request& request, std::shared_ptr<const SenderContext> context,
                      const net::Responder& responder) {
  if (request.body.size() > kMostItemBytes) return send(responder, failure(413, "request entity too large"));
  const Sender sender = sender_of(request, "Rollbar");
  Result<JsonValue> body = body_of(request);
  if (!body.ok() || !body->object()) {
    options_.arrivals.refused(std::nullopt, sender, 400, "an item that is not JSON", "");
    return send(responder, failure(400, body.ok() ? "expected a JSON object" : body.status().message()));
  }
  const Result<EnvironmentId> environment = admit(options_.access, request, &*body);
  if (!environment.ok()) {
    options_.arrivals.refused(std::nullopt, sender, 403, environment.status().message(), "clew keys create");
    return send(responder, refused(environment.status()));
  }
  std::optional<JsonValue> data = body->take("data");
  if (!data) return send(responder, failure(422, "data is missing"));
  const Result<ItemDocument> document =
      read_item(std::move(*data), options_.scrubber, {.now = now(), .peer = request.peer});
  if (!document.ok()) {
    options_.arrivals.refused(*environment, sender, 422, document.status().message(), "");
    return send(responder, failure(422, document.status().message()));
  }
  JsonValue accepted;
  accepted["id"] = JsonValue();
  accepted["uuid"] = document->uuid;
  if (options_.is_known && options_.is_known(*environment, document->uuid)) {
    count(Counter::rollbar_duplicates);
    return send(responder, result(std::move(accepted)));
  }
  Batch batch{.signal = Signal::logs,
              .environment = *environment,
              .otlp = SharedBytes(document->otlp),
              .items = 1,
              .sender = std::move(context)};
  options_.consumer.consume(std::move(batch),
                            [this, responder, accepted, sender, environment = *environment,
                             bytes = request.body_bytes_on_wire](const pipeline::Outcome& outcome) {
                              if (!outcome.status.ok()) return send(responder, refused(outcome.status));
                              count(Counter::rollbar_items);
                              options_.arrivals.accepted(environment, sender, 1, bytes);
                              send(responder, result(accepted));
                            });
}

}  // namespace clew::rollbar
