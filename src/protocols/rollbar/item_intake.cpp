#include "protocols/rollbar/item_intake.h"

#include "base/counters.h"
#include "protocols/rollbar/answers.h"
#include "protocols/rollbar/item_document.h"
#include "protocols/rollbar/request_body.h"
#include "protocols/rollbar/scope.h"

namespace clew::rollbar {
namespace {

constexpr size_t kMostItemBytes = 8 << 20;
constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 1'024;

net::Response accepted(const std::string& uuid) {
  JsonValue json;
  json["id"] = JsonValue();
  json["uuid"] = uuid;
  return result(std::move(json));
}

}  // namespace

struct ItemIntake::Item {
  EnvironmentId environment;
  std::string uuid;
  Batch batch;
  Sender sender;
  uint64_t bytes = 0;  // on the wire
};

ItemIntake::ItemIntake(ItemIntakeOptions options)
    : options_(std::move(options)), workers_(kWorkers, kWaiting) {}

void ItemIntake::take(net::Request request, Context context, net::Responder responder) {
  if (request.body.size() > kMostItemBytes) return send(responder, failure(413, "request entity too large"));
  const auto shared = std::make_shared<net::Request>(std::move(request));
  if (!workers_.submit([this, shared, context, responder] { read(*shared, context, responder); }))
    send(responder, failure(503, "too many items wait already"));
}

void ItemIntake::read(const net::Request& request, Context context, const net::Responder& responder) {
  const Sender sender = sender_of(request, "Rollbar");
  std::optional<EnvironmentId> environment;
  const auto refuse = [&](int status, std::string_view why,
                          std::string_view remedy =
                              "Check the notifier, and what stands between it and clew") {
    options_.arrivals.refused(environment, sender, status, why, remedy);
    send(responder, failure(status, why));
  };
  Result<Body> body = read_body(request);
  if (!body.ok()) return refuse(400, body.status().message());
  if (!body->json.object()) return refuse(400, "expected a JSON object");
  const Result<control::Grant> grant = admit(options_.access, request, *body);
  if (!grant.ok())
    return refuse(403, grant.status().message(),
                  "Use a key of `clew keys list` as the access token; `clew keys create` makes one");
  environment = grant->environment;
  if (const Status allowed = check_scope(*grant, Scope::post_client_item); !allowed.ok())
    return refuse(403, allowed.message(), "Use a key that may send: `clew keys create --kind ingest`");
  std::optional<JsonValue> data = body->json.take("data");
  if (!data) return refuse(422, "data is missing");
  Result<ItemDocument> document =
      read_item(std::move(*data), options_.scrubber, {.now = now(), .peer = request.peer});
  if (!document.ok()) return refuse(422, document.status().message());
  if (!is_client_platform(document->platform))
    if (const Status allowed = check_scope(*grant, Scope::post_server_item); !allowed.ok())
      return refuse(403, allowed.message(), "Use a key that may send: `clew keys create --kind ingest`");
  store({.environment = *environment,
         .uuid = std::move(document->uuid),
         .batch = {.signal = Signal::logs,
                   .environment = *environment,
                   .otlp = SharedBytes(std::move(document->otlp)),
                   .items = 1,
                   .sender = std::move(context)},
         .sender = sender,
         .bytes = request.body_bytes_on_wire},
        responder);
}

void ItemIntake::store(Item item, const net::Responder& responder) {
  const Place place{item.environment, item.uuid};
  if (!under_way_->begin(place, responder)) {
    count(Counter::rollbar_duplicates);
    return;
  }
  const Result<bool> is_known =
      options_.knows_uuid ? options_.knows_uuid(item.environment, item.uuid) : Result<bool>(false);
  if (!is_known.ok()) return under_way_->end(place, refused(is_known.status()));
  if (*is_known) {
    count(Counter::rollbar_duplicates);
    return under_way_->end(place, accepted(item.uuid));
  }
  options_.consumer.consume(std::move(item.batch),
                            [under_way = under_way_, arrivals = &options_.arrivals, place,
                             sender = item.sender, bytes = item.bytes](const pipeline::Outcome& outcome) {
                              if (!outcome.status.ok()) return under_way->end(place, refused(outcome.status));
                              count(Counter::rollbar_items);
                              arrivals->accepted(place.first, sender, 1, bytes);
                              under_way->end(place, accepted(place.second));
                            });
}

bool ItemIntake::UnderWay::begin(const Place& place, const net::Responder& responder) {
  const std::lock_guard lock(mutex_);
  const auto [waiting, is_first] = waiting_.try_emplace(place);
  waiting->second.push_back(responder);
  return is_first;
}

void ItemIntake::UnderWay::end(const Place& place, const net::Response& response) {
  std::vector<net::Responder> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (auto ended = waiting_.extract(place); !ended.empty()) waiting = std::move(ended.mapped());
  }
  for (const net::Responder& one : waiting) send(one, response);
}

}  // namespace clew::rollbar
