#include "protocols/rollbar/collector_receiver.h"

#include "pipeline/config/section.h"
#include "protocols/collector_door.h"
#include "protocols/rollbar/answers.h"
#include "protocols/rollbar/item_intake.h"

namespace clew::rollbar {
namespace {

struct ReceiverSettings {
  CollectorDoorSettings door;
  std::vector<std::string> scrub_fields;
};

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(const ReceiverSettings& settings, const pipeline::Site& site, pipeline::Consumer& next)
      : door_(settings.door, site),
        scrubber_(settings.scrub_fields),
        intake_({.consumer = next,
                 .access = door_.access(),
                 .arrivals = door_.arrivals(),
                 .scrubber = scrubber_}) {
    door_.router().add("POST", "/api/1/item", [this](net::Request request, net::Responder responder) {
      auto context = door_.sender_context(request.headers, request.peer);
      if (!context.ok()) return send(responder, refused(context.status()));
      intake_.take(std::move(request), std::move(*context), std::move(responder));
    });
    add_common_routes(door_.router());
  }

  Status start() override { return door_.open("Rollbar's items"); }
  void stop() override { door_.close(); }

 private:
  CollectorDoor door_;
  const Scrubber scrubber_;
  ItemIntake intake_;
};

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section) {
  ReceiverSettings settings;
  read_collector_http_door(section, settings.door);
  section.read("scrub_fields", settings.scrub_fields);
  return [settings](const pipeline::Site& site,
                    pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    CLEW_TRY(check_authenticator(settings.door, site));
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(settings, site, next));
  };
}

}  // namespace clew::rollbar
