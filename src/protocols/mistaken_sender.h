// Who made a mistake at a door.
#pragma once

#include "net/mistake.h"
#include "protocols/arrivals.h"

namespace clew {

Sender sender_of(const net::Mistake& mistake);

}  // namespace clew
