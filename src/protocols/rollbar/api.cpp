#include "protocols/rollbar/api.h"

#include "protocols/query_workers.h"
#include "protocols/rollbar/item_intake.h"
#include "protocols/rollbar/operations.h"

namespace clew::rollbar {
namespace {

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 64;

net::Response answer_of(const Operation& operation, const Context& context, net::Request request) {
  Result<Body> body = read_body(request);
  if (!body.ok()) return failure(400, body.status().message());
  Result<control::Grant> grant = admit(*context.options.access, request, *body);
  if (!grant.ok()) return refused(grant.status());
  if (const Status allowed = check_scope(*grant, operation.scope); !allowed.ok()) return refused(allowed);
  return operation.answer({.context = context,
                           .request = std::move(request),
                           .body = std::move(*body),
                           .grant = std::move(*grant),
                           .now = now()});
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        scrubber(options.scrubbed_names),
        intake({.consumer = *options.consumer,
                .access = *options.access,
                .arrivals = *options.arrivals,
                .scrubber = scrubber,
                .knows_uuid =
                    [this](EnvironmentId environment, const std::string& uuid) {
                      return options.items->knows_uuid(environment, uuid);
                    }}),
        downloads(options.source_map_hosts),
        workers(kWorkers, kWaiting),
        context{options, scrubber, bundles, downloads, workers.stopping()} {}

  using Answer = std::function<net::Response(net::Request)>;
  void answer(net::Request request, const net::Responder& responder, const Answer& answer) {
    const auto shared = std::make_shared<net::Request>(std::move(request));
    const bool taken =
        workers.submit([shared, responder, answer] { send(responder, answer(std::move(*shared))); });
    if (!taken) send(responder, failure(503, "too many questions wait already"));
  }

  const ApiOptions options;
  const Scrubber scrubber;
  ItemIntake intake;
  BundleTickets bundles;
  ScriptDownload downloads;
  QueryWorkers workers;
  const Context context;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->intake.stop();
  inside_->downloads.cancel();
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  Inside* inside = inside_.get();
  router.add("POST", "/api/1/item", [inside](net::Request request, net::Responder responder) {
    inside->intake.take(std::move(request), nullptr, std::move(responder));
  });
  for (const Operation& operation : all_operations()) {
    router.add(operation.method, operation.path,
               [inside, &operation](net::Request request, const net::Responder& responder) {
                 inside->answer(std::move(request), responder, [inside, &operation](net::Request asked) {
                   return answer_of(operation, inside->context, std::move(asked));
                 });
               });
  }
  router.add("PUT", "/api/1/signed_url/sourcemap_bundle/{ticket}",
             [inside](net::Request request, const net::Responder& responder) {
               inside->answer(std::move(request), responder, [inside](const net::Request& asked) {
                 return put_source_map_bundle(inside->context, asked, now());
               });
             });
  add_common_routes(router);
}

}  // namespace clew::rollbar
