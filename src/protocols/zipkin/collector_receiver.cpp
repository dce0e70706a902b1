#include "protocols/zipkin/collector_receiver.h"

#include "pipeline/config/section.h"
#include "protocols/collector_door.h"
#include "protocols/zipkin/receiver.h"

namespace clew::zipkin {
namespace {

using pipeline::Section;

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(const CollectorDoorSettings& settings, bool parse_tags, const pipeline::Site& site,
                    pipeline::Consumer& next)
      : door_(settings, site),
        receiver_({.intake = intake_through(door_, next),
                   .cross_origin = CrossOrigin(settings.allowed_origins),
                   .parse_tags = parse_tags}) {
    receiver_.register_routes(door_.router());
  }
  ~CollectorReceiver() override { stop(); }
  Status start() override { return door_.open("Zipkin"); }
  void stop() override { door_.close(); }

 private:
  CollectorDoor door_;
  zipkin::Receiver receiver_;
};

}  // namespace

// The settings of its server stand below protocols::http, or, in older files, in the section itself.
pipeline::MakeReceiver configure_collector_receiver(Section& section) {
  CollectorDoorSettings door;
  door.endpoint = "localhost:9411";
  bool parse_tags = false;
  section.read("parse_string_tags", parse_tags);
  if (section.has("protocols")) {
    Section protocols = section.section("protocols");
    if (!protocols.has("http"))
      protocols.error("expected http; 'http:' with nothing behind it takes the defaults");
    Section http = protocols.section("http");
    read_collector_http_door(http, door);
  } else {
    read_collector_http_door(section, door);
  }
  return [door, parse_tags](const pipeline::Site& site,
                            pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    CLEW_TRY(check_authenticator(door, site));
    return std::unique_ptr<pipeline::Receiver>(
        std::make_unique<CollectorReceiver>(door, parse_tags, site, next));
  };
}

}  // namespace clew::zipkin
