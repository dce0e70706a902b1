// What X-Ray SDKs send over UDP: a header, a line feed, and one segment document.
#pragma once

#include <string_view>

#include "base/result.h"

namespace clew::xray {

// The document, which is not looked at. Otherwise the failure's message is what the daemon logs: "Missing
// header or segment" or "Invalid header".
Result<std::string_view> document_in_datagram(std::string_view datagram);

}  // namespace clew::xray
