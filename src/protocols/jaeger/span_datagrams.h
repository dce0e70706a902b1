// The datagrams of Jaeger's clients: a call of emitBatch each, in the compact or the binary protocol of
// Thrift.
#pragma once

#include <memory>

#include "protocols/datagram_intake.h"

namespace clew::jaeger {

std::unique_ptr<DatagramFormat> span_datagrams();

}  // namespace clew::jaeger
