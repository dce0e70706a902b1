#include "app/doors.h"

#include <fmt/format.h>

#include "app/port_owner.h"
#include "net/address.h"

namespace clew::app {

Status check_doors(const std::vector<ListenAddress>& doors, const DoorPolicy& policy) {
  if (policy.keys_required || policy.insecure) return Status();
  for (const ListenAddress& door : doors) {
    if (door.is_loopback()) continue;
    return Status(
        ErrorKind::bad_input,
        fmt::format(
            "will not listen on {}: other machines could reach it, and without keys anyone could read "
            "and write. Make a key with 'clew keys create --data {}', or say --insecure if you trust "
            "the network",
            door.text(), policy.data));
  }
  return Status();
}

Result<FreeDoors> free_doors(const std::vector<ListenAddress>& wanted, DoorsAre doors_are) {
  FreeDoors free;
  for (const ListenAddress& door : wanted) {
    // Opened and closed again: the server opens its doors all at once or not at all.
    const auto listeners = net::listen_on(door.text());
    if (listeners.ok()) {
      free.doors.push_back(door);
      continue;
    }
    const std::optional<std::string> owner = owner_of_port(door.port);
    const bool taken = listeners.status().kind() == ErrorKind::conflict;
    std::string about = taken
                            ? fmt::format("{} is taken by {}", door.text(), owner.value_or("another program"))
                            : std::string(listeners.status().message());
    if (doors_are == DoorsAre::named_by_operator || !taken) {
      if (taken) about += ": stop it, or choose another --listen address";
      return Status(listeners.status().kind(), std::move(about));
    }
    free.notes.push_back(about + "; going on without that door");
  }
  if (free.doors.empty()) {
    const std::optional<std::string> owner = owner_of_port(wanted.front().port);
    return Status(
        ErrorKind::conflict,
        fmt::format("all the usual doors are taken, the first ({}) by {}: stop that, or choose --listen "
                    "addresses that are free",
                    wanted.front().text(), owner.value_or("another program")));
  }
  return free;
}

std::string purpose_of_port(uint16_t port) {
  switch (port) {
    case kPagePort:
      return "page and API";
    case kOtlpGrpcPort:
      return "OTLP over gRPC";
    case kOtlpHttpPort:
      return "OTLP over HTTP";
    default:
      return "everything";
  }
}

}  // namespace clew::app
