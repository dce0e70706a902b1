// jaeger, a receiver of collectors: Thrift over HTTP and UDP, and gRPC.
#pragma once

#include "pipeline/component.h"

namespace clew::jaeger {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::jaeger
