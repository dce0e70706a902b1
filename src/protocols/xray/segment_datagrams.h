// The datagrams of X-Ray SDKs: a header and one segment document each.
#pragma once

#include <memory>

#include "protocols/datagram_intake.h"

namespace clew::xray {

std::unique_ptr<DatagramFormat> segment_datagrams();

}  // namespace clew::xray
