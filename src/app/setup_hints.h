// What a person sets in an application, and where a person looks, given the doors that are open.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/listen_address.h"
#include "app/vendor_doors.h"
#include "protocols/clew/api.h"

namespace clew::app {

struct OpenDoors {
  std::vector<ListenAddress> doors;  // with the ports that were really opened
  std::vector<VendorDoor> vendors;
  bool tls = false;
  bool keys_required = false;
};

// "http://127.0.0.1:2539", the door for people if it is open.
std::string page_url(const OpenDoors& open);
std::vector<api::DoorFacts> door_facts(const OpenDoors& open);
// The commonest way first.
std::vector<api::SetupHint> setup_hints(const OpenDoors& open);

}  // namespace clew::app
